import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from './executables.ts';
import { testAuthority } from './test-authority.ts';
import { TurnClient, type Credentials } from './turn-client.ts';
import type { InnerMachine } from './way-out.ts';

/** What ships; the tests change nothing of it but where it listens and what is named here. */
const SHIPPED = new URL('../../deploy/coturn.conf', import.meta.url);

export const TURN_SECRET = 'of the tests alone';

/** Relay ports stay below those that the system hands out by itself. */
const RELAY_PORTS = { min: 20_000, max: 20_999 };

const LOOPBACK = '127.0.0.1';

/** As deploy/coturn.conf has them. */
const SHIPPED_PORT = 3_478;
const TLS_PORT = 443;

/** A program for Node: waits up to 5 s until a TCP port is open. */
const CONNECT = `
const [host, port] = process.argv.slice(1);
const endMs = Date.now() + 5000;
const attempt = () => require('node:net').connect(Number(port), host)
  .on('connect', () => process.exit(0))
  .on('error', () => (Date.now() > endMs ? process.exit(1) : setTimeout(attempt, 20)));
attempt();
`;

export interface CoturnOptions {
  /** Lets the machine itself be a peer, as two browsers on it are. The shipped lists refuse it. */
  readonly allowLoopback: boolean;
  /** In place of this machine as it is; see `shiftedClock`. */
  readonly machine?: InnerMachine;
}

/** Where coturn may run other than here. */
interface TurnMachine extends InnerMachine {
  readonly address: string;
  readonly hostName: string;
  run(command: string, args: readonly string[]): Promise<string>;
}

type Place = Pick<TurnMachine, 'address'> & Partial<Pick<TurnMachine, 'hostName'>>;

/** A coturn under the shipped configuration: on loopback, or on a machine of a netlab. */
export class Coturn {
  readonly port: number;
  /** Where its relays are. */
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #onExit: () => void;

  /** For TLS: Firefox takes no certificate for an address there. */
  readonly #name: string;

  private constructor(
    { address, hostName = address }: Place,
    port: number,
    child: ChildProcess,
    dir: string,
  ) {
    this.address = address;
    this.#name = hostName;
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
    const changes = onLoopback(dir, port, options);
    const { machine = { spawn } } = options;
    const { coturn, said } = await Coturn.#spawn(
      machine,
      { address: LOOPBACK },
      port,
      dir,
      changes,
    );
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

  /**
   * On the ports that ship, with TLS on 443 under a certificate of the tests' authority.
   *
   * @param secret shared with whoever mints credentials; that of all tests where left out
   * @returns once its ports are open
   */
  static async startOn(machine: TurnMachine, secret = TURN_SECRET): Promise<Coturn> {
    const dir = await mkdtemp(join(tmpdir(), 'peerline-coturn-'));
    const { address } = machine;
    const changes = await onMachine(dir, machine, secret);
    const { coturn, said } = await Coturn.#spawn(machine, machine, SHIPPED_PORT, dir, changes);
    try {
      for (const port of [SHIPPED_PORT, TLS_PORT]) {
        await machine.run(process.execPath, ['-e', CONNECT, address, String(port)]);
      }
    } catch (error) {
      await coturn.stop();
      throw new Error(`coturn did not come up:\n${said.join('')}`, { cause: error });
    }
    return coturn;
  }

  static async #spawn(
    machine: InnerMachine,
    place: Place,
    port: number,
    dir: string,
    changes: Changes,
  ): Promise<{ readonly coturn: Coturn; readonly said: readonly string[] }> {
    const path = join(dir, 'coturn.conf');
    await writeFile(path, configure(await readFile(SHIPPED, 'utf8'), changes), { mode: 0o600 });
    const child = machine.spawn(findExecutable('turnserver'), ['-c', path], {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    }
    return { coturn: new Coturn(place, port, child, dir), said };
  }

  /** Every way to it that a server would tell its clients of. */
  get urls(): readonly string[] {
    const { address, port } = this;
    return [
      `turn:${address}:${port}`,
      `turn:${address}:${port}?transport=tcp`,
      `turns:${this.#name}:${TLS_PORT}?transport=tcp`,
    ];
  }

  /** SIGKILL, as all of it: nothing here is worth an orderly end. */
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

/** What is set otherwise than it ships, and what is left out of it. */
interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly without: readonly string[];
  readonly more: readonly string[];
}

function inFolder(dir: string, secret: string): readonly (readonly [string, string])[] {
  return [
    ['static-auth-secret', secret],
    ['pidfile', join(dir, 'pid')],
    ['userdb', join(dir, 'db')],
    ['log-file', 'stdout'],
    ['relay-threads', '1'],
  ];
}

function onLoopback(dir: string, port: number, { allowLoopback }: CoturnOptions): Changes {
  return {
    set: new Map([
      ...inFolder(dir, TURN_SECRET),
      ['listening-port', String(port)],
      ['listening-ip', LOOPBACK],
      ['min-port', String(RELAY_PORTS.min)],
      ['max-port', String(RELAY_PORTS.max)],
    ]),
    without: ['tls-listening-port'],
    more: [
      `relay-ip=${LOOPBACK}`,
      'relay-ip=::1',
      'no-tls',
      ...(allowLoopback ? ['allow-loopback-peers', `allowed-peer-ip=${LOOPBACK}`] : []),
    ],
  };
}

async function onMachine(
  dir: string,
  { address, hostName }: TurnMachine,
  secret: string,
): Promise<Changes> {
  const { cert, key } = await (await testAuthority()).issue(hostName, dir);
  return {
    set: new Map([
      ...inFolder(dir, secret),
      ['listening-ip', address],
      ['relay-ip', address],
      ['cert', cert],
      ['pkey', key],
    ]),
    without: [],
    more: [],
  };
}

function configure(shipped: string, { set, without, more }: Changes): string {
  const kept = shipped.split('\n').filter((line) => {
    const [key = ''] = line.split('=');
    return !set.has(key) && !without.includes(key);
  });
  return [...kept, ...[...set].map(([key, value]) => `${key}=${value}`), ...more, ''].join('\n');
}

async function freePort(): Promise<number> {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
