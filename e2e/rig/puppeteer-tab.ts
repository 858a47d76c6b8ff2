import type { Locator, Page } from 'puppeteer-core';
import { SEE_MAX_MS, type BrowserName, type BrowserTab } from './tab.ts';

/**
 * What Firefox says of a WebSocket that is closed before it is open, as the slower way to the server is
 * once another one stands. No script hears of it.
 */
const GIVEN_UP_SOCKET =
  /^Error: The connection to wss?:\/\/\S+ was interrupted while the page was loading\.$/;

/** A page that Puppeteer drives: Firefox over BiDi, Chromium where Playwright would keep it in view. */
export class PuppeteerTab implements BrowserTab {
  readonly browser: BrowserName;
  readonly participant: number;
  readonly problems: string[] = [];
  readonly popups: string[] = [];
  readonly requests: string[] = [];
  readonly page: Page;
  readonly #closed: () => void;

  constructor(page: Page, browser: BrowserName, participant: number, closed: () => void) {
    this.page = page;
    this.browser = browser;
    this.participant = participant;
    this.#closed = closed;
    page.on('pageerror', (error) => {
      const problem = String(error);
      if (!GIVEN_UP_SOCKET.test(problem)) this.problems.push(problem);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('dialog', (dialog) => {
      this.popups.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', (popup) => this.popups.push(`window: ${popup?.url() ?? ''}`));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    return this.page.evaluate(run as (argument: unknown) => R | Promise<R>, argument) as Promise<R>;
  }

  async evaluateSource(source: string): Promise<void> {
    await this.page.evaluate(source);
  }

  async click(role: string, name: string): Promise<void> {
    await this.#element(role, name).click();
  }

  async fill(name: string, text: string): Promise<void> {
    await this.#element('textbox', name).fill(text);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key as Parameters<Page['keyboard']['press']>[0]);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async see(role: string, name: string): Promise<void> {
    await this.#element(role, name).wait();
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path: asPng(path) });
  }

  async close(): Promise<void> {
    await this.page.close();
    this.#closed();
  }

  #element(role: string, name: string): Locator<Element> {
    return this.page
      .locator(`::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`)
      .setTimeout(SEE_MAX_MS);
  }
}

function asPng(path: string): `${string}.png` {
  return path.endsWith('.png') ? (path as `${string}.png`) : `${path}.png`;
}
