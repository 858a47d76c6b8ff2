import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { NetlabError, SKIP_ADVICE } from './netlab-error.ts';

/**
 * Runs a command to its end.
 *
 * @param input what it reads on standard input
 * @returns what it wrote on standard output
 * @throws NetlabError `tool-missing` where there is no such program, `command-failed` where it
 *   ended with anything but 0
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  // One that ends before it has read all closes the pipe; its status says what matters.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    await once(child, 'close');
  } catch (error) {
    throw new NetlabError(
      'tool-missing',
      `${command} does not start: install iproute2, nftables and python3, ${SKIP_ADVICE}`,
      { cause: error },
    );
  }
  const [said, complained] = await output;
  if (child.exitCode === 0) return said;
  const line = [command, ...args].join(' ');
  throw new NetlabError(
    'command-failed',
    `${line} ended with ${child.exitCode ?? child.signalCode}: ${complained.trim() || said.trim()}`,
  );
}

/** What runs a program in a namespace; it becomes that program, so the process id is its own. */
export function inside(
  namespace: string,
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  return ['ip', ['netns', 'exec', namespace, command, ...args]];
}

/** Runs commands of `ip`, one a line, in a namespace. */
export async function runIp(namespace: string, lines: readonly string[]): Promise<void> {
  await runCommand(
    'ip',
    ['-n', namespace, '-batch', '-'],
    lines.map((line) => `${line}\n`).join(''),
  );
}

/** Applies a script of nftables in a namespace: all of it, or nothing. */
export async function runNft(namespace: string, script: string): Promise<void> {
  await runCommand(...inside(namespace, 'nft', ['-f', '-']), script);
}
