import { expect, test } from 'vitest';
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
import { harnessStage } from './rig/harness-stage.ts';
import type { BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

/** Two cores encode and decode each picture of a room: twenty of them in a call of five. */
const ROOMS: readonly {
  readonly browsers: readonly BrowserName[];
  readonly framesPerSecond: number;
}[] = [
  { browsers: ['chromium', 'firefox', 'chromium'], framesPerSecond: 15 },
  { browsers: ['chromium', 'firefox', 'chromium', 'firefox', 'chromium'], framesPerSecond: 5 },
];

/** Five come together in 8 s on two cores, and in 28 to 49 s on one. */
const TOGETHER_MAX_MS = 120_000;

test.each(ROOMS)(
  'everyone sees, hears and reads everyone: $browsers',
  async ({ browsers, framesPerSecond }) => {
    const members: Member[] = [];
    for (const [i, browser] of browsers.entries()) {
      members.push(await openHarness(party, browser, i + 1, server.url, { framesPerSecond }));
    }
    const room = await newRoom(first(members).tab);
    // All at once, as at the beginning of a meeting.
    await Promise.all(members.map((member) => join(member, { room })));

    const pairs = orderedPairs(members);
    expect(pairs).toHaveLength(browsers.length * (browsers.length - 1));
    for (const [viewer, shown] of pairs) {
      await seesCamera(viewer, shown, 0, TOGETHER_MAX_MS);
      await hearsTone(viewer, shown, 0, TOGETHER_MAX_MS);
    }
    await Promise.all(members.map((member) => sendText(member, `from ${member.name}`)));
    for (const [to, from] of pairs) await getsText(to, from, `from ${from.name}`, TOGETHER_MAX_MS);
    for (const { tab } of members) expect(tab.problems).toEqual([]);
  },
  2 * TOGETHER_MAX_MS,
);

function first(members: readonly Member[]): Member {
  const [member] = members;
  if (member === undefined) throw new Error('a room of nobody');
  return member;
}
