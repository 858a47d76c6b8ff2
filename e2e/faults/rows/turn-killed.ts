import type { Fault, Measurement } from '../fault.ts';
import { LabCall } from '../lab-call.ts';
import { ownRelay, TurnServers } from '../turn-servers.ts';
import { BOTH_PAIRINGS, checkSamePeer, picturesFlow, rememberPeer, storyOf } from '../watching.ts';

const WAIT_MAX_MS = 60_000;

export const turnKilled: Fault = {
  id: '29',
  title: 'The TURN server in use is killed, another one is there',
  expected: {
    unit: 'ms',
    max: 8_000,
    at: 'p95',
    what: 'the picture flows both ways again after the kill, over the other server; the same Peer',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 0 },
  setUp: async (pairing) => {
    const servers = new TurnServers();
    const call = await LabCall.begin(
      pairing,
      {
        serverOptions: async (lab) => {
          await servers.add(lab, 'turn1');
          await servers.add(lab, 'turn2');
          return servers.options;
        },
      },
      { relayOnly: true },
    );
    return {
      run: (run) => killOne(call, servers, run),
      close: async () => {
        await call.close();
        await servers.close();
      },
    };
  },
};

async function killOne(call: LabCall, servers: TurnServers, run: number): Promise<Measurement> {
  const [annToBen, benToAnn] = call.pairs;
  // By turns, so that it is the relay of either browser.
  const pair = run % 2 === 1 ? annToBen : benToAnn;
  if (pair === undefined) throw new Error('nobody is here');
  for (const one of call.pairs) await rememberPeer(one);
  const relay = await ownRelay(pair);
  if (relay === undefined) throw new Error('no relay of its own is in use');
  const beginMs = Date.now();
  const startAgain = await servers.kill(relay.address);
  try {
    const value = await picturesFlow(call, beginMs, WAIT_MAX_MS);
    for (const one of call.pairs) await checkSamePeer(one, beginMs);
    const story = await storyOf(call, beginMs);
    // The one that is killed next is to find this one there.
    await startAgain();
    return { value, note: `the relay of ${pair[0].name} over ${relay.protocol}; ${story}` };
  } catch (error) {
    throw new Error(await storyOf(call, beginMs), { cause: error });
  }
}
