import type { Measured, Scenario } from '../suite/scenario.ts';
import { RELAYS, startDecoy, startFlooder, startLoaded } from './contestants.ts';
import type { Worker } from './worker.ts';

const QUIET_CLIENTS = 1_000;
const PACE = { do: 'pace', perSecond: 500, seconds: 10, bytes: 700 };
const MEGABYTE = 1024 * 1024;
/** How often memory is looked at while it is flooded. */
const LOOK_EVERY_MS = 100;

const METHOD = `1,000 members in rooms of four, from 125 addresses, say 500 things a second to each other,
evenly, for ten seconds. *Flooded*: meanwhile another address does all it can, with a process of its own: floods of
messages, to nobody, and to someone who does not read; of pongs; of frames of 120 kB; of connections and of requests;
TCP connections on which nothing comes. Whoever is cut comes back at once. The server has a core for itself;
clients and flooder share the other one, the clients first. *Floods elsewhere*: the same flood goes to another server
on the flooder's core, which tells what the flooder takes from the clients that measure. Memory is what the server
has more at its highest than with its clients at rest.`;

/** One flooder beside a thousand who are quiet. */
export const FLOOD: Scenario = {
  id: 'flood',
  title: 'One flooder beside 1,000 quiet clients',
  method: METHOD,
  contestants: [
    { id: 'calm', title: 'Nobody floods', packages: [] },
    { id: 'elsewhere', title: 'One address floods elsewhere', packages: [] },
    { id: 'flooded', title: 'One address floods', packages: [] },
  ],
  metrics: [
    { id: 'p50', what: 'relay latency of the quiet, median', unit: 'ms', better: 'less' },
    { id: 'p99', what: 'relay latency of the quiet, 99th percentile', unit: 'ms', better: 'less' },
    {
      id: 'lost',
      what: 'messages of the quiet that did not arrive',
      unit: 'count',
      better: 'less',
    },
    { id: 'growth', what: 'memory of the server, more than at rest', unit: 'MB', better: 'less' },
  ],
  aims: [
    { metric: 'p99', contestant: 'flooded', over: 'calm', is: 'at most', bound: 2 },
    { metric: 'lost', contestant: 'flooded', is: 'at most', bound: 0 },
    { metric: 'growth', contestant: 'flooded', is: 'at most', bound: 50 },
  ],
  runs: 5,
  needs: 'nothing',
  open: () => Promise.resolve({ measure, close: () => Promise.resolve() }),
};

async function measure(contestant: string): Promise<Measured> {
  const { server, load, port, close } = await startLoaded(RELAYS.peerline);
  try {
    await load.tell({ do: 'open', dialect: 'peerline', port, count: QUIET_CLIENTS });
    // Code is compiled as it is used; the first seconds of a server would be compared with later ones.
    await load.tell({ ...PACE, seconds: 3 });
    const restBytes = await server.settledRssBytes();
    const flood = await startFlood(contestant, port);
    let highestBytes = 0;
    const timer = setInterval(() => {
      void server.rssBytes().then((bytes) => (highestBytes = Math.max(highestBytes, bytes)));
    }, LOOK_EVERY_MS);
    try {
      const { sent = 0, arrived = 0, p50Ms = 0, p99Ms = 0 } = await load.tell(PACE);
      const done = await flood?.flooder.tell({ do: 'report' });
      return {
        values: {
          p50: p50Ms,
          p99: p99Ms,
          lost: sent - arrived,
          growth: (highestBytes - restBytes) / MEGABYTE,
        },
        ...(done && { note: `the flooder: ${JSON.stringify(done)}` }),
      };
    } finally {
      clearInterval(timer);
      await flood?.end();
    }
  } finally {
    await close();
  }
}

interface Flood {
  readonly flooder: Worker;
  readonly end: () => Promise<void>;
}

async function startFlood(contestant: string, port: number): Promise<Flood | undefined> {
  if (contestant === 'calm') return undefined;
  const decoy = contestant === 'elsewhere' ? await startDecoy(RELAYS.peerline) : undefined;
  const flooder = startFlooder(decoy?.port ?? port);
  const end = async (): Promise<void> => {
    await flooder.close();
    await decoy?.close();
  };
  return { flooder, end };
}
