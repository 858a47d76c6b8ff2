import { expect, test } from 'vitest';
import {
  getsText,
  hearsTone,
  join,
  newRoom,
  openHarness,
  seesCamera,
  sendText,
} from './rig/call.ts';
import type { Member } from './rig/call.ts';
import { harnessStage } from './rig/harness-stage.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

const PAIRINGS: readonly { readonly inside: BrowserName; readonly outside: BrowserName }[] = [
  { inside: 'chromium', outside: 'chromium' },
  { inside: 'chromium', outside: 'firefox' },
  { inside: 'firefox', outside: 'chromium' },
];

/** One is inside, and the other in the lobby, with a connection between them. */
async function visited({ inside, outside }: (typeof PAIRINGS)[number]): Promise<{
  readonly ann: Member;
  readonly ben: Member;
  readonly room: string;
}> {
  const ann = await openHarness(party, inside, 1, server.url);
  const ben = await openHarness(party, outside, 2, server.url);
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  await ben.tab.evaluate((link: string) => window.harness.visit({ room: link }), room);
  for (const { tab } of [ann, ben]) {
    await waitFor(tab, 'a connection', () =>
      window.harness.connections.some(({ connectionState }) => connectionState === 'connected'),
    );
  }
  return { ann, ben, room };
}

function connectionsOf({ tab }: Member): Promise<readonly string[]> {
  return tab.evaluate(() =>
    window.harness.connections.map(({ connectionState }) => connectionState),
  );
}

test.each(PAIRINGS)(
  'VISIT5 is seen by nobody, and comes in over the connection that stands: $outside to $inside',
  async (pairing) => {
    const { ann, ben, room } = await visited(pairing);
    expect(await ben.tab.evaluate(() => window.harness.visited)).toEqual({
      ...{ status: 'ready', others: 1 },
    });
    const seen = await ann.tab.evaluate(() => ({
      peers: window.harness.room.peers.size,
      told: window.harness.happenings.filter(({ what }) => what === 'peer' || what === 'track'),
    }));
    expect(seen).toEqual({ peers: 0, told: [] });
    const sentAnything = await ann.tab.evaluate(() =>
      window.harness.connections.flatMap((pc) => pc.getSenders().map(({ track }) => track?.kind)),
    );
    expect(sentAnything.filter((kind) => kind !== undefined)).toEqual([]);

    await join(ben, { room });
    for (const [viewer, shown] of [
      [ann, ben],
      [ben, ann],
    ] as const) {
      await seesCamera(viewer, shown);
      await hearsTone(viewer, shown);
      await sendText(shown, `from ${shown.name}`);
      await getsText(viewer, shown, `from ${shown.name}`);
    }
    expect([await connectionsOf(ann), await connectionsOf(ben)]).toEqual([
      ['connected'],
      ['connected'],
    ]);
    for (const { tab } of [ann, ben]) expect(tab.problems).toEqual([]);
  },
);

test('VISIT2 VISIT6 ends where the room is locked meanwhile, and who joins is told why', async () => {
  const { ann, ben, room } = await visited({ inside: 'chromium', outside: 'chromium' });
  await ann.tab.evaluate(() => window.harness.room.admission.setAccess('locked'));
  await waitFor(ben.tab, 'the end', () => window.harness.visited?.status === 'ended');
  for (const member of [ann, ben]) {
    await waitFor(member.tab, 'no connection', () =>
      window.harness.connections.every(({ connectionState }) => connectionState === 'closed'),
    );
  }
  await expect(join(ben, { room })).rejects.toThrow(/locked/u);
  expect(await ann.tab.evaluate(() => window.harness.room.peers.size)).toBe(0);
});

test('VISIT4 in relay-only no connection is tried before one is in', async () => {
  const ann = await openHarness(party, 'chromium', 1, server.url);
  const ben = await openHarness(party, 'chromium', 2, server.url);
  const room = await newRoom(ann.tab);
  await join(ann, { room });
  await ben.tab.evaluate(
    (link: string) => window.harness.visit({ room: link, relayOnly: true }),
    room,
  );
  await waitFor(ben.tab, 'the lobby', () => window.harness.visited?.status === 'ready');
  await ann.tab.evaluate(() => window.harness.room.local.camera.disable());
  expect([await connectionsOf(ann), await connectionsOf(ben)]).toEqual([[], []]);
});
