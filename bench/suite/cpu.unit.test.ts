import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuSecondsOf } from './cpu.ts';

test('counts what a process and those below it use, and nothing of others', async () => {
  // The shell waits for a grandchild that works for a while and then sleeps.
  const work =
    'const end = Date.now() + 300; while (Date.now() < end); console.log(1); setInterval(() => {}, 1e6)';
  const shell = spawn('sh', ['-c', `"${process.execPath}" -e '${work}'; true`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    await once(shell.stdout, 'data');
    const seconds = await cpuSecondsOf(shell.pid ?? 0);
    expect(seconds).toBeGreaterThan(0.05);
    expect(seconds).toBeLessThan(10);
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  }
  await expect(cpuSecondsOf(2 ** 30)).rejects.toThrow(/no process/);
});
