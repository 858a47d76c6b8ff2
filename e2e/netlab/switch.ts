import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { NetlabError, SKIP_ADVICE } from './netlab-error.ts';

/** A namespace and the name of the device in it. */
export interface LinkEnd {
  readonly namespace: string;
  readonly device: string;
}

export type Way = 'up' | 'down';

/** What a link does to frames one way; as `LinkShape`, with nothing left out. */
export interface WayShape {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  readonly reorder: number;
  readonly reorderByMs: number;
  readonly rateKbps: number | null;
  readonly queueMs: number;
  readonly cut: boolean;
}

/** Frames one way since the link was made. */
export interface WayCounts {
  /** Sent on. */
  readonly passed: number;
  /** Lost by `loss`, or while cut. */
  readonly lost: number;
  /** Found the queue in front of the rate limit full. */
  readonly refused: number;
  /** Of what was sent on, Ethernet headers included. */
  readonly bytes: number;
}

export type LinkCounts = Readonly<Record<Way, WayCounts>>;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: NetlabError) => void;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Debian's own first: one of a version manager starts through a shell, and slowly. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** The process that moves the frames, and removes everything when this one ends. */
export class Switch {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  readonly #complaints: string[] = [];
  #lastId = 0;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    this.#ended = once(child, 'close').catch(() => undefined);
    child.stderr.on('data', (chunk: Buffer) => this.#complaints.push(chunk.toString()));
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => this.#settle(line));
    child.on('error', () => this.#fail());
    child.on('close', () => this.#fail());
  }

  /**
   * @param run what the names of all namespaces of the run begin with
   * @param directory removed with them
   * @returns the switch, and the runs of killed owners that it has removed
   */
  static async start(
    run: string,
    directory: string,
  ): Promise<{ readonly started: Switch; readonly swept: readonly string[] }> {
    const program = fileURLToPath(new URL('switch.py', import.meta.url));
    for (const python of PYTHONS) {
      const child = spawn(python, ['-I', program, run, directory], {
        stdio: ['pipe', 'pipe', 'pipe'],
        // In a process group of its own: what ends the tests must not end it before it has cleaned.
        detached: true,
      });
      const started = new Switch(child);
      const swept = started.#expect(0);
      const [isStarted] = await Promise.race([
        once(child, 'spawn').then(() => [true]),
        once(child, 'error').then(() => [false]),
      ]).catch(() => [false]);
      if (isStarted === true) return { started, swept: (await swept) as readonly string[] };
      await swept.catch(() => undefined);
    }
    throw new NetlabError('tool-missing', `no python3 was found: install it, ${SKIP_ADVICE}`);
  }

  async link(name: string, lower: LinkEnd, upper: LinkEnd, seed: number): Promise<void> {
    await this.#ask({ do: 'link', link: name, lower, upper, seed });
  }

  async shape(link: string, ways: readonly Way[], shape: WayShape): Promise<void> {
    await this.#ask({ do: 'shape', link, ways, shape });
  }

  async counts(link: string): Promise<LinkCounts> {
    return (await this.#ask({ do: 'counts', link })) as LinkCounts;
  }

  /** @returns once all processes in the namespaces are dead and the namespaces gone */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  #ask(command: { readonly do: string; readonly [more: string]: unknown }): Promise<unknown> {
    this.#lastId += 1;
    const answer = this.#expect(this.#lastId);
    if (this.#child.exitCode !== null || this.#child.stdin.writableEnded) this.#fail();
    else this.#child.stdin.write(`${JSON.stringify({ ...command, id: this.#lastId })}\n`);
    return answer;
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(line: string): void {
    const answer = JSON.parse(line) as Answer;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(new NetlabError('command-failed', answer.error));
  }

  #fail(): void {
    const said = this.#complaints.join('').trim();
    const error = new NetlabError(
      'switch-ended',
      `the lab is closed, or its switch has ended${said === '' ? '' : `: ${said}`}`,
    );
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
