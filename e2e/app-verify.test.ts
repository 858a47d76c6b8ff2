import { expect, test } from 'vitest';
import { AppFixture } from './rig/app-fixture.ts';
import { findBarriers, joinFromLobby, newCall, openHome, seesInTile } from './rig/app.ts';
import { waitFor, type BrowserTab, type TabOptions } from './rig/tab.ts';

const app = AppFixture.begin();
const { party } = app;

const PHONE: Omit<TabOptions, 'participant'> = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
};

async function callOfTwo(): Promise<readonly [BrowserTab, BrowserTab]> {
  const ann = await party.newTab('chromium', { participant: 1 });
  await openHome(ann, app.url);
  const link = await newCall(ann);
  await joinFromLobby(ann, 'Ann');
  const ben = await party.newTab('chromium', { participant: 2, ...PHONE });
  await ben.open(link);
  await joinFromLobby(ben, 'Ben');
  await seesInTile(ann, 'Ben', 2);
  return [ann, ben];
}

async function openWords(tab: BrowserTab, name: string): Promise<readonly string[]> {
  await tab.click('button', 'People');
  await tab.click('button', `Compare words with ${name}`);
  return waitFor(tab, 'four words', () => {
    const words = [...document.querySelectorAll('[aria-label="Your words"] li')];
    return words.length === 4 ? words.map(({ textContent }) => textContent) : undefined;
  });
}

test('two compare their words, and both see that nobody is between them', async () => {
  const [ann, ben] = await callOfTwo();
  const words = await openWords(ann, 'Ben');
  await app.shot(ann, 'words-light');
  expect(await findBarriers(ann)).toEqual([]);
  expect(await openWords(ben, 'Ann')).toEqual(words);
  await app.shot(ben, 'words-phone-dark');
  expect(await findBarriers(ben)).toEqual([]);
  await ann.click('button', 'They are the same');
  await ann.see('img', 'Verified');
  await ann.click('button', 'Ben is verified');
  await app.shot(ann, 'words-verified');
  expect([...ann.problems, ...ben.problems]).toEqual([]);
});

test('words that differ are told of for as long as the other is there', async () => {
  const [ann] = await callOfTwo();
  await openWords(ann, 'Ben');
  await ann.click('button', 'They differ');
  await waitFor(ann, 'what to do now', () => document.querySelector('[role="alert"]') !== null);
  await app.shot(ann, 'words-differ');
  expect(await findBarriers(ann)).toEqual([]);
  await ann.click('button', 'Close');
  await ann.see('img', 'The words differ');
  await ann.see('button', 'What now?');
  await app.shot(ann, 'words-differ-call');
  expect(ann.problems).toEqual([]);
});

/** Leaves the page and comes back to it, as with a reload. */
async function comeBack(tab: BrowserTab, link: string, name: string): Promise<void> {
  await tab.open('about:blank');
  await tab.open(link);
  await joinFromLobby(tab, name);
}

test('who was verified is known in the next call, missed without the key, and can be forgotten', async () => {
  const [ann, ben] = await callOfTwo();
  const link = await ann.evaluate(() => location.href);
  await openWords(ann, 'Ben');
  await openWords(ben, 'Ann');
  for (const tab of [ann, ben]) await tab.click('button', 'They are the same');
  for (const tab of [ann, ben]) await tab.see('img', 'Verified');

  await comeBack(ann, link, 'Ann');
  await comeBack(ben, link, 'Ben');
  for (const tab of [ann, ben]) await tab.see('img', 'Verified');
  await ann.click('button', 'People');
  await ann.click('button', 'Ben is verified');
  await ann.see('button', 'Compare again');
  await app.shot(ann, 'words-known');
  expect(await findBarriers(ann)).toEqual([]);
  await ann.click('button', 'Close');

  await ben.open('about:blank');
  await openHome(ben, app.url);
  await ben.click('button', 'Settings');
  await ben.see('button', 'Forget Ann');
  await app.shot(ben, 'verified-people-phone-dark');
  expect(await findBarriers(ben)).toEqual([]);
  await ben.click('button', 'Forget verified people');
  await waitFor(
    ben,
    'an empty list',
    () => document.body.textContent.includes('Nobody yet.') || undefined,
  );
  await comeBack(ben, link, 'Ben');
  await waitFor(
    ann,
    'word of another device',
    () =>
      document.body.textContent.includes('This is not the device that you verified as Ben') ||
      undefined,
  );
  await app.shot(ann, 'words-changed');
  await ann.click('button', 'What now?');
  await ann.see('button', 'Compare words');
  await app.shot(ann, 'words-changed-dialog');
  expect(await findBarriers(ann)).toEqual([]);
  expect([...ann.problems, ...ben.problems]).toEqual([]);
});
