import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { findExecutable } from '../rig/executables.ts';

/** Of a machine, what is there whatever is installed on it. */
export interface System {
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
}

/** What figures were measured on: without it they say little. */
export interface Machine extends System {
  /** The versions that the programs tell of themselves. */
  readonly chromium: string;
  readonly firefox: string;
  readonly coturn: string;
}

const run = promisify(execFile);

/** @throws Error where a program is missing; the message says what to install */
export async function describeMachine(): Promise<Machine> {
  return {
    ...(await describeSystem()),
    chromium: await versionOf(findExecutable('chromium')),
    firefox: await versionOf(findExecutable('firefox')),
    coturn: await versionOf(findExecutable('turnserver')),
  };
}

export async function describeSystem(): Promise<System> {
  return {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    os: `${await distribution()}, ${type()} ${release()}`,
    node: process.versions.node,
  };
}

/** @returns the commit that is checked out, with a `+` where files differ from it */
export async function currentCommit(root: string): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', [...args], { cwd: root })).stdout.trim();
  try {
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return `${await git('rev-parse', '--short=10', 'HEAD')}${changes === '' ? '' : '+'}`;
  } catch {
    // Peerline was unpacked from an archive, or git is not here.
    return 'unknown';
  }
}

/** @returns what a program says to `--version` */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await run(program, ['--version']);
  return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? 'unknown';
}

async function distribution(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
}
