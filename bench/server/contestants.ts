import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServerProcess, Worker } from './worker.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bytes of each message that sets one pair up, camera, microphone and data, in turn by both ends. */
export interface CallTraffic {
  readonly sizes: readonly number[];
}

export interface Relay extends CallTraffic {
  readonly dialect: 'peerline' | 'peerserver' | 'tutorial' | 'bare';
  readonly args: (port: number) => readonly string[];
  readonly readyText: string;
}

/** Sealed, packed and filled up (SPEC.md, SEAL5): a description each, and the candidates behind it. */
const PEERLINE_CALL = [2_760, 2_760, 370, 370];

/** What PeerJS sends for a call and a data connection: two descriptions each, candidates one by one. */
const PEERJS_CALL = [6_200, 6_000, 1_100, 1_100, ...Array.from({ length: 11 }, () => 260)];

/** simple-peer, trickling: a description each, candidates one by one. */
const SIMPLE_PEER_CALL = [6_400, 6_200, ...Array.from({ length: 8 }, () => 240)];

export const RELAYS = {
  peerline: {
    dialect: 'peerline',
    sizes: PEERLINE_CALL,
    readyText: 'is ready at',
    args: (port) => [
      // As `npm start` has it.
      '--max-semi-space-size=2',
      '--single-threaded-gc',
      at('../../packages/server/dist/cli/main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), '--stun-port', 'off'],
      ...['--log-level', 'warn'],
    ],
  },
  peerserver: {
    dialect: 'peerserver',
    sizes: PEERJS_CALL,
    readyText: 'Started',
    args: (port) => [
      at('../../node_modules/peer/dist/bin/peerjs.js'),
      ...['--port', String(port), '--host', '127.0.0.1', '--path', '/'],
      ...['--concurrent_limit', '20000'],
    ],
  },
  tutorial: {
    dialect: 'tutorial',
    sizes: SIMPLE_PEER_CALL,
    readyText: 'listens',
    args: (port) => [at('../contestants/relay.mjs'), String(port)],
  },
  bare: {
    dialect: 'bare',
    sizes: PEERLINE_CALL,
    readyText: 'listens',
    args: (port) => [at('bare-relay.mjs'), String(port)],
  },
} as const satisfies Record<string, Relay>;

/** A server that has begun, and what has clients for it. */
export interface Loaded {
  readonly server: ServerProcess;
  readonly load: Worker;
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function startLoaded(relay: Relay): Promise<Loaded> {
  const port = await freePort();
  const server = await ServerProcess.start(relay.args(port), relay.readyText);
  const load = new Worker(at('load.mjs'));
  const close = async (): Promise<void> => {
    await load.close();
    await server.close();
  };
  return { server, load, port, close };
}

/** What floods a server, behind everyone else on its core. */
export function startFlooder(port: number): Worker {
  return new Worker(at('flooder.mjs'), [String(port), '127.99.0.1'], 'behind-all');
}

/** A server that nobody but a flooder uses, on the flooder's core. */
export async function startDecoy({
  args,
  readyText,
}: Relay): Promise<Pick<Loaded, 'port' | 'close'>> {
  const port = await freePort();
  const server = await ServerProcess.start(args(port), readyText, 'load-core');
  return { port, close: () => server.close() };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
