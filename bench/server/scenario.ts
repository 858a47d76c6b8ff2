import type { Measured, Scenario, Values } from '../suite/scenario.ts';
import { RELAYS, startLoaded, type Relay } from './contestants.ts';

const STORM_JOINS = 5_000;
const IDLE_CONNECTIONS = 10_000;
const CALLS = 4_000;
const CALLS_AT_ONCE = 50;
const TALKING = 1_000;
const PACE = { do: 'pace', perSecond: 3_000, seconds: 10, bytes: 700 };
const WARM_UP = { do: 'pace', perSecond: 3_000, seconds: 3, bytes: 700 };

const METHOD = `Each server has a core for itself, and one generator of raw WebSockets, the same for all, the other.
Processor time is the server process' own, from the kernel. *Join*: 5,000 clients come into rooms of four, 64 at a
time, connection and WebSocket handshake included. *Idle*: memory at rest with 10,000 connections, less that with
none. *Call*: 4,000 calls by 1,000 clients, 50 at a time, each as the messages that its library sends to set one pair
up with camera, microphone and data; the bare relay carries Peerline's. *Latency*: 1,000 clients say 3,000 things a
second.`;

/** What introducing people costs a server. */
export const SERVER: Scenario = {
  id: 'server',
  title: 'What a call costs the server',
  method: METHOD,
  contestants: [
    { id: 'peerline', title: 'Peerline', packages: [] },
    { id: 'peerserver', title: 'PeerServer', packages: ['peer'] },
    { id: 'tutorial', title: 'Socket.IO as in tutorials', packages: ['socket.io'] },
    { id: 'bare', title: 'ws, bare', packages: ['ws'] },
  ],
  metrics: [
    { id: 'join', what: 'processor time for a join', unit: 'ms', better: 'less' },
    { id: 'idle', what: 'memory for an idle connection', unit: 'kB', better: 'less' },
    { id: 'call', what: 'processor time for the relays of a call', unit: 'ms', better: 'less' },
    { id: 'callWithJoins', what: 'the same with both joins', unit: 'ms', better: 'less' },
    { id: 'callsPerSecond', what: 'calls a second', unit: 'count', better: 'more' },
    { id: 'p99', what: 'relay latency, 99th percentile', unit: 'ms', better: 'less' },
  ],
  aims: [
    { metric: 'join', contestant: 'peerline', over: 'tutorial', is: 'at most', bound: 1 },
    { metric: 'idle', contestant: 'peerline', is: 'at most', bound: 16 },
    { metric: 'call', contestant: 'peerline', over: 'peerserver', is: 'at most', bound: 0.35 },
    { metric: 'call', contestant: 'peerline', over: 'tutorial', is: 'at most', bound: 0.35 },
    { metric: 'p99', contestant: 'peerline', over: 'bare', is: 'at most', bound: 1.5 },
  ],
  runs: 3,
  needs: 'nothing',
  open: () => Promise.resolve({ measure, close: () => Promise.resolve() }),
};

async function measure(contestant: string): Promise<Measured> {
  const relays: Readonly<Record<string, Relay>> = RELAYS;
  const relay = relays[contestant];
  if (relay === undefined) throw new Error(`there is no ${contestant}`);
  const crowd = await measureCrowd(relay);
  const talk = await measureTalk(relay);
  const callWithJoins = (talk['call'] ?? 0) + 2 * (crowd['join'] ?? 0);
  return { values: { ...crowd, ...talk, callWithJoins } };
}

/** Very many who join and say nothing. */
async function measureCrowd(relay: Relay): Promise<Values> {
  const { server, load, port, close } = await startLoaded(relay);
  try {
    const order = { do: 'open', dialect: relay.dialect, port };
    const emptyBytes = await server.settledRssBytes();
    // The first ones compile the code.
    await load.tell({ ...order, count: 1_000 });
    const beganMs = await server.cpuMs();
    await load.tell({ ...order, count: STORM_JOINS });
    const join = ((await server.cpuMs()) - beganMs) / STORM_JOINS;
    await load.tell({ ...order, count: IDLE_CONNECTIONS - STORM_JOINS - 1_000 });
    const fullBytes = await server.settledRssBytes();
    return { join, idle: (fullBytes - emptyBytes) / IDLE_CONNECTIONS / 1_000 };
  } finally {
    await close();
  }
}

/** Some who talk. */
async function measureTalk(relay: Relay): Promise<Values> {
  const { server, load, port, close } = await startLoaded(relay);
  try {
    await load.tell({ do: 'open', dialect: relay.dialect, port, count: TALKING });
    await load.tell(WARM_UP);
    const { p99Ms = 0, sent, arrived } = await load.tell(PACE);
    if (sent !== arrived) throw new Error(`${arrived} of ${sent} messages arrived`);
    const beganMs = await server.cpuMs();
    const { tookMs = 0 } = await load.tell({
      ...{ do: 'calls', count: CALLS, sizes: relay.sizes, atOnce: CALLS_AT_ONCE },
    });
    const call = ((await server.cpuMs()) - beganMs) / CALLS;
    return { p99: p99Ms, call, callsPerSecond: CALLS / (tookMs / 1_000) };
  } finally {
    await close();
  }
}
