import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createServer, type PeerlineServer } from '@peerline/server';
import { bundlePage } from './init-script.ts';

/** A folder with the page that has the SDK on `window.harness`. */
export async function makeHarnessSite(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'peerline-e2e-'));
  await copyFile(new URL('../page/index.html', import.meta.url), join(dir, 'index.html'));
  await writeFile(join(dir, 'harness.js'), await bundlePage('harness.ts', 'esm'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** The built call app. */
export const APP_DIR = fileURLToPath(new URL('../../apps/call/dist', import.meta.url));

/** The server in this process, on a free port. */
export function startServer(staticDir: string): Promise<PeerlineServer> {
  return createServer({ port: 0, staticDir });
}

/** The page with the SDK, and a server in this process that serves it. */
export async function serveHarness(): Promise<{ url: string; close: () => Promise<void> }> {
  const site = await makeHarnessSite();
  const server = await startServer(site.dir);
  const close = async (): Promise<void> => {
    await server.close();
    await site.remove();
  };
  return { url: server.url, close };
}

/** Where, or in which way, a server may run other than here. */
interface ServerMachine {
  readonly address: string;
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

/** Of this machine. */
const HERE = 'localhost';

/** All ports of a machine of its own are free. */
const MACHINE_PORT = 3_000;

/** The server as its command line starts it, to be killed and started again on one port. */
export class ServerProcess {
  readonly url: string;
  readonly #port: number;
  readonly #staticDir: string;
  readonly #machine: ServerMachine | undefined;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(
    port: number,
    staticDir: string,
    machine: ServerMachine | undefined,
    options: readonly string[],
  ) {
    this.#port = port;
    this.#staticDir = staticDir;
    this.#machine = machine;
    this.#options = options;
    this.url = `http://${machine?.address ?? HERE}:${port}`;
  }

  /**
   * @param machine a host of a netlab; this machine where left out
   * @param options further ones of the command line
   */
  static async start(
    staticDir: string,
    machine?: ServerMachine,
    options: readonly string[] = [],
  ): Promise<ServerProcess> {
    const isHere = machine === undefined || machine.address === HERE;
    const port = isHere ? await freePort() : MACHINE_PORT;
    const server = new ServerProcess(port, staticDir, machine, options);
    await server.start();
    return server;
  }

  /** @returns once it says that it is ready */
  async start(): Promise<void> {
    const program = await serverProgram();
    const args = [program, '--port', String(this.#port), '--static', this.#staticDir];
    args.push(...this.#options);
    if (this.#machine !== undefined && this.#machine.address !== HERE) {
      args.push('--host', '0.0.0.0');
    }
    const start = this.#machine?.spawn.bind(this.#machine) ?? spawn;
    const child = start(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('the server has no output');
    this.#child = child;
    const said: string[] = [];
    stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const lines = createInterface({ input: stdout });
    for await (const line of lines) {
      said.push(line);
      if (!line.includes('Peerline is ready')) continue;
      // Nobody reads on, and a full pipe would stop the server. Leaving the loop closes `lines`, which pauses.
      lines.once('close', () => setImmediate(() => stdout.resume()));
      return;
    }
    throw new Error(`the server ended before it was ready:\n${said.join('\n')}`);
  }

  /** Whether it neither was killed nor ended by itself since it was started. */
  get isRunning(): boolean {
    return (
      this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
    );
  }

  /** SIGKILL: no word to anyone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** The program that the package's `bin` names. */
async function serverProgram(): Promise<string> {
  let dir = dirname(fileURLToPath(import.meta.resolve('@peerline/server')));
  for (;;) {
    const text = await readFile(join(dir, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const manifest: unknown = JSON.parse(text);
      const program = binOf(manifest);
      if (program !== undefined) return join(dir, program);
    }
    if (dirname(dir) === dir) throw new Error('@peerline/server names no program');
    dir = dirname(dir);
  }
}

function binOf(manifest: unknown): string | undefined {
  if (typeof manifest !== 'object' || manifest === null || !('bin' in manifest)) return undefined;
  const { bin } = manifest;
  if (typeof bin !== 'object' || bin === null || !('peerline-server' in bin)) return undefined;
  const program = bin['peerline-server'];
  return typeof program === 'string' ? program : undefined;
}

async function freePort(): Promise<number> {
  const probe = createTcpServer().listen(0, 'localhost');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port was found');
  return address.port;
}
