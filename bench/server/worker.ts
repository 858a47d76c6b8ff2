import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { cpuSecondsOf } from '../suite/cpu.ts';

/** With two cores: servers have one for themselves, what loads them the other. */
const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** Behind so long a silence of the server what it needed for a moment has been given back. */
const SETTLE_MS = 3_000;

/** Goes on only where nobody else on its core has anything to do; the lowest niceness still keeps its slice of 3 ms. */
const BEHIND_ALL = ['chrt', '--idle', '0'];

/** Servers are up within a second. */
const START_TIMEOUT_MS = 15_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function keep(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** A server in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #pid: number;

  private constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('a server that never began');
    this.#child = child;
    this.#pid = child.pid;
  }

  /**
   * @param readyText a part of what it says once it listens
   * @param place on a core of its own, or behind everyone on the core of those that load
   */
  static async start(
    args: readonly string[],
    readyText: string,
    place: 'own-core' | 'load-core' = 'own-core',
  ): Promise<ServerProcess> {
    const onCore =
      place === 'own-core' ? [String(SERVER_CORE)] : [String(LOAD_CORE), ...BEHIND_ALL];
    const command = ['-c', ...onCore, process.execPath, ...args];
    const child = keep(spawn('taskset', command, { stdio: ['ignore', 'pipe', 'pipe'] }));
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a server without output');
    const said: string[] = [];
    stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const late = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    try {
      for await (const line of createInterface({ input: stdout })) {
        said.push(line);
        if (!line.includes(readyText)) continue;
        stdout.resume();
        return new ServerProcess(child);
      }
    } finally {
      clearTimeout(late);
    }
    throw new Error(`${args.join(' ')} did not say that it listens:\n${said.join('\n')}`);
  }

  /** Processor time so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    return (await cpuSecondsOf(this.#pid)) * 1_000;
  }

  /** Memory that is really there, in bytes. */
  async rssBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
  }

  /** The same, once it has come to rest. */
  async settledRssBytes(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return await this.rssBytes();
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

/** A process that does as it is told; its answers are checked by whoever tells it. */
export class Worker {
  readonly #child: ChildProcess;

  /** @param rank whether everyone else on its core goes first */
  constructor(
    script: string,
    args: readonly string[] = [],
    rank: 'as-all' | 'behind-all' = 'as-all',
  ) {
    const behind = rank === 'as-all' ? [] : BEHIND_ALL;
    const prefix = ['-c', String(LOAD_CORE), ...behind, process.execPath];
    this.#child = keep(
      fork(script, args, { execPath: 'taskset', execArgv: prefix, stdio: ['ignore', 2, 2, 'ipc'] }),
    );
  }

  async tell(order: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, number>>> {
    const { signal, abort } = cancelled();
    const failed = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error('the process that makes the load has ended');
    });
    const answered = once(this.#child, 'message', { signal });
    this.#child.send(order);
    try {
      const [answer] = (await Promise.race([answered, failed])) as [Record<string, unknown>];
      if ('error' in answer) throw new Error(String(answer['error']));
      return answer as Record<string, number>;
    } finally {
      abort();
      await Promise.allSettled([answered, failed]);
    }
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

function cancelled(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
