import type { Fault, Measurement } from '../fault.ts';
import { leaveAll, timeJoin } from '../joining.ts';
import { LabCall } from '../lab-call.ts';
import { BOTH_PAIRINGS, storyOf } from '../watching.ts';

/** Decides which packets are lost. */
const SEED = 6;

type Seat = LabCall['seats'][number];

interface Loss {
  readonly id: string;
  readonly title: string;
  readonly loss: number;
  /** Whose link loses: the newcomer's alone, so that no path loses more, or everyone's. */
  readonly where: (call: LabCall) => readonly Seat[];
  readonly maxMs: number;
}

const atNewcomer = (call: LabCall): readonly Seat[] => call.seats.slice(-1);
const atAll = (call: LabCall): readonly Seat[] => call.seats;

/**
 * The matrix asks for paths that lose 10 and 30 %. With both links as bad as that the path between two
 * peers loses 19 and 51 %: beyond the matrix, and held to bounds of our own.
 */
export const losses: readonly Fault[] = [
  setUpOver({
    id: '6a',
    title: "The newcomer's link loses 10 %, each way",
    loss: 0.1,
    where: atNewcomer,
    maxMs: 1_500,
  }),
  setUpOver({
    id: '6b',
    title: 'Both links lose 10 %: 19 % between the two',
    loss: 0.1,
    where: atAll,
    maxMs: 2_500,
  }),
  setUpOver({
    id: '7a',
    title: "The newcomer's link loses 30 %, each way",
    loss: 0.3,
    where: atNewcomer,
    maxMs: 15_000,
  }),
  setUpOver({
    id: '7b',
    title: 'Both links lose 30 %: 51 % between the two',
    loss: 0.3,
    where: atAll,
    maxMs: 40_000,
  }),
];

function setUpOver({ id, title, loss, where, maxMs }: Loss): Fault {
  return {
    id,
    title,
    expected: {
      unit: 'ms',
      max: maxMs,
      at: 'p95',
      what: 'from joining to the first frame, both ways',
    },
    pairings: BOTH_PAIRINGS,
    runs: { full: 20, short: 0 },
    setUp: async (pairing) => {
      const call = await LabCall.open(pairing, { seed: SEED });
      return { run: () => joinOver(call, where(call), loss), close: () => call.close() };
    },
  };
}

async function joinOver(call: LabCall, lossy: readonly Seat[], loss: number): Promise<Measurement> {
  const beginMs = Date.now();
  for (const { host } of lossy) await host.link.set({ loss });
  try {
    const { ms, steps } = await timeJoin(call);
    for (const { host } of lossy) await host.link.set({ loss: 0 });
    await leaveAll(call);
    return { value: ms, note: `seed ${SEED}; ${steps}` };
  } catch (error) {
    throw new Error(`seed ${SEED}; ${await storyOf(call, beginMs)}`, { cause: error });
  }
}
