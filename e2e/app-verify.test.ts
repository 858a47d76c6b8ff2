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
