import { launch, type Browser, type Locator, type Page } from 'puppeteer-core';
import { toneHz } from '../page/fake-devices.ts';
import { findExecutable } from './executables.ts';
import { initScript } from './init-script.ts';
import { SEE_MAX_MS, type BrowserTab, type Driver, type TabOptions } from './tab.ts';

/** What `about:config` would show. */
export type FirefoxPreferences = Readonly<Record<string, string | number | boolean>>;

const PREFERENCES: FirefoxPreferences = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  // Local addresses as they are: nothing answers multicast DNS on a machine without a network.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // Would fetch an H264 codec from elsewhere.
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
};

class FirefoxTab implements BrowserTab {
  readonly browser = 'firefox';
  readonly participant: number;
  readonly problems: string[] = [];
  readonly #page: Page;
  readonly #closed: () => void;

  constructor(page: Page, participant: number, closed: () => void) {
    this.#page = page;
    this.participant = participant;
    this.#closed = closed;
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    return this.#page.evaluate(
      run as (argument: unknown) => R | Promise<R>,
      argument,
    ) as Promise<R>;
  }

  async evaluateSource(source: string): Promise<void> {
    await this.#page.evaluate(source);
  }

  async click(role: string, name: string): Promise<void> {
    await this.#element(role, name).click();
  }

  async fill(name: string, text: string): Promise<void> {
    await this.#element('textbox', name).fill(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key as Parameters<Page['keyboard']['press']>[0]);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async see(role: string, name: string): Promise<void> {
    await this.#element(role, name).wait();
  }

  async screenshot(path: string): Promise<void> {
    await this.#page.screenshot({ path: asPng(path) });
  }

  async close(): Promise<void> {
    await this.#page.close();
    this.#closed();
  }

  #element(role: string, name: string): Locator<Element> {
    return this.#page
      .locator(`::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`)
      .setTimeout(SEE_MAX_MS);
  }
}

function asPng(path: string): `${string}.png` {
  return path.endsWith('.png') ? (path as `${string}.png`) : `${path}.png`;
}

/** A Firefox, and how to end it. */
export interface RunningFirefox {
  readonly browser: Browser;
  close(): Promise<void>;
}

interface FirefoxOptions {
  /** On this machine where left out. */
  readonly launch?: (preferences: FirefoxPreferences) => Promise<RunningFirefox>;
  /** Added to those that all tests have. */
  readonly preferences?: FirefoxPreferences;
}

/** Starts one Firefox per tab, since a tab behind another one is throttled. */
export class FirefoxDriver implements Driver {
  readonly browser = 'firefox';
  readonly #options: FirefoxOptions;
  /** By participant, whose tone is a preference of the whole browser. */
  readonly #idle = new Map<number, RunningFirefox>();
  readonly #all = new Set<RunningFirefox>();

  constructor(options: FirefoxOptions = {}) {
    this.#options = options;
  }

  async newTab(options: TabOptions): Promise<BrowserTab> {
    const running =
      this.#idle.get(options.participant) ?? (await this.#launch(options.participant));
    this.#idle.delete(options.participant);
    const page = await running.browser.newPage();
    await page.setViewport(options.viewport ?? { width: 1280, height: 800 });
    await page.evaluateOnNewDocument(await initScript('firefox', options));
    return new FirefoxTab(page, options.participant, () => {
      this.#idle.set(options.participant, running);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((running) => running.close()));
    this.#all.clear();
    this.#idle.clear();
  }

  async #launch(participant: number): Promise<RunningFirefox> {
    const { launch: start = launchHere, preferences } = this.#options;
    const running = await start({
      ...PREFERENCES,
      'media.navigator.audio.fake_frequency': toneHz(participant, 0),
      ...preferences,
    });
    this.#all.add(running);
    return running;
  }
}

async function launchHere(preferences: FirefoxPreferences): Promise<RunningFirefox> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: findExecutable('firefox'),
    headless: true,
    extraPrefsFirefox: preferences,
  });
  return { browser, close: () => browser.close() };
}
