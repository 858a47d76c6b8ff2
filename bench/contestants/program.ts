import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Host } from '../../e2e/netlab/host.ts';

interface ProgramPlan {
  readonly host: Host;
  readonly command: string;
  readonly args: readonly string[];
  /** A part of the line by which it says that it listens. */
  readonly readyLine: string;
}

/** A program on a host of the lab, to be killed and started again. */
export class Program {
  readonly #plan: ProgramPlan;
  #child: ChildProcess | undefined;

  constructor(plan: ProgramPlan) {
    this.#plan = plan;
  }

  /** @returns once it says that it listens */
  async start(): Promise<void> {
    const { host, command, args, readyLine } = this.#plan;
    const child = host.spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error(`${command} has no output`);
    this.#child = child;
    const said: string[] = [];
    stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    for await (const line of createInterface({ input: stdout })) {
      said.push(line);
      if (line.includes(readyLine)) {
        // Nobody reads on, and a full pipe would stop the program.
        stdout.resume();
        return;
      }
    }
    throw new Error(`${command} ${args.join(' ')} ended before it listened:\n${said.join('\n')}`);
  }

  /** SIGKILL: no word to anyone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
