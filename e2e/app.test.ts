import { describe, expect, test } from 'vitest';
import { AppFixture } from './rig/app-fixture.ts';
import {
  findBarriers,
  isPressed,
  joinFromLobby,
  newCall,
  openHome,
  reads,
  seesInTile,
  seesScreen,
  tabTo,
  waitPressed,
} from './rig/app.ts';
import { waitFor, type BrowserName, type BrowserTab, type TabOptions } from './rig/tab.ts';

const app = AppFixture.begin();
const { party } = app;

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

test.each(PAIRS)('a call from %s to %s by the link alone', async (first, second) => {
  const ann = await party.newTab(first, { participant: 1 });
  await openHome(ann, app.url);
  const link = await newCall(ann);
  await joinFromLobby(ann, 'Ann');
  expect(await ann.evaluate(() => location.href)).toBe(link);

  const ben = await party.newTab(second, { participant: 2 });
  await ben.open(link);
  await joinFromLobby(ben, 'Ben');
  await seesInTile(ann, 'Ben', 2);
  await seesInTile(ben, 'Ann', 1);
  await app.shot(ann, `call-${first}`);

  await ann.click('button', 'Camera');
  await waitPressed(ann, 'Camera', false);
  await waitFor(ben, 'the end of the camera of Ann', () => {
    const tile = document.querySelector('[role="group"][aria-label="Ann"]');
    return tile !== null && tile.querySelector('video') === null;
  });
  await ann.click('button', 'Camera');
  await seesInTile(ben, 'Ann', 1);

  await ann.click('button', 'People');
  await ann.click('button', 'Check the connection');
  await waitFor(ann, 'how the connection with Ben did of late', () => {
    const plot = document.querySelector('[aria-label="Connections"] [role="img"]');
    return /^The last two minutes: .+ there and back/.test(plot?.getAttribute('aria-label') ?? '');
  });
  await app.shot(ann, `connection-${first}`);
  expect(await findBarriers(ann)).toEqual([]);

  await ann.click('button', 'Chat');
  await ann.fill('Message', 'hello Ben');
  await ann.click('button', 'Send');
  await reads(ann, 'hello Ben');
  await ben.click('button', 'Chat');
  await reads(ben, 'hello Ben');
  await ben.fill('Message', '<img src=x onerror=alert(1)> & so on');
  await ben.click('button', 'Send');
  await reads(ann, '<img src=x onerror=alert(1)> & so on');

  await ben.click('button', 'Share screen');
  await waitPressed(ben, 'Share screen', true);
  await seesScreen(ann, 2);
  await app.shot(ann, `share-${first}`);
  await ben.click('button', 'Share screen');
  await waitPressed(ben, 'Share screen', false);
  await seesScreen(ann, 2, false);

  await ben.click('button', 'Leave');
  await waitFor(ben, 'the page after the call', () => document.querySelector('h1') !== null);
  await waitFor(
    ann,
    'the tile of Ben to go',
    () => document.querySelector('[role="group"][aria-label="Ben"]') === null,
  );
  expect([...ann.problems, ...ben.problems]).toEqual([]);
});

test.each(['chromium', 'firefox'] as const)(
  'a link has %s fetch all parts of the room at once, and each of them once',
  async (browser) => {
    const ann = await party.newTab(browser, { participant: 1 });
    await openHome(ann, app.url);
    const link = await newCall(ann);
    const ben = await party.newTab(browser, { participant: 2 });
    await ben.open(link);
    await ben.see('textbox', 'Your name');
    const parts = await partsOfRoom(ben);
    expect(parts.map(({ name }) => name)).toContain('open-room');
    expect(parts.map(({ name }) => name)).toContain('lobby-visit');
    expect(parts.filter(({ times, isAnnounced }) => times !== 1 || !isAnnounced)).toEqual([]);
    expect([...ann.problems, ...ben.problems]).toEqual([]);
  },
);

