import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from './netlab/host.ts';
import { createNetlab, isNetlabSkipped, type Netlab } from './netlab/netlab.ts';
import {
  join,
  newRoom,
  noticeServerGone,
  openHarness,
  orderedPairs,
  rejoinRoom,
  seesCamera,
  textsArrive,
  watchAnew,
  type Member,
} from './rig/call.ts';
import { ChromiumDriver } from './rig/chromium.ts';
import { findExecutable } from './rig/executables.ts';
import { Party } from './rig/party.ts';
import { makeHarnessSite, ServerProcess } from './rig/server.ts';

/** On the link of each member, so that two of them are 40 ms apart there and back. */
const ONE_WAY_MS = 10;

/** Of the matrix: 99 of 100 members are back by then. */
const SERVER_BACK_MAX_MS = 10_000;
/** Several frames' time, and far less than anything that a fault of the call would cost. */
const GAP_MAX_MS = 500;

/** A member of the call and the machine that it sits at. */
interface Seat {
  readonly host: Host;
  readonly party: Party;
  readonly member: Member;
}

let lab: Netlab;
let site: Awaited<ReturnType<typeof makeHarnessSite>>;
let server: ServerProcess;
let seats: readonly Seat[] = [];

if (isNetlabSkipped()) {
  process.stderr.write('\nPEERLINE_SKIP_NETLAB=1: NO FAULT OF THE NETWORK IS TRIED.\n\n');
}

describe.skipIf(isNetlabSkipped())('faults, Chromium to Chromium', () => {
  beforeAll(async () => {
    lab = await createNetlab();
    site = await makeHarnessSite();
    server = await ServerProcess.start(site.dir, await lab.host('server'));
    seats = [await takeSeat('ann', 1), await takeSeat('ben', 2)];
    const [first] = members();
    if (first === undefined) throw new Error('nobody is here');
    const room = await newRoom(first.tab);
    await Promise.all(members().map((member) => join(member, { room })));
    for (const [viewer, shown] of orderedPairs(members())) await seesCamera(viewer, shown);
  });
  afterAll(async () => {
    await Promise.all(seats.map(({ party }) => party.close()));
    await lab?.close();
    await site?.remove();
  });

  test('fault 2: the server is killed and started again, and the call loses nothing', async () => {
    const pairs = orderedPairs(members());
    for (const [viewer, shown] of pairs) await watchAnew(viewer, shown);
    const lostBefore = await Promise.all(
      pairs.map(([viewer, shown]) => lostPackets(viewer, shown)),
    );
    const beginMs = Date.now();

    await server.kill();
    await noticeServerGone(members());
    await textsArrive(pairs, 'without a server');
    await server.start();
    await rejoinRoom(members(), SERVER_BACK_MAX_MS);

    for (const [viewer, shown] of pairs) {
      expect(await longestGapMs(viewer, shown)).toBeLessThan(GAP_MAX_MS);
      expect(await statesSince(viewer, shown, beginMs)).toEqual([]);
    }
    await expect(
      Promise.all(pairs.map(([viewer, shown]) => lostPackets(viewer, shown))),
    ).resolves.toEqual(lostBefore);
  });
});

function members(): readonly Member[] {
  return seats.map(({ member }) => member);
}

async function takeSeat(name: string, participant: number): Promise<Seat> {
  const host = await lab.host(name, { link: { delayMs: ONE_WAY_MS } });
  const executablePath = await host.wrap(findExecutable('chromium'));
  // Cameras are for secure origins, and this one is of no use to anyone outside.
  const args = [`--unsafely-treat-insecure-origin-as-secure=${server.url}`];
  const party = new Party(() => ChromiumDriver.launch({ executablePath, args }));
  return { host, party, member: await openHarness(party, 'chromium', participant, server.url) };
}

async function longestGapMs(viewer: Member, shown: Member): Promise<number> {
  const report = await viewer.tab.evaluate(
    (name: string) => window.harness.picture(name),
    shown.name,
  );
  return report?.longestGapMs ?? Infinity;
}

/** @returns how many packets of all kinds never came, by the viewer's statistics */
async function lostPackets(viewer: Member, shown: Member): Promise<number> {
  return await viewer.tab.evaluate(async (name: string) => {
    let lost = 0;
    const stats = await window.harness.peer(name).stats();
    for (const entry of stats.values() as Iterable<Record<string, unknown>>) {
      if (entry['type'] === 'inbound-rtp') lost += Number(entry['packetsLost'] ?? 0);
    }
    return lost;
  }, shown.name);
}

/** @returns what the peer's state became since then, by the clock that all pages share */
async function statesSince(
  viewer: Member,
  shown: Member,
  beginMs: number,
): Promise<readonly string[]> {
  return await viewer.tab.evaluate(
    ({ name, sinceMs }) =>
      window.harness.happenings
        .filter(({ what, from, atMs }) => what === 'state' && from === name && atMs >= sinceMs)
        .map(({ detail }) => detail),
    { name: shown.name, sinceMs: beginMs },
  );
}
