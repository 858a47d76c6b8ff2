import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BetweenInput } from './page/between.ts';
import { join, newRoom, openHarness, seesCamera, type Member } from './rig/call.ts';
import { Party } from './rig/party.ts';
import { serveHarness } from './rig/server.ts';
import type { BrowserName } from './rig/tab.ts';

let server: Awaited<ReturnType<typeof serveHarness>>;
/** Where the one in between shows Ben to Ann, and Ann to Ben. */
let other: Awaited<ReturnType<typeof serveHarness>>;
const party = new Party();

beforeAll(async () => {
  [server, other] = await Promise.all([serveHarness(), serveHarness()]);
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  await Promise.all([server?.close(), other?.close()]);
});

/** Words that a member is shown for the only other one of its room. */
function wordsOf({ tab }: Member, name: string): Promise<readonly string[]> {
  return tab.evaluate(async (who) => (await window.harness.peer(who).verify()).words, name);
}

async function open(browser: BrowserName, participant: number, url: string): Promise<Member> {
  return openHarness(party, browser, participant, url);
}

test.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)('WORDS4 two are shown the same words: %s and %s', async (first, second) => {
  const ann = await open(first, 1, server.url);
  const ben = await open(second, 2, server.url);
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  await join(ben, { room });
  await seesCamera(ann, ben);
  const words = await Promise.all([wordsOf(ann, 'p2'), wordsOf(ben, 'p1')]);
  expect(words[0]).toHaveLength(4);
  expect(words[0]).toEqual(words[1]);
  expect(await wordsOf(ann, 'p2'), 'the same again').toEqual(words[0]);
});

/**
 * Holds the link and owns the server, which shows each of the two only him: he takes part in two calls and
 * hands pictures on. What he cannot do is to have both see the same words.
 */
test('WORDS4 someone in between, with two connections, is betrayed by the words', async () => {
  const ann = await open('chromium', 1, server.url);
  const ben = await open('firefox', 2, other.url);
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  await join(ben, { room });
  const mallory = await openHarness(party, 'chromium', 3, server.url, { bypassesCsp: true });
  await mallory.tab.evaluate((input: BetweenInput) => window.harness.standBetween(input), {
    room,
    towards: [
      { url: server.url, name: 'p2' },
      { url: other.url, name: 'p1' },
    ],
  });
  // Each sees the other, as in a call of two.
  await seesCamera(ann, ben);
  await seesCamera(ben, ann);
  const [atAnn, atBen] = await Promise.all([wordsOf(ann, 'p2'), wordsOf(ben, 'p1')]);
  expect(atAnn).toHaveLength(4);
  expect(atBen).toHaveLength(4);
  expect(atAnn).not.toEqual(atBen);
});
