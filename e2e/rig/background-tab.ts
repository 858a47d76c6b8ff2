import { launch, type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { CHROMIUM_ARGUMENTS } from './chromium.ts';
import { findExecutable } from './executables.ts';
import { initScript } from './init-script.ts';
import { PuppeteerTab } from './puppeteer-tab.ts';
import type { TabOptions } from './tab.ts';

const LOOK_EVERY_MS = 50;

/**
 * A Chromium tab that can go into the background, where its browser may freeze it. Playwright keeps its
 * pages in view, and what is in view does not freeze.
 */
export class BackgroundTab {
  readonly tab: PuppeteerTab;
  readonly #browser: Browser;
  readonly #session: CDPSession;
  #front: Page | undefined;

  private constructor(tab: PuppeteerTab, browser: Browser, session: CDPSession) {
    this.tab = tab;
    this.#browser = browser;
    this.#session = session;
  }

  static async launch(options: TabOptions): Promise<BackgroundTab> {
    const browser = await launch({
      browser: 'chrome',
      executablePath: findExecutable('chromium'),
      headless: true,
      args: [...CHROMIUM_ARGUMENTS, '--no-sandbox'],
    });
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(await initScript('chromium', options));
    const tab = new PuppeteerTab(page, 'chromium', options.participant, () => undefined);
    return new BackgroundTab(tab, browser, await page.createCDPSession());
  }

  /** Another tab comes before it, and its timers and events rest (Page Lifecycle, `frozen`). */
  async freeze(): Promise<void> {
    this.#front = await this.#browser.newPage();
    await this.#front.bringToFront();
    // Frames rest there already, by which it would look otherwise.
    const polling = LOOK_EVERY_MS;
    await this.tab.page.waitForFunction(() => document.visibilityState === 'hidden', { polling });
    await this.#session.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  async thaw(): Promise<void> {
    await this.#session.send('Page.setWebLifecycleState', { state: 'active' });
    // A tab that ends gives way to any of the others.
    await this.#front?.close();
    await this.tab.page.bringToFront();
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
