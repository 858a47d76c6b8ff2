import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from '../../e2e/netlab/host.ts';
import { ServerProcess } from '../../e2e/rig/server.ts';
import { Program } from './program.ts';

/** A signaling server, to be killed and started again on the same port. */
export interface SignalingServer {
  /** What pages are told, `http://ADDRESS:PORT`. */
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** What is compared: a library and the server that goes with it. */
export interface Contestant {
  readonly id: ContestantId;
  readonly title: string;
  /** The module that puts it on `window.bench`. */
  readonly page: URL;
  /** Packages whose versions make the result. */
  readonly packages: readonly string[];
  /** @param siteDir the pages of the run, for a server that wants some */
  startServer(host: Host, siteDir: string): Promise<SignalingServer>;
}

export type ContestantId = 'peerline' | 'peerjs' | 'simple-peer';

const PORT = 3_000;

export const CONTESTANTS: readonly Contestant[] = [
  {
    id: 'peerline',
    title: 'Peerline',
    page: new URL('../page/peerline.ts', import.meta.url),
    packages: ['peerline', '@peerline/server'],
    startServer: (host, siteDir) => ServerProcess.start(siteDir, host),
  },
  {
    id: 'peerjs',
    title: 'PeerJS',
    page: new URL('../page/peerjs.ts', import.meta.url),
    packages: ['peerjs', 'peer'],
    startServer: (host) => {
      const program = join(dirname(manifestOf('peer')), 'dist/bin/peerjs.js');
      // Namespaces of the lab have no IPv6, on which it listens by default.
      const args = [program, '--host', '0.0.0.0', '--port', String(PORT)];
      return startProgram(host, args, 'Started PeerServer');
    },
  },
  {
    id: 'simple-peer',
    title: 'simple-peer',
    page: new URL('../page/simple-peer.ts', import.meta.url),
    packages: ['simple-peer', 'socket.io', 'socket.io-client'],
    startServer: (host) => startRelay(host, 'relay.mjs'),
  },
];

export function libraryOf(id: ContestantId): Contestant {
  const found = CONTESTANTS.find((contestant) => contestant.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

/** A program that ends its arguments with the port, and says "relay listens". */
export function startRelay(host: Host, file: string): Promise<SignalingServer> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  return startProgram(host, [program, String(PORT)], 'relay listens');
}

async function startProgram(
  host: Host,
  args: readonly string[],
  readyLine: string,
): Promise<SignalingServer> {
  const program = new Program({ host, command: process.execPath, args, readyLine });
  await program.start();
  return {
    url: `http://${host.address}:${PORT}`,
    start: () => program.start(),
    kill: () => program.kill(),
  };
}

const require = createRequire(import.meta.url);

/**
 * Packages that hide their `package.json` are found by their place on disk.
 *
 * @returns the path of a package's `package.json`
 */
export function manifestOf(name: string): string {
  const folders = require.resolve.paths(name) ?? [];
  const path = folders.map((folder) => join(folder, name, 'package.json')).find(existsSync);
  if (path === undefined) throw new Error(`${name} is not installed: run npm install`);
  return path;
}