/** Scripts that a room needs beside the app's own, how often each was fetched, and whether the page announced it. */
async function partsOfRoom(
  tab: BrowserTab,
): Promise<readonly { name: string; times: number; isAnnounced: boolean }[]> {
  return await tab.evaluate(() => {
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    const announced = [...document.querySelectorAll<HTMLLinkElement>('link[rel="modulepreload"]')];
    return [...new Set(fetched)].flatMap((url) => {
      const name = /\/(open-room|room-page|lobby-visit)-[^/]*\.js$/.exec(url)?.[1];
      if (name === undefined) return [];
      const times = fetched.filter((one) => one === url).length;
      return [{ name, times, isAnnounced: announced.some(({ href }) => href === url) }];
    });
  });
}

const KEEPS_UP_HARDLY = 'This device can hardly keep up with the call';

/** Waits until a banner of the call says something, or none does. */
async function says(tab: BrowserTab, text: string, isSaid: boolean): Promise<void> {
  await waitFor(
    tab,
    `"${text}" ${isSaid ? 'in' : 'out of'} the banners`,
    ({ words, wanted }) =>
      document.querySelector('.banners')?.textContent.includes(words) === wanted,
    { words: text, wanted: isSaid },
    NOTICED_MAX_MS,
  );
}

/** Ten seconds are looked at, on a machine that is slowed down for it. */
const NOTICED_MAX_MS = 40_000;

test('whose device does not keep up is told so, and may turn the camera off', async () => {
  const ann = await party.newTab('chromium', { participant: 1 });
  await openHome(ann, app.url);
  const link = await newCall(ann);
  await joinFromLobby(ann, 'Ann');
  const ben = await party.newTab('firefox', { participant: 2 });
  await ben.open(link);
  await joinFromLobby(ben, 'Ben');
  await seesInTile(ann, 'Ben', 2);
  await says(ann, KEEPS_UP_HARDLY, false);

  // As with a processor that has other things to do: three quarters of the time nothing runs.
  const busy = await ann.evaluate(() =>
    window.setInterval(() => {
      const until = performance.now() + 300;
      while (performance.now() < until);
    }, 400),
  );
  await says(ann, KEEPS_UP_HARDLY, true);
  await app.shot(ann, 'pressure');
  await ann.click('button', 'Turn camera off');
  await waitPressed(ann, 'Camera', false);
  await ann.evaluate((timer) => window.clearInterval(timer), busy);
  await says(ann, KEEPS_UP_HARDLY, false);
  expect([...ann.problems, ...ben.problems]).toEqual([]);
});

const WITHOUT: readonly {
  readonly title: string;
  readonly options: Omit<TabOptions, 'participant'>;
  readonly camera: boolean;
  readonly microphone: boolean;
}[] = [
  { title: 'no camera', options: { cameras: 0 }, camera: false, microphone: true },
  { title: 'no microphone', options: { microphones: 0 }, camera: true, microphone: false },
  {
    title: 'neither camera nor microphone',
    options: { cameras: 0, microphones: 0 },
    camera: false,
    microphone: false,
  },
  {
    title: 'permission denied',
    options: { permission: 'denied' },
    camera: false,
    microphone: false,
  },
];

const BROWSERS: readonly {
  readonly browser: BrowserName;
  readonly without: typeof WITHOUT;
}[] = [
  { browser: 'chromium', without: WITHOUT },
  // What differs here is how the browser refuses, and what helps then.
  { browser: 'firefox', without: WITHOUT.slice(2) },
];

describe.each(BROWSERS)('in $browser', ({ browser, without }) => {
  test.each(without)('one joins with $title', async ({ title, options, camera, microphone }) => {
    const host = await party.newTab('chromium', { participant: 1 });
    await openHome(host, app.url);
    const link = await newCall(host);
    await joinFromLobby(host, 'Host');

    const guest = await party.newTab(browser, { participant: 2, ...options });
    await guest.open(link);
    await guest.see('button', 'Join');
    await waitPressed(guest, 'Camera', camera);
    await waitPressed(guest, 'Microphone', microphone);
    await app.shot(guest, `lobby-${browser}-${title.replaceAll(' ', '-')}`);
    expect(await findBarriers(guest)).toEqual([]);
    await joinFromLobby(guest, 'Guest');
    await seesInTile(guest, 'Host', 1);
    expect(await isPressed(guest, 'Camera')).toBe(camera);
    expect(await isPressed(guest, 'Microphone')).toBe(microphone);
    await host.see('group', 'Guest');
    if (camera) await seesInTile(host, 'Guest', 2);
  });
});

