import { launch, type Browser, type Locator, type Page } from 'puppeteer-core';
import { toneHz } from '../page/fake-devices.ts';
import { findExecutable } from './executables.ts';
import { initScript } from './init-script.ts';
import { SEE_MAX_MS, type BrowserTab, type Driver, type TabOptions } from './tab.ts';

const PREFERENCES = {
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

/** Starts one Firefox per tab, since a tab behind another one is throttled. */
export class FirefoxDriver implements Driver {
  readonly browser = 'firefox';
  /** By participant, whose tone is a preference of the whole browser. */
  readonly #idle = new Map<number, Browser>();
  readonly #all = new Set<Browser>();

  async newTab(options: TabOptions): Promise<BrowserTab> {
    const browser =
      this.#idle.get(options.participant) ?? (await this.#launch(options.participant));
    this.#idle.delete(options.participant);
    const page = await browser.newPage();
    await page.setViewport(options.viewport ?? { width: 1280, height: 800 });
    await page.evaluateOnNewDocument(await initScript('firefox', options));
    return new FirefoxTab(page, options.participant, () => {
      this.#idle.set(options.participant, browser);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((browser) => browser.close()));
    this.#all.clear();
    this.#idle.clear();
  }

  async #launch(participant: number): Promise<Browser> {
    const browser = await launch({
      browser: 'firefox',
      executablePath: findExecutable('firefox'),
      headless: true,
      extraPrefsFirefox: {
        ...PREFERENCES,
        'media.navigator.audio.fake_frequency': toneHz(participant, 0),
      },
    });
    this.#all.add(browser);
    return browser;
  }
}
