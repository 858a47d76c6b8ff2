import { ChromiumDriver } from './chromium.ts';
import { FirefoxDriver } from './firefox.ts';
import { violationsIn } from './app.ts';
import type { BrowserName, BrowserTab, Driver, TabOptions } from './tab.ts';

/** The browsers of one test file, started when first needed, and the tabs of the test that runs. */
export class Party {
  readonly #launch: (browser: BrowserName) => Promise<Driver>;
  readonly #drivers = new Map<BrowserName, Promise<Driver>>();
  #tabs: BrowserTab[] = [];
  /** Those of the test that runs, closed ones among them. */
  #seen: BrowserTab[] = [];

  constructor(launch: (browser: BrowserName) => Promise<Driver> = launchHere) {
    this.#launch = launch;
  }

  async newTab(browser: BrowserName, options: TabOptions): Promise<BrowserTab> {
    const driver = await this.#driver(browser);
    const tab = await driver.newTab(options);
    this.#tabs.push(tab);
    this.#seen.push(tab);
    return tab;
  }

  /** Closes a tab now, as a person would. */
  async closeTab(tab: BrowserTab): Promise<void> {
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    await tab.close();
  }

  /**
   * After each test, which fails if a page of it ran into its content security policy: nothing of ours does
   * that, so it was something of somebody else’s, or a fault of ours.
   */
  async closeTabs(): Promise<void> {
    const tabs = this.#tabs;
    const seen = this.#seen;
    this.#tabs = [];
    this.#seen = [];
    // Whatever a page told before it answers has come in by then. One that is gone has nothing to add.
    await Promise.all(tabs.map((tab) => tab.evaluate(() => true).catch(() => false)));
    await Promise.all(tabs.map((tab) => tab.close()));
    const violations = violationsIn(seen);
    if (violations.length > 0) throw new Error(violations.join('\n'));
  }

  /** After the last one. */
  async close(): Promise<void> {
    await this.closeTabs();
    const drivers = await Promise.all(this.#drivers.values());
    this.#drivers.clear();
    await Promise.all(drivers.map((driver) => driver.close()));
  }

  #driver(browser: BrowserName): Promise<Driver> {
    let driver = this.#drivers.get(browser);
    if (driver === undefined) {
      driver = this.#launch(browser);
      this.#drivers.set(browser, driver);
    }
    return driver;
  }
}

async function launchHere(browser: BrowserName): Promise<Driver> {
  return browser === 'chromium' ? await ChromiumDriver.launch() : new FirefoxDriver();
}
