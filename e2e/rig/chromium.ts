import { chromium, type Browser, type Page } from 'playwright-core';
import { findExecutable } from './executables.ts';
import { initScript } from './init-script.ts';
import { SEE_MAX_MS, type BrowserTab, type Driver, type TabOptions } from './tab.ts';

/** Of every Chromium here, whoever drives it. */
export const CHROMIUM_ARGUMENTS = [
  // Local addresses as they are: nothing answers multicast DNS on a machine without a network.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-dev-shm-usage',
];

export class ChromiumTab implements BrowserTab {
  readonly browser = 'chromium';
  readonly participant: number;
  readonly problems: string[] = [];
  readonly popups: string[] = [];
  readonly requests: string[] = [];
  readonly #page: Page;
  readonly #isCopy: boolean;

  constructor(page: Page, participant: number, { isCopy = false } = {}) {
    this.#page = page;
    this.#isCopy = isCopy;
    this.participant = participant;
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.popups.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', (popup) => this.popups.push(`window: ${popup.url()}`));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    // Both sides are JSON; Playwright's own types spell that out per argument.
    return this.#page.evaluate(run as (argument: unknown) => R | Promise<R>, argument);
  }

  async evaluateSource(source: string): Promise<void> {
    await this.#page.evaluate(source);
  }

  async click(role: string, name: string): Promise<void> {
    await this.#page.getByRole(asRole(role), { name, exact: true }).click({ timeout: SEE_MAX_MS });
  }

  async fill(name: string, text: string): Promise<void> {
    await this.#page.getByRole('textbox', { name, exact: true }).fill(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async see(role: string, name: string): Promise<void> {
    await this.#page
      .getByRole(asRole(role), { name, exact: true })
      .waitFor({ timeout: SEE_MAX_MS });
  }

  async screenshot(path: string): Promise<void> {
    await this.#page.screenshot({ path });
  }

  /**
   * Opens the same address in another tab of the profile, which gets a copy of the session's storage.
   * From the next `open` on, its devices are those of another participant.
   */
  async duplicate(participant: number): Promise<ChromiumTab> {
    const opening = this.#page.context().waitForEvent('page');
    await this.#page.evaluate(() => window.open(location.href));
    const opened = await opening;
    await opened.addInitScript(await initScript('chromium', { participant }));
    return new ChromiumTab(opened, participant, { isCopy: true });
  }

  async close(): Promise<void> {
    await this.#page.close({ runBeforeUnload: false });
    // The profile is that of the tab it was copied from.
    if (!this.#isCopy) await this.#page.context().close();
  }
}

type Role = Parameters<Page['getByRole']>[0];

function asRole(role: string): Role {
  return role as Role;
}

interface ChromiumOptions {
  /** In place of the one found on this machine. */
  readonly executablePath?: string;
  readonly args?: readonly string[];
}

export class ChromiumDriver implements Driver {
  readonly browser = 'chromium';
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(options: ChromiumOptions = {}): Promise<ChromiumDriver> {
    const { executablePath = findExecutable('chromium'), args = [] } = options;
    // Chromium's sandbox does not start for root, as whom containers run.
    const isRoot = process.getuid?.() === 0;
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      args: [...CHROMIUM_ARGUMENTS, ...args],
      chromiumSandbox: !isRoot,
    });
    return new ChromiumDriver(browser);
  }

  async newTab(options: TabOptions): Promise<ChromiumTab> {
    const context = await this.#browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      colorScheme: options.colorScheme ?? 'light',
      bypassCSP: options.bypassesCsp ?? false,
    });
    await context.addInitScript(await initScript('chromium', options));
    return new ChromiumTab(await context.newPage(), options.participant);
  }

  /** The browser's processes on this machine as they are now: its own first, then those of its pages. */
  async processes(): Promise<{ readonly browser: number; readonly renderers: readonly number[] }> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const ids = (type: string): readonly number[] =>
      processInfo.filter((one) => one.type === type).map(({ id }) => id);
    const [browser] = ids('browser');
    if (browser === undefined) throw new Error('the browser does not name its own process');
    return { browser, renderers: ids('renderer') };
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
