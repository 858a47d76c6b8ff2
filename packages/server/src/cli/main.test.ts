import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

async function startProcess(): Promise<{
  url: string;
  kill: (signal: NodeJS.Signals) => void;
  status: Promise<unknown>;
}> {
  if (!existsSync(MAIN)) throw new Error('the server is not built; run npm run types first');
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--stun-port', 'off'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const status = once(child, 'exit').then(([code]: unknown[]) => code);
  const [line]: unknown[] = await once(child.stdout, 'data');
  const [url = ''] = /http:\/\/\S+/.exec(String(line)) ?? [];
  return { url, status, kill: (signal) => child.kill(signal) };
}

describe('the server process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s', async (signal) => {
    const { url, kill, status } = await startProcess();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    kill(signal);
    expect(await status).toBe(0);
  });

  it('takes a signal that comes twice at once for one', async () => {
    const { kill, status } = await startProcess();
    kill('SIGINT');
    kill('SIGTERM');
    expect(await status).toBe(0);
  });
});
