import { rejoinRoom, type Member } from '../../rig/call.ts';
import type { Traffic } from '../../netlab/router.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement } from '../fault.ts';
import { LabCall } from '../lab-call.ts';
import { BOTH_PAIRINGS } from '../watching.ts';
import { happened, requireUndisturbed, watchAll } from './observe.ts';

/** Long enough to see by how much it was missed. */
const WAIT_MS = 30_000;

/**
 * The way between one member and the server swallows everything, and neither is told. Looked at from
 * the member's page, and from the other one's, which asks the server how many it counts.
 */
async function goHalfOpen({ seats, pairs, server }: LabCall): Promise<Measurement> {
  const [{ host, member: cut }, { member: other }] = seats;
  const flow: Traffic = { protocol: 'tcp', port: Number(new URL(server.url).port) };
  const watchedMs = await watchAll(pairs);
  await membersCounted(other, 2);

  const cutMs = Date.now();
  await host.block(flow);
  let noticedMs: readonly number[];
  try {
    noticedMs = await Promise.all([
      happened(
        cut,
        { what: 'room', from: '', detail: 'reconnecting', sinceMs: cutMs },
        WAIT_MS,
      ).then(({ atMs }) => atMs),
      membersCounted(other, 1),
    ]);
  } finally {
    await host.unblock(flow);
  }
  const unblockedMs = Date.now();
  await rejoinRoom([cut], WAIT_MS);
  const backMs = Date.now();
  await membersCounted(other, 2);
  await requireUndisturbed(pairs, watchedMs);

  const [member, counted] = noticedMs.map((atMs) => atMs - cutMs);
  return {
    value: Math.max(...noticedMs) - cutMs,
    note: `member after ${member} ms, server after ${counted} ms; back ${backMs - unblockedMs} ms after the way was free`,
  };
}

/** @returns when the server counted so many in all rooms */
async function membersCounted({ tab }: Member, wanted: number): Promise<number> {
  return await waitFor(
    tab,
    `the server to count ${wanted}`,
    async (count: number) => {
      const health = (await (await fetch('/healthz')).json()) as { readonly peers: number };
      return health.peers === count ? Date.now() : undefined;
    },
    wanted,
    WAIT_MS,
  );
}

export const halfOpen: Fault = {
  id: '3',
  title: 'Half-open connection to the server',
  expected: {
    unit: 'ms',
    max: 8_000,
    at: 'worst',
    what: 'noticed at both ends; then one membership again, and the call has no gap',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 1 },
  setUp: async (pairing) => {
    const call = await LabCall.begin(pairing);
    return { run: () => goHalfOpen(call), close: () => call.close() };
  },
};
