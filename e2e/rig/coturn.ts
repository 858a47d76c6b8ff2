import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from './executables.ts';
import { TurnClient, type Credentials } from './turn-client.ts';

/** What ships; the tests change nothing of it but where it listens and what is named here. */
const SHIPPED = new URL('../../deploy/coturn.conf', import.meta.url);

export const TURN_SECRET = 'of the tests alone';

/** Relay ports stay below those that the system hands out by itself. */
const RELAY_PORTS = { min: 20_000, max: 20_999 };

export interface CoturnOptions {
  /** Lets the machine itself be a peer, as two browsers on it are. The shipped lists refuse it. */
  readonly allowLoopback: boolean;
}

/** A coturn on loopback under the shipped configuration. */
export class Coturn {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #onExit: () => void;

  private constructor(port: number, child: ChildProcess, dir: string) {
    this.port = port;
    this.#child = child;
    this.#dir = dir;
    this.#onExit = () => child.kill('SIGKILL');
    process.once('exit', this.#onExit);
  }

  /** @returns once it answers */
  static async start(options: CoturnOptions): Promise<Coturn> {
    const dir = await mkdtemp(join(tmpdir(), 'peerline-coturn-'));
    const port = await freePort();
    const path = join(dir, 'coturn.conf');
    const shipped = await readFile(SHIPPED, 'utf8');
    await writeFile(path, configure(shipped, { dir, port, ...options }), { mode: 0o600 });
    const child = spawn(findExecutable('turnserver'), ['-c', path], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    }
    const coturn = new Coturn(port, child, dir);
    const client = await TurnClient.open(port);
    try {
      await client.binding();
    } catch (error) {
      await coturn.stop();
      throw new Error(`coturn did not come up:\n${said.join('')}`, { cause: error });
    } finally {
      client.close();
    }
    return coturn;
  }

  async stop(): Promise<void> {
    process.off('exit', this.#onExit);
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** Credentials as the signaling server makes them, computed here by the book (SPEC.md, ICE2). */
export function credentialsUntil(unixSeconds: number, secret = TURN_SECRET): Credentials {
  const username = `${unixSeconds}:test`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

function configure(
  shipped: string,
  { dir, port, allowLoopback }: CoturnOptions & { readonly dir: string; readonly port: number },
): string {
  const changes = new Map([
    ['static-auth-secret', TURN_SECRET],
    ['listening-port', String(port)],
    ['listening-ip', '127.0.0.1'],
    ['min-port', String(RELAY_PORTS.min)],
    ['max-port', String(RELAY_PORTS.max)],
    ['pidfile', join(dir, 'pid')],
    ['userdb', join(dir, 'db')],
    ['log-file', 'stdout'],
  ]);
  const kept = shipped.split('\n').filter((line) => {
    const [key = ''] = line.split('=');
    return !changes.has(key) && key !== 'tls-listening-port';
  });
  return [
    ...kept,
    ...[...changes].map(([key, value]) => `${key}=${value}`),
    'relay-ip=127.0.0.1',
    'relay-ip=::1',
    'no-tls',
    'relay-threads=1',
    ...(allowLoopback ? ['allow-loopback-peers', 'allowed-peer-ip=127.0.0.1'] : []),
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
