import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  getsText,
  hearsTone,
  join,
  newRoom,
  openHarness,
  orderedPairs,
  seesCamera,
  sendText,
  type Member,
} from './rig/call.ts';
import { Party } from './rig/party.ts';
import { serveHarness } from './rig/server.ts';
import type { BrowserName } from './rig/tab.ts';

let server: Awaited<ReturnType<typeof serveHarness>>;
const party = new Party();

beforeAll(async () => {
  server = await serveHarness();
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  await server?.close();
});

const ROOMS: readonly { readonly browsers: readonly BrowserName[] }[] = [
  { browsers: ['chromium', 'firefox', 'chromium'] },
  { browsers: ['chromium', 'firefox', 'chromium', 'firefox', 'chromium'] },
];

test.each(ROOMS)('everyone sees, hears and reads everyone: $browsers', async ({ browsers }) => {
  const members: Member[] = [];
  for (const [i, browser] of browsers.entries()) {
    members.push(await openHarness(party, browser, i + 1, server.url));
  }
  const room = await newRoom(first(members).tab);
  // All at once, as at the beginning of a meeting.
  await Promise.all(members.map((member) => join(member, { room })));

  const pairs = orderedPairs(members);
  expect(pairs).toHaveLength(browsers.length * (browsers.length - 1));
  for (const [viewer, shown] of pairs) {
    await seesCamera(viewer, shown);
    await hearsTone(viewer, shown);
  }
  await Promise.all(members.map((member) => sendText(member, `from ${member.name}`)));
  for (const [to, from] of pairs) await getsText(to, from, `from ${from.name}`);
  for (const { tab } of members) expect(tab.problems).toEqual([]);
});

function first(members: readonly Member[]): Member {
  const [member] = members;
  if (member === undefined) throw new Error('a room of nobody');
  return member;
}
