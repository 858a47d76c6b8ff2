import { expect, test } from 'vitest';
import { AppFixture } from './rig/app-fixture.ts';
import { findBarriers, joinFromLobby, newCall, openHome, seesInTile } from './rig/app.ts';
import { waitFor, type BrowserName, type BrowserTab, type TabOptions } from './rig/tab.ts';

const app = AppFixture.begin();
const { party } = app;

const PHONE: Omit<TabOptions, 'participant'> = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
};

/** @returns the host in its call, and the link */
async function host(
  settings?: (lobby: BrowserTab) => Promise<void>,
): Promise<readonly [BrowserTab, string]> {
  const ann = await party.newTab('chromium', { participant: 1 });
  await openHome(ann, app.url);
  const link = await newCall(ann);
  if (settings !== undefined) {
    await ann.click('button', 'Room settings');
    await settings(ann);
  }
  await joinFromLobby(ann, 'Ann');
  return [ann, link];
}

async function guest(
  link: string,
  participant: number,
  browser: BrowserName = 'chromium',
  look: Omit<TabOptions, 'participant'> = {},
): Promise<BrowserTab> {
  const tab = await party.newTab(browser, { participant, ...look });
  await tab.open(link);
  await tab.see('textbox', 'Your name');
  return tab;
}

async function says(tab: BrowserTab, text: string): Promise<void> {
  await waitFor(
    tab,
    `"${text}"`,
    (wanted: string) => document.body.textContent.includes(wanted) || undefined,
    text,
  );
}

test.each(['chromium', 'firefox'] as const)(
  'who asks is let in by the host, whom it tells in a notice: %s',
  async (browser) => {
    const [ann, link] = await host(async (lobby) => {
      await lobby.click('radio', 'Ask first');
      await app.shot(lobby, 'door-lobby-settings');
      expect(await findBarriers(lobby)).toEqual([]);
    });
    const ben = await guest(link, 2, browser, PHONE);
    await ben.fill('Your name', 'Ben');
    await ben.click('button', 'Join');
    await says(ben, 'Asked to be let in');
    await ann.see('button', 'Admit Ben');
    await app.shot(ann, 'door-knock-light');
    await app.shot(ben, 'door-waiting-phone-dark');
    expect([...(await findBarriers(ann)), ...(await findBarriers(ben))]).toEqual([]);
    await ann.click('button', 'Admit Ben');
    await seesInTile(ann, 'Ben', 2);
    await seesInTile(ben, 'Ann', 1);
    expect([...ann.problems, ...ben.problems]).toEqual([]);
  },
);

test('who is declined is told, and can ask again', async () => {
  const [ann, link] = await host((lobby) => lobby.click('radio', 'Ask first'));
  const ben = await guest(link, 2);
  await ben.fill('Your name', 'Ben');
  await ben.click('button', 'Join');
  await ann.click('button', 'Decline Ben');
  await says(ben, 'You were not let in');
  await app.shot(ben, 'door-declined');
  expect(await findBarriers(ben)).toEqual([]);
  await ben.click('button', 'Ask again');
  await ann.click('button', 'Admit Ben');
  await seesInTile(ben, 'Ann', 1);
});

test('a password is asked for, once wrong, then right', async () => {
  const [ann, link] = await host((lobby) => lobby.fill('Password (if you want one)', 'sesame'));
  const ben = await guest(link, 2, 'chromium', PHONE);
  await ben.fill('Your name', 'Ben');
  await ben.click('button', 'Join');
  await ben.see('textbox', 'Password of this call');
  await ben.fill('Password of this call', 'simsim');
  await ben.click('button', 'Join');
  await says(ben, 'That is not the password');
  await app.shot(ben, 'door-password-phone-dark');
  expect(await findBarriers(ben)).toEqual([]);
  await ben.fill('Password of this call', 'sesame');
  await ben.click('button', 'Join');
  await seesInTile(ann, 'Ben', 2);
});

test('who is removed is out, the others have a new link, and the old one says so', async () => {
  const [ann, link] = await host();
  const ben = await guest(link, 2);
  await joinFromLobby(ben, 'Ben');
  const cem = await guest(link, 3);
  await joinFromLobby(cem, 'Cem');
  await seesInTile(ann, 'Cem', 3);
  await ann.click('button', 'People');
  await app.shot(ann, 'door-people-host');
  await ann.click('button', 'More for Cem');
  await ann.click('menuitem', 'Remove from the call…');
  await app.shot(ann, 'door-remove-confirm');
  expect(await findBarriers(ann)).toEqual([]);
  await ann.click('button', 'Remove');
  await says(cem, 'You were removed from the call');
  await app.shot(cem, 'door-removed');
  for (const tab of [ann, ben]) {
    await waitFor(
      tab,
      'another link in the address bar',
      (old: string) => (location.href === old ? undefined : true),
      link,
    );
  }
  await app.shot(ann, 'door-new-link');
  const links = await Promise.all([ann, ben].map((tab) => tab.evaluate(() => location.href)));
  expect(new Set(links).size).toBe(1);
  const dan = await guest(link, 4);
  await dan.fill('Your name', 'Dan');
  await dan.click('button', 'Join');
  await says(dan, 'This link no longer works');
  const [current = ''] = links;
  await dan.open('about:blank');
  await dan.open(current);
  await joinFromLobby(dan, 'Dan');
  await seesInTile(ben, 'Dan', 4);
  await seesInTile(ben, 'Ann', 1);
});

test('the host sees who may join, changes it, and asks someone to mute', async () => {
  const [ann, link] = await host();
  const ben = await guest(link, 2);
  await joinFromLobby(ben, 'Ben');
  await seesInTile(ann, 'Ben', 2);
  await ann.click('button', 'People');
  await ann.click('button', 'Change room settings');
  await ann.click('radio', 'Nobody new');
  await app.shot(ann, 'door-settings');
  expect(await findBarriers(ann)).toEqual([]);
  await ann.click('button', 'Close');
  const cem = await guest(link, 3);
  await cem.fill('Your name', 'Cem');
  await cem.click('button', 'Join');
  await says(cem, 'This call is closed to newcomers');
  await ann.click('button', 'More for Ben');
  await ann.click('menuitem', 'Ask to mute');
  await says(ben, 'Ann asks you to mute');
  await app.shot(ben, 'door-mute-request');
});
