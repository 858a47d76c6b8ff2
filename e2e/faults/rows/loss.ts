import type { Fault, Measurement } from '../fault.ts';
import { leaveAll, timeJoin } from '../joining.ts';
import { LabCall } from '../lab-call.ts';
import { BOTH_PAIRINGS, storyOf } from '../watching.ts';

/** Decides which packets are lost. */
const SEED = 6;

export const losses: readonly Fault[] = [setUpOver('6', 0.1, 1_500), setUpOver('7', 0.3, 15_000)];

function setUpOver(id: string, loss: number, max: number): Fault {
  return {
    id,
    title: `Every member's link loses ${loss * 100} %, each way`,
    expected: { unit: 'ms', max, at: 'p95', what: 'from joining to the first frame, both ways' },
    pairings: BOTH_PAIRINGS,
    runs: { full: 20, short: 0 },
    setUp: async (pairing) => {
      const call = await LabCall.open(pairing, { seed: SEED });
      return { run: () => joinOver(call, loss), close: () => call.close() };
    },
  };
}

async function joinOver(call: LabCall, loss: number): Promise<Measurement> {
  const beginMs = Date.now();
  for (const { host } of call.seats) await host.link.set({ loss });
  try {
    const value = await timeJoin(call);
    for (const { host } of call.seats) await host.link.set({ loss: 0 });
    await leaveAll(call);
    return { value, note: `seed ${SEED}` };
  } catch (error) {
    throw new Error(`seed ${SEED}; ${await storyOf(call, beginMs)}`, { cause: error });
  }
}
