import { describe, expect, it } from 'vitest';
import { startServer } from '../testing/server.ts';
import { run } from './run.ts';

class Output {
  text = '';
  readonly #waiting: { part: string; resolve: () => void }[] = [];

  write(text: string): void {
    this.text += text;
    for (const { part, resolve } of this.#waiting) if (this.text.includes(part)) resolve();
  }

  has(part: string): Promise<void> {
    if (this.text.includes(part)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ part, resolve }));
  }
}

interface Started {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly status: Promise<number>;
  readonly end: () => void;
}

function start(args: string[], env = {}): Started {
  const stdout = new Output();
  const stderr = new Output();
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { stdout, stderr, end, status: run({ args, env, stdout, stderr, ended }) };
}

describe('run', () => {
  it('prints where it is ready, logs to stderr only, and ends with 0', async () => {
    const { stdout, stderr, status, end } = start(['--port', '0']);
    await stdout.has('\n');
    const [, url = ''] =
      /^Peerline is ready at (http:\/\/localhost:\d+)\n$/.exec(stdout.text) ?? [];
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    end();
    expect(await status).toBe(0);
    expect(stdout.text).toBe(`Peerline is ready at ${url}\n`);
    const lines = stderr.text.trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { msg: 'server up' },
      { msg: 'server down' },
    ]);
  });

  it('prints help and version', async () => {
    const help = start(['--help']);
    expect(await help.status).toBe(0);
    expect(help.stdout.text).toMatch(/^Usage: peerline-server/);
    const version = start(['--version']);
    expect(await version.status).toBe(0);
    expect(version.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['--bogus'], 'there is no option --bogus'],
    [['--port', '99999'], 'the port must be a whole number'],
    [['--origin', 'example.org'], 'is no web origin'],
    [['--turn', 'nope,ann,secret'], 'is no TURN URL'],
    [['--token-secret', 'short'], 'the token secret has 5 bytes and needs 32'],
  ])('ends with 2 for %j', async (args, message) => {
    const { status, stderr, stdout } = start(args);
    expect(await status).toBe(2);
    expect(stderr.text).toContain(message);
    expect(stderr.text).toContain('--help');
    expect(stdout.text).toBe('');
  });

  it('ends with 1 when the port is taken', async () => {
    const { port } = await startServer();
    const { status, stderr } = start(['--host', '127.0.0.1', '--port', String(port)]);
    expect(await status).toBe(1);
    expect(stderr.text).toContain(`TCP port ${port} on 127.0.0.1 is in use`);
  });
});
