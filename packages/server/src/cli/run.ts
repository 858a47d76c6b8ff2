import { createServer, type PeerlineServer } from '../create-server.ts';
import { StartError } from '../errors.ts';
import { lanAddresses } from '../http/addresses.ts';
import { createLog } from '../log/create-log.ts';
import { DEFAULT_HOST } from '../options.ts';
import { SERVER_VERSION } from '../version.ts';
import { parseCommand, type Command } from './command.ts';
import { helpText } from './help.ts';
import { UsageError } from './read-flags.ts';
import { readyText } from './ready-text.ts';

/** What the command line needs of the process. */
export interface Terminal {
  /** Without Node and the script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  /** Resolves when the server is to end. */
  readonly ended: Promise<unknown>;
}

const EXIT_OK = 0;
const EXIT_CANNOT_START = 1;
const EXIT_USAGE = 2;

/** Runs the command line to its end. @returns the exit status */
export async function run(terminal: Terminal): Promise<number> {
  try {
    const command = parseCommand(terminal.args, terminal.env);
    switch (command.kind) {
      case 'help':
        terminal.stdout.write(helpText());
        return EXIT_OK;
      case 'version':
        terminal.stdout.write(`${SERVER_VERSION}\n`);
        return EXIT_OK;
      case 'serve':
        return await serve(command, terminal);
    }
  } catch (error) {
    if (error instanceof UsageError) return fail(terminal, error, EXIT_USAGE);
    if (!(error instanceof StartError)) throw error;
    return fail(terminal, error, error.code === 'bad-option' ? EXIT_USAGE : EXIT_CANNOT_START);
  }
}

async function serve(
  command: Extract<Command, { kind: 'serve' }>,
  terminal: Terminal,
): Promise<number> {
  const { options, logLevel } = command;
  const log = createLog({
    level: logLevel,
    format: command.logFormat ?? (terminal.stderr.isTTY === true ? 'pretty' : 'json'),
    destination: { write: (line) => terminal.stderr.write(line) },
  });
  const server: PeerlineServer = await createServer({ ...options, log });
  const ready = {
    url: server.url,
    port: server.port,
    host: options.host ?? DEFAULT_HOST,
    tls: options.tls?.kind ?? 'none',
  } as const;
  terminal.stdout.write(readyText(ready, lanAddresses()));
  await terminal.ended;
  await server.close();
  return EXIT_OK;
}

function fail(terminal: Terminal, error: Error, status: number): number {
  const hint = status === EXIT_USAGE ? '\nSee --help for all options.' : '';
  terminal.stderr.write(`peerline-server: ${error.message}${hint}\n`);
  return status;
}
