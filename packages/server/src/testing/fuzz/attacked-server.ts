import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServerReport } from './fuzz-server.ts';

export interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Buffers and the like, outside of the heap. */
  readonly externalBytes: number;
}

const UP_MAX_MS = 20_000;
const MEASURE_MAX_MS = 10_000;
/** Above what any heartbeat, upgrade or join may take to end a connection. */
const QUIET_MAX_MS = 30_000;
const QUIET_CHECK_MS = 100;

/** A server in a process of its own, so that its end and its memory can be seen. */
export class AttackedServer {
  readonly port: number;
  /** Whatever it logged at warn or error, wrote to stderr, or ended with. */
  readonly faults: string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, faults: string[]) {
    this.#child = child;
    this.port = port;
    this.faults = faults;
  }

  static async start(): Promise<AttackedServer> {
    const path = fileURLToPath(new URL('fuzz-server.js', import.meta.url));
    const child = fork(path, [], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const faults: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => faults.push(`stderr: ${chunk.toString('utf8')}`));
    child.on('exit', (code, signal) => {
      if (!child.killed) faults.push(`the server ended: ${signal ?? code}`);
    });
    child.on('message', (report: ServerReport) => {
      if (report.kind === 'error-logged') faults.push(report.text);
    });
    const { port } = await next(child, 'up', UP_MAX_MS);
    return new AttackedServer(child, port, faults);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** After garbage collection. */
  async measure(): Promise<Memory> {
    const answer = next(this.#child, 'memory', MEASURE_MAX_MS);
    this.#child.send('measure');
    return await answer;
  }

  /** Waits until no connections are left but these. @returns how many there are */
  async quiet(connections: number): Promise<number> {
    const deadlineMs = performance.now() + QUIET_MAX_MS;
    for (;;) {
      const health: unknown = await (await fetch(`${this.url}/healthz`)).json();
      const open = connectionsIn(health);
      if (open <= connections || performance.now() > deadlineMs) return open;
      await new Promise((resolve) => setTimeout(resolve, QUIET_CHECK_MS));
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

type ReportOf<K extends ServerReport['kind']> = Extract<ServerReport, { readonly kind: K }>;

function isReport<K extends ServerReport['kind']>(
  report: ServerReport,
  kind: K,
): report is ReportOf<K> {
  return report.kind === kind;
}

async function next<K extends ServerReport['kind']>(
  child: ChildProcess,
  kind: K,
  maxMs: number,
): Promise<ReportOf<K>> {
  return await new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (report: ServerReport): void => {
      if (!isReport(report, kind)) return;
      done();
      resolve(report);
    };
    const onExit = (): void => {
      done();
      reject(new Error(`the server ended before it said ${kind}`));
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`the server did not say ${kind} within ${maxMs} ms`));
    }, maxMs);
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

function connectionsIn(health: unknown): number {
  if (typeof health !== 'object' || health === null || !('connections' in health)) return NaN;
  return Number(health.connections);
}
