import {
  noticeServerGone,
  rejoinRoom,
  textsArrive,
  watchAnew,
  type Member,
} from '../../rig/call.ts';
import type { Fault, Measurement } from '../fault.ts';
import { LabCall } from '../lab-call.ts';
import { BOTH_PAIRINGS } from '../watching.ts';

/** Of the matrix: 99 of 100 members are back by then. */
const BACK_MAX_MS = 10_000;

/** Several frames' time, and far less than anything that a fault of the call would cost. */
const GAP_MAX_MS = 500;

export const serverRestart: Fault = {
  id: '2',
  title: 'The server is killed and started again',
  expected: {
    unit: 'ms',
    max: BACK_MAX_MS,
    at: 'p95',
    what: 'both in the room again after the server is ready, the call having lost no packet and no state',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 1 },
  setUp: async (pairing) => {
    const call = await LabCall.begin(pairing);
    return { run: () => restartServer(call), close: () => call.close() };
  },
};

async function restartServer({ pairs, members, server }: LabCall): Promise<Measurement> {
  for (const [viewer, shown] of pairs) await watchAnew(viewer, shown);
  const lostBefore = await Promise.all(pairs.map(lostPackets));
  const beginMs = Date.now();

  await server.kill();
  await noticeServerGone(members, beginMs);
  await textsArrive(pairs, `without a server since ${beginMs}`);
  await server.start();
  const readyMs = Date.now();
  await rejoinRoom(members, BACK_MAX_MS * 2);
  const backMs = Math.max(...(await Promise.all(members.map((one) => joinedAt(one, readyMs)))));

  const lost = (await Promise.all(pairs.map(lostPackets))).map(
    (count, index) => count - (lostBefore[index] ?? 0),
  );
  const gapsMs = await Promise.all(pairs.map(longestGapMs));
  const states = (await Promise.all(pairs.map((pair) => statesSince(pair, beginMs)))).flat();
  const note = `${Math.max(...lost)} packets lost, longest gap ${Math.round(Math.max(...gapsMs))} ms`;
  if (lost.some((count) => count > 0) || gapsMs.some((gapMs) => gapMs > GAP_MAX_MS)) {
    throw new Error(`the call suffered: ${note}`);
  }
  if (states.length > 0) throw new Error(`the peers became ${states.join(', ')}`);
  return { value: Math.max(backMs - readyMs, 0), note };
}

type Pair = readonly [Member, Member];

/** @returns when the room was last entered again, by the clock that all share */
async function joinedAt({ tab }: Member, otherwiseMs: number): Promise<number> {
  const atMs = await tab.evaluate(
    () =>
      window.harness.happenings.findLast(
        ({ what, detail }) => what === 'room' && detail === 'joined',
      )?.atMs,
  );
  return atMs ?? otherwiseMs;
}

async function longestGapMs([viewer, shown]: Pair): Promise<number> {
  const report = await viewer.tab.evaluate(
    (name: string) => window.harness.picture(name),
    shown.name,
  );
  return report?.longestGapMs ?? Infinity;
}

/** @returns how many packets of all kinds never came, by the viewer's statistics */
async function lostPackets([viewer, shown]: Pair): Promise<number> {
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
async function statesSince([viewer, shown]: Pair, beginMs: number): Promise<readonly string[]> {
  return await viewer.tab.evaluate(
    ({ name, sinceMs }) =>
      window.harness.happenings
        .filter(({ what, from, atMs }) => what === 'state' && from === name && atMs >= sinceMs)
        .map(({ detail }) => detail),
    { name: shown.name, sinceMs: beginMs },
  );
}
