import type { Traffic } from '../../netlab/router.ts';
import type { Fault, Measurement } from '../fault.ts';
import { leaveAll, timeJoin } from '../joining.ts';
import { LabCall, type LabCallOptions } from '../lab-call.ts';
import { ownRelay, TurnServers, waitRelayed } from '../turn-servers.ts';
import { BOTH_PAIRINGS, storyOf } from '../watching.ts';

/** What stands between two members and a direct way. */
interface Obstacle {
  readonly id: string;
  readonly title: string;
  readonly maxMs: number;
  readonly nat?: LabCallOptions['nat'];
  readonly blocked: readonly Traffic[];
  /** How the TURN server may be reached: TLS goes over TCP, and a browser may take either. */
  readonly protocols: readonly ('udp' | 'tcp' | 'tls')[];
  readonly short: number;
}

const TLS_PORT = 443;
/** Of the signaling server, without which nobody would meet. */
const SIGNALING_PORT = 3_000;

const OBSTACLES: readonly Obstacle[] = [
  {
    id: '12a',
    title: 'UDP is blocked: TURN over TCP',
    maxMs: 5_000,
    blocked: [{ protocol: 'udp' }],
    protocols: ['tcp', 'tls'],
    short: 1,
  },
  {
    id: '12b',
    title: 'All but TCP 443 is blocked: TURN over TLS',
    maxMs: 8_000,
    blocked: [{ protocol: 'udp' }, { protocol: 'tcp', except: [TLS_PORT, SIGNALING_PORT] }],
    protocols: ['tls'],
    short: 0,
  },
  {
    id: '13',
    title: 'Both are behind symmetric NAT: a relay',
    maxMs: 3_000,
    nat: 'symmetric',
    blocked: [],
    protocols: ['udp'],
    short: 1,
  },
];

export const relays: readonly Fault[] = OBSTACLES.map((obstacle) => ({
  id: obstacle.id,
  title: obstacle.title,
  expected: {
    unit: 'ms',
    max: obstacle.maxMs,
    at: 'p95',
    what: `from joining to the first frame, both ways, over a relay that is reached by ${obstacle.protocols.join(' or ').toUpperCase()}`,
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: obstacle.short },
  setUp: async (pairing) => {
    const { nat, blocked } = obstacle;
    const servers = new TurnServers();
    const call = await LabCall.open(pairing, {
      ...(nat === undefined ? {} : { nat }),
      serverOptions: async (lab) => {
        await servers.add(lab);
        return servers.options;
      },
    });
    for (const { host } of call.seats) {
      for (const traffic of blocked) await host.block(traffic);
    }
    return {
      run: () => joinOver(call, obstacle),
      close: async () => {
        await call.close();
        await servers.close();
      },
    };
  },
}));

async function joinOver(call: LabCall, { protocols }: Obstacle): Promise<Measurement> {
  const beginMs = Date.now();
  try {
    const { ms: value } = await timeJoin(call);
    const ways: string[] = [];
    for (const pair of call.pairs) {
      await waitRelayed(pair);
      // Where the other's relay is all that is used, one's own candidate is another kind.
      const relay = await ownRelay(pair);
      if (relay !== undefined) ways.push(relay.protocol);
    }
    if (ways.length === 0 || ways.some((way) => protocols.every((one) => one !== way))) {
      throw new Error(`the relays were reached by ${ways.join(', ')}, not by ${protocols.join()}`);
    }
    await leaveAll(call);
    return { value };
  } catch (error) {
    throw new Error(await storyOf(call, beginMs), { cause: error });
  }
}
