import { launch, type Browser } from 'puppeteer-core';
import { toneHz } from '../page/fake-devices.ts';
import { findExecutable } from './executables.ts';
import { initScript } from './init-script.ts';
import { PuppeteerTab } from './puppeteer-tab.ts';
import type { BrowserTab, Driver, TabOptions } from './tab.ts';

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
    return new PuppeteerTab(page, 'firefox', options.participant, () => {
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
