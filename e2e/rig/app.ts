import axe, { type AxeResults } from 'axe-core';
import { VIOLATION } from '../page/policy.ts';
import { waitFor, type BrowserTab } from './tab.ts';

/** The call app, as a person or a program drives it: by roles and names. */

/** What the content security policy stopped in these pages so far, as their init script tells it. */
export function violationsIn(tabs: readonly BrowserTab[]): readonly string[] {
  return tabs.flatMap(({ browser, participant, problems }) =>
    problems
      .filter((problem) => problem.includes(VIOLATION))
      .map((problem) => `${browser} ${participant}: ${problem}`),
  );
}

/** Opens the app at home. */
export async function openHome(tab: BrowserTab, url: string): Promise<void> {
  await tab.open(url);
  await tab.see('button', 'New call');
}

/**
 * Makes a new call.
 *
 * @returns its link, from the address bar
 */
export async function newCall(tab: BrowserTab): Promise<string> {
  await tab.click('button', 'New call');
  await tab.see('textbox', 'Your name');
  return await waitFor(tab, 'a link in the address bar', () =>
    /#[a-z0-9-]+\.[\w-]{22}$/.test(location.href) ? location.href : undefined,
  );
}

export async function joinFromLobby(tab: BrowserTab, name: string): Promise<void> {
  await tab.see('textbox', 'Your name');
  await tab.fill('Your name', name);
  await tab.click('button', 'Join');
  await tab.see('button', 'Leave');
}

/** Whether a toggle is on, as assistive technology is told. */
export async function isPressed(tab: BrowserTab, name: string): Promise<boolean> {
  return await tab.evaluate((label: string) => {
    const toggle = [...document.querySelectorAll('button')].find(
      (button) => button.getAttribute('aria-label') === label,
    );
    return toggle?.getAttribute('aria-pressed') === 'true';
  }, name);
}

export async function waitPressed(tab: BrowserTab, name: string, on: boolean): Promise<void> {
  await waitFor(
    tab,
    `${name} to be ${on ? 'on' : 'off'}`,
    ({ label, wanted }) =>
      [...document.querySelectorAll('button')].some(
        (button) =>
          button.getAttribute('aria-label') === label &&
          button.getAttribute('aria-pressed') === String(wanted),
      ),
    { label: name, wanted: on },
  );
}

/** Waits until the tile of that name shows the camera of that participant. */
export async function seesInTile(
  tab: BrowserTab,
  name: string,
  participant: number,
): Promise<void> {
  await waitFor(
    tab,
    `the camera of ${participant} in the tile of ${name}`,
    ({ label, wanted }) =>
      [...document.querySelectorAll(`[role="group"][aria-label="${label}"] video`)].some(
        (video) => {
          if (!(video instanceof HTMLVideoElement)) return false;
          const source = window.rig.readVideo(video);
          return source?.participant === wanted && source.kind === 'camera';
        },
      ),
    { label: name, wanted: participant },
  );
}

/** Waits until some picture on the page is that participant's screen, or none is. */
export async function seesScreen(
  tab: BrowserTab,
  participant: number,
  there = true,
): Promise<void> {
  await waitFor(
    tab,
    `the screen of ${participant} to ${there ? 'appear' : 'go'}`,
    ({ wanted, expected }) =>
      [...document.querySelectorAll('video')].some((video) => {
        const source = window.rig.readVideo(video);
        return source?.participant === wanted && source.kind === 'screen';
      }) === expected,
    { wanted: participant, expected: there },
  );
}

/** Waits until the chat's log holds a text. */
export async function reads(tab: BrowserTab, text: string): Promise<void> {
  await waitFor(
    tab,
    `"${text}" in the chat`,
    (wanted: string) => document.querySelector('[role="log"]')?.textContent.includes(wanted),
    text,
  );
}

/**
 * Runs axe over the whole page, best practices included.
 *
 * @returns each violation with the elements that it is about
 */
export async function findBarriers(tab: BrowserTab): Promise<readonly string[]> {
  await tab.evaluateSource(axe.source);
  return await tab.evaluate(async () => {
    // An animation half-way through has colours that nobody sees for longer than a blink.
    await Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    );
    const { axe: page } = window as unknown as {
      axe: { run(context: Document): Promise<AxeResults> };
    };
    const { violations, passes } = await page.run(document);
    if (passes.length === 0) return ['axe looked at nothing'];
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`,
    );
  });
}

/** More than any page has stops for. */
const TABS_MAX = 60;

/** Goes on with Tab until an element of that accessible name has the focus. */
export async function tabTo(tab: BrowserTab, name: string): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < TABS_MAX; i += 1) {
    await tab.press('Tab');
    const focused = await tab.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label');
      if (label !== null && label !== undefined) return label;
      if (element instanceof HTMLInputElement) return element.labels?.[0]?.textContent ?? '';
      return element?.textContent ?? '';
    });
    if (focused.trim() === name) return;
    passed.push(focused.trim().slice(0, 30));
  }
  throw new Error(`Tab never reached ${name}; it passed ${[...new Set(passed)].join(', ')}`);
}
