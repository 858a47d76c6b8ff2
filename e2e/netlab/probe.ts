import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';

/** Where a probe of another host listens. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

interface ProbeAnswer {
  readonly number: number;
  readonly rttMs: number;
  /** The address and port that the other one saw. */
  readonly seen: string;
}

interface Asked {
  /** In the order in which they came. */
  readonly answers: readonly ProbeAnswer[];
  readonly error?: string;
}

interface AskOptions {
  readonly count?: number;
  readonly everyMs?: number;
  /** After the last question. */
  readonly waitMs?: number;
}

const PROGRAM = fileURLToPath(new URL('probe.py', import.meta.url));

export const PROBE_PORT = 4000;

/** A program on a host that asks others like it over UDP and TCP, and answers them. */
export class Probe {
  readonly host: Host;
  readonly #lines: AsyncIterator<string>;
  readonly #child: ChildProcess;

  private constructor(host: Host, child: ChildProcess, lines: AsyncIterator<string>) {
    this.host = host;
    this.#child = child;
    this.#lines = lines;
  }

  static async start(host: Host): Promise<Probe> {
    const child = host.spawn('python3', ['-I', PROGRAM, String(PROBE_PORT)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('the probe has no output');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const probe = new Probe(host, child, lines);
    await probe.#next();
    return probe;
  }

  get target(): Target {
    return { address: this.host.address, port: PROBE_PORT };
  }

  async ask(to: Target, options: AskOptions = {}): Promise<Asked> {
    const { count = 1, everyMs = 10, waitMs = 500 } = options;
    return (await this.#do({ do: 'ask', ...to, count, everyMs, waitMs })) as Asked;
  }

  /** @returns how long it took, or what went wrong */
  async download(
    from: Target,
    bytes: number,
  ): Promise<{ readonly ms?: number; readonly error?: string }> {
    return (await this.#do({ do: 'download', ...from, bytes })) as { ms?: number; error?: string };
  }

  async #do(command: object): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    return await this.#next();
  }

  async #next(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`the probe on ${this.host.name} has ended`);
    return JSON.parse(line.value) as unknown;
  }
}
