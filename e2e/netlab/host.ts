import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { inside, runCommand } from './commands.ts';
import type { Link } from './link.ts';
import type { Router, Traffic } from './router.ts';
import type { Uplink } from './uplink.ts';

interface HostPlan {
  readonly name: string;
  readonly namespace: string;
  readonly uplink: Uplink;
  readonly router: Router;
  /** The router's device that leads here. */
  readonly port: string;
  /** For wrappers, and with `hosts` and `resolv.conf` for all programs; removed with the lab. */
  readonly directory: string;
}

/** `ip netns exec` has given it mounts of its own, which nobody outside sees. */
const WITH_NAMES = `
for file in hosts resolv.conf; do
  [ ! -e /etc/$file ] || mount --bind "$0/$file" /etc/$file || exit 1
done
exec "$@"`;

/** `test` is nobody's domain (RFC 6761 section 6.2). */
export function hostNameOf(name: string): string {
  return `${name}.test`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A machine in the lab. */
export class Host {
  readonly name: string;
  readonly namespace: string;
  /** To its router; `up` is from here. */
  readonly link: Link;
  readonly #plan: HostPlan;

  constructor(plan: HostPlan) {
    this.#plan = plan;
    this.name = plan.name;
    this.namespace = plan.namespace;
    this.link = plan.uplink.link;
  }

  get address(): string {
    return this.#plan.uplink.address;
  }

  /** By which every program in the lab finds it. */
  get hostName(): string {
    return hostNameOf(this.name);
  }

  /** Starts a program in here. It is killed with the lab at the latest. */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [enter, all] = this.#named(command, args);
    return spawn(enter, all, options);
  }

  /**
   * Runs a program in here to its end.
   *
   * @returns what it wrote
   * @throws NetlabError `command-failed` where it ended with anything but 0
   */
  run(command: string, args: readonly string[], input?: string): Promise<string> {
    return runCommand(...inside(this.namespace, command, args), input);
  }

  /** @returns the path of a program that runs the given one in here; for launchers of browsers */
  async wrap(executable: string): Promise<string> {
    const path = join(this.#plan.directory, `${this.name}-${basename(executable)}`);
    const [enter, all] = this.#named(executable);
    const script = `#!/bin/sh\nexec ${[enter, ...all].map(quoted).join(' ')} "$@"\n`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  }

  /** What runs a program in here that knows the names of the lab. */
  #named(command: string, args: readonly string[] = []): ReturnType<typeof inside> {
    return inside(this.namespace, 'sh', ['-c', WITH_NAMES, this.#plan.directory, command, ...args]);
  }

  /** Gives up its address and takes another, as on a change of network. @returns the new one */
  changeAddress(): Promise<string> {
    return this.#plan.uplink.changeAddress();
  }

  /** Pulls the cable: programs in here are told so. `link.cut` is the fault that nobody is told of. */
  down(): Promise<void> {
    return this.#plan.uplink.down();
  }

  up(): Promise<void> {
    return this.#plan.uplink.up();
  }

  /** Drops such traffic at the router, both ways, with no word to anyone. */
  block(traffic: Traffic): Promise<void> {
    return this.#plan.router.block(this.#plan.port, traffic);
  }

  unblock(traffic: Traffic): Promise<void> {
    return this.#plan.router.unblock(this.#plan.port, traffic);
  }
}
