import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Where programs may run other than here. */
export interface InnerMachine {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

/** A TCP port of a machine's own loopback, as a port of ours. */
export interface WayOut {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Makes a port on the loopback of a namespace reachable from outside it, on loopback here. Unix
 * sockets belong to the file system, which namespaces of networks share.
 */
export async function openWayOut(machine: InnerMachine, innerPort: number): Promise<WayOut> {
  const directory = await mkdtemp(join(tmpdir(), 'peerline-way-out-'));
  const path = join(directory, 'socket');
  const program = fileURLToPath(new URL('relay-inside.mjs', import.meta.url));
  const relay = machine.spawn(process.execPath, [program, path, String(innerPort)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (relay.stdout === null) throw new Error('the relay has no output');
  const lines = createInterface({ input: relay.stdout });
  const [isListening] = await Promise.race([
    once(lines, 'line').then(() => [true]),
    once(relay, 'exit').then(() => [false]),
  ]);
  if (isListening !== true) throw new Error('the relay in the namespace ended at once');

  const sockets = new Set<Socket>();
  const server = createServer((here) => {
    const there = connect(path);
    here.pipe(there).pipe(here);
    here.on('error', () => there.destroy());
    there.on('error', () => here.destroy());
    sockets.add(here.on('close', () => sockets.delete(here)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await endProcess(relay);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** SIGKILL where it still runs. @returns once it has ended */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