test('a call by keyboard alone', async () => {
  const tab = await party.newTab('chromium', { participant: 1 });
  await openHome(tab, app.url);
  await tabTo(tab, 'New call');
  await tab.press('Enter');
  await tab.see('button', 'Join');
  await waitPressed(tab, 'Camera', true);
  await tabTo(tab, 'Camera');
  await tab.press('Space');
  await waitPressed(tab, 'Camera', false);
  await tabTo(tab, 'Your name');
  await tab.type('Ann');
  await tab.press('Enter');
  await tab.see('button', 'Leave');

  const ben = await party.newTab('chromium', { participant: 2 });
  await ben.open(await tab.evaluate(() => location.href));
  await joinFromLobby(ben, 'Ben');
  await seesInTile(tab, 'Ben', 2);

  await tabTo(tab, 'Microphone');
  await tab.press('Space');
  await waitPressed(tab, 'Microphone', false);
  await tabTo(tab, 'Chat');
  await tab.press('Enter');
  // The panel takes the focus to where one writes.
  await waitFor(
    tab,
    'the focus in the message field',
    () => document.activeElement?.getAttribute('aria-label') === 'Message',
  );
  await tab.type('by keyboard');
  await tab.press('Enter');
  await ben.click('button', 'Chat');
  await reads(ben, 'by keyboard');
  await tab.press('Escape');
  await waitFor(
    tab,
    'the panel closed and the focus back on its button',
    () => document.activeElement?.getAttribute('aria-label') === 'Chat',
  );
  await tabTo(tab, 'Leave');
  await tab.press('Enter');
  await waitFor(tab, 'the page after the call', () =>
    document.querySelector('h1')?.textContent.includes('left'),
  );
  expect(tab.problems).toEqual([]);
});

const LOOKS: readonly {
  readonly look: string;
  readonly options: Omit<TabOptions, 'participant'>;
}[] = [
  { look: 'light', options: { colorScheme: 'light' } },
  { look: 'dark', options: { colorScheme: 'dark' } },
  {
    look: 'phone-light',
    options: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  },
  { look: 'phone-dark', options: { colorScheme: 'dark', viewport: { width: 390, height: 844 } } },
];

test.each(LOOKS)('axe finds no barrier, $look', async ({ look, options }) => {
  const tab = await party.newTab('chromium', { participant: 1, ...options });
  const check = async (place: string): Promise<void> => {
    await app.shot(tab, `${place}-${look}`);
    expect({ place, barriers: await findBarriers(tab) }).toEqual({ place, barriers: [] });
  };
  await openHome(tab, app.url);
  await check('home');
  const link = await newCall(tab);
  await waitPressed(tab, 'Camera', true);
  await check('lobby');
  await joinFromLobby(tab, 'Ann');
  await check('alone');

  const ben = await party.newTab('chromium', { participant: 2 });
  await ben.open(link);
  await joinFromLobby(ben, 'Ben');
  await seesInTile(tab, 'Ben', 2);
  await check('call');
  for (const panel of ['Chat', 'People', 'Invite']) {
    await tab.click('button', panel);
    if (panel === 'Chat') {
      await tab.fill('Message', 'a first message');
      await tab.click('button', 'Send');
      await reads(tab, 'a first message');
    } else {
      await tab.see('complementary', panel);
    }
    await check(panel.toLowerCase());
    await tab.click('button', 'Close panel');
  }
  await tab.click('button', 'Leave');
  await waitFor(tab, 'the page after the call', () =>
    document.querySelector('h1')?.textContent.includes('left'),
  );
  await check('left');
});
