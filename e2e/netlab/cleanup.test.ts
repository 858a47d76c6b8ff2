import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Held } from './hold.ts';
import { createNetlab, isNetlabSkipped } from './netlab.ts';

let directory: string;
const children: ChildProcess[] = [];

describe.skipIf(isNetlabSkipped())('netlab cleans up', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netlab-test-'));
    await build({
      entryPoints: [fileURLToPath(new URL('hold.ts', import.meta.url))],
      outfile: join(directory, 'hold.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    await copyFile(new URL('switch.py', import.meta.url), join(directory, 'switch.py'));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  test('when closed', async () => {
    const lab = await createNetlab();
    const host = await lab.host('ana');
    const sleeping = host.spawn('sleep', ['600'], { stdio: 'ignore' });
    const ended = once(sleeping, 'exit');
    expect(await namespacesOf(lab.run)).toHaveLength(2);
    await lab.close();

    expect(await namespacesOf(lab.run)).toEqual([]);
    expect(existsSync(join(tmpdir(), lab.run))).toBe(false);
    await expect(ended).resolves.toEqual([null, 'SIGKILL']);
    await expect(host.link.cut()).rejects.toMatchObject({ code: 'switch-ended' });
  });

  test('when its owner is killed', async () => {
    const { owner, run, inner } = await holdLab();
    expect(await namespacesOf(run)).toHaveLength(2);
    expect(isRunning(inner)).toBe(true);
    owner.kill('SIGKILL');

    await expect.poll(() => namespacesOf(run)).toEqual([]);
    expect(isRunning(inner)).toBe(false);
    await expect.poll(() => existsSync(join(tmpdir(), run))).toBe(false);
  });

  test('at the next start, when nothing of a run was left alive; living runs are let be', async () => {
    const [dead, living] = [await holdLab(), await holdLab()];
    const started = await readFile(
      `/proc/${dead.owner.pid}/task/${dead.owner.pid}/children`,
      'utf8',
    );
    const ended = once(dead.owner, 'exit');
    // Its switch as well; the owner first would have the switch clean up.
    for (const child of started.trim().split(' ')) {
      if (Number(child) !== dead.inner) process.kill(Number(child), 'SIGKILL');
    }
    dead.owner.kill('SIGKILL');
    await ended;
    expect(await namespacesOf(dead.run)).toHaveLength(2);
    expect(isRunning(dead.inner)).toBe(true);

    await using next = await createNetlab();
    expect(next.swept).toContain(dead.run);
    expect(await namespacesOf(dead.run)).toEqual([]);
    expect(isRunning(dead.inner)).toBe(false);
    expect(existsSync(join(tmpdir(), dead.run))).toBe(false);
    expect(await namespacesOf(living.run)).toHaveLength(2);
    expect(isRunning(living.inner)).toBe(true);
  });

  test('and says so where it may not make one', async () => {
    const { told } = await start(['nobody']);
    expect(told).toEqual({ error: 'not-root' });
  });
});

async function start(args: readonly string[]): Promise<{ owner: ChildProcess; told: Held }> {
  const owner = spawn(process.execPath, [join(directory, 'hold.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(owner);
  for await (const line of createInterface({ input: owner.stdout })) {
    return { owner, told: JSON.parse(line) as Held };
  }
  throw new Error('the owner of the lab ended before it held one');
}

async function holdLab(): Promise<{ owner: ChildProcess; run: string; inner: number }> {
  const { owner, told } = await start([]);
  if ('error' in told || told.process === undefined) throw new Error(JSON.stringify(told));
  return { owner, run: told.run, inner: told.process };
}

async function namespacesOf(run: string): Promise<readonly string[]> {
  return (await readdir('/run/netns')).filter((name) => name.startsWith(`${run}-`));
}

/** A zombie runs no more; its parent was killed, and whoever takes it in has yet to look. */
function isRunning(id: number): boolean {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
