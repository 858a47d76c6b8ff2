import type { FakeDeviceOptions } from '../page/fake-devices.ts';

export type BrowserName = 'chromium' | 'firefox';

export interface TabOptions extends Partial<Omit<FakeDeviceOptions, 'participant' | 'tones'>> {
  /** 1 to 15; what every picture and tone of the tab carries. */
  readonly participant: number;
  /** In place of what the browser is able to. */
  readonly tones?: 'none' | 'turns';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Chromium: the page may talk to whom it likes, as one that an attacker serves. */
  readonly bypassesCsp?: boolean;
}

/** One participant's page: in a context of its own, never in the background. */
export interface BrowserTab {
  readonly browser: BrowserName;
  readonly participant: number;
  /** Uncaught errors and `console.error` of the page so far. */
  readonly problems: readonly string[];
  /** Dialogs that a script of the page opened, and windows. All are closed at once. */
  readonly popups: readonly string[];
  /** Addresses that the page asked the network for, WebSockets left out. */
  readonly requests: readonly string[];
  open(url: string): Promise<void>;
  /** Runs a function in the page; it may use its argument and the page's globals, nothing else. */
  evaluate<R, A = undefined>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R>;
  /** Runs source text in the page, past its content security policy. */
  evaluateSource(source: string): Promise<void>;
  /** The element must be there by then, and be the only one of that role and name. */
  click(role: string, name: string): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  /** A key by name, such as `Tab`, where the focus is. */
  press(key: string): Promise<void>;
  /** Text, key by key, where the focus is. */
  type(text: string): Promise<void>;
  /** Waits until an element of that role and name can be seen. */
  see(role: string, name: string): Promise<void>;
  screenshot(path: string): Promise<void>;
  /** Ends the page as a person does who closes the tab. */
  close(): Promise<void>;
}

/** Starts tabs of one kind of browser. */
export interface Driver {
  readonly browser: BrowserName;
  newTab(options: TabOptions): Promise<BrowserTab>;
  close(): Promise<void>;
}

/** What is to be clicked or seen comes at once, or after a join. */
export const SEE_MAX_MS = 15_000;

/** Cheap to ask, and well below every time that a test measures. */
const ASK_EVERY_MS = 50;

/** On a busy machine of two cores whole browsers stand still for seconds. */
const WAIT_MAX_MS = 40_000;

/**
 * Waits until the function gives something true in the page.
 *
 * @param what says in the error what never came
 * @returns what it gave
 */
export async function waitFor<R, A = undefined>(
  tab: BrowserTab,
  what: string,
  run: (argument: A) => R | Promise<R>,
  argument?: A,
  maxMs = WAIT_MAX_MS,
): Promise<NonNullable<R>> {
  const deadlineMs = performance.now() + maxMs;
  for (;;) {
    const result = await tab.evaluate(run, argument);
    if (isThere(result)) return result;
    if (performance.now() > deadlineMs) {
      const said = tab.problems.length === 0 ? '' : `\nIts page says:\n${tab.problems.join('\n')}`;
      throw new Error(
        `${tab.browser} ${tab.participant}: waited ${maxMs} ms in vain for ${what}${said}${await storyOf(tab)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/** What happened in the page, where it is the harness; without it a failure in CI tells little. */
async function storyOf(tab: BrowserTab): Promise<string> {
  try {
    const lines = await tab.evaluate(() =>
      window.harness === undefined ? [] : window.harness.story(),
    );
    return lines.length === 0 ? '' : `\nWhat happened there:\n${lines.join('\n')}`;
  } catch (error) {
    return `\nWhat happened there cannot be told: ${String(error)}`;
  }
}

function isThere<R>(result: R): result is NonNullable<R> {
  return result !== undefined && result !== null && result !== false;
}
