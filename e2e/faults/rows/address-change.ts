import type { Fault, Measurement } from '../fault.ts';
import { LabCall } from '../lab-call.ts';
import {
  BOTH_PAIRINGS,
  callIsWell,
  checkSamePeer,
  picturesFlow,
  rememberPeer,
  storyOf,
} from '../watching.ts';

const WAIT_MAX_MS = 45_000;

export const addressChange: Fault = {
  id: '11',
  title: 'The IP address changes',
  expected: {
    unit: 'ms',
    max: 3_000,
    at: 'p95',
    what: 'the picture flows both ways again after the change; the same Peer',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 0 },
  setUp: async (pairing) => {
    const call = await LabCall.begin(pairing);
    return { run: (run) => change(call, run), close: () => call.close() };
  },
};

async function change(call: LabCall, run: number): Promise<Measurement> {
  const { host, member } = call.seats[run % 2 === 1 ? 0 : 1];
  await callIsWell(call);
  for (const pair of call.pairs) await rememberPeer(pair);
  const beginMs = Date.now();
  await host.changeAddress();
  try {
    const value = await picturesFlow(call, beginMs, WAIT_MAX_MS);
    for (const pair of call.pairs) await checkSamePeer(pair, beginMs);
    return { value, note: `at ${member.name}; ${await storyOf(call, beginMs)}` };
  } catch (error) {
    throw new Error(await storyOf(call, beginMs), { cause: error });
  }
}
