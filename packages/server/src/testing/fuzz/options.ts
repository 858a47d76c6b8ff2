import { parseArgs } from 'node:util';

export const LAYERS = ['engine', 'socket', 'schema'] as const;
export type Layer = (typeof LAYERS)[number];

export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'fuzz';
      /** Of all layers together. */
      readonly inputs: number;
      readonly seed: number;
      readonly layers: readonly Layer[];
      readonly json: boolean;
    };

/** The command line is not one that there is; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Usage: npm run fuzz -- [options]

Attacks a server in a process of its own with what no client would send, while a bystander is in a call.
It fails where the server ends, logs an error, leaves the bystander without an answer, keeps connections,
or grows in the second half by more than it may.

  --inputs N      so many inputs, shared by the layers. Default 6000; a million takes some minutes
  --layer NAME    one layer alone; repeatable. engine: requests, polling bodies, upgrades, WebSocket
                  frames. socket: Socket.IO packets. schema: messages for all that parses them
  --seed N        do again what was done with this seed, or PEERLINE_TEST_SEED. Default: another each time
  --json          write what was found as JSON, to stdout
  -h, --help

Exit status: 0 nothing found, 1 something was, 2 bad usage.
`;

const INPUTS = 6_000;

/** @throws UsageError */
export function parseCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const values = readValues(args);
  if (values.help === true) return { kind: 'help' };
  const given = values.layer ?? LAYERS;
  const layers = LAYERS.filter((layer) => given.includes(layer));
  const unknown = given.find((name) => !LAYERS.some((layer) => layer === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no layer ${unknown}; there are ${LAYERS.join(', ')}`);
  }
  const chosen = values.seed ?? env['PEERLINE_TEST_SEED'];
  return {
    kind: 'fuzz',
    inputs: wholeNumber('--inputs', values.inputs ?? String(INPUTS), 1),
    seed:
      chosen === undefined
        ? Math.floor(Math.random() * 2 ** 32)
        : wholeNumber('the seed', chosen, 0),
    layers,
    json: values.json === true,
  };
}

function readValues(args: readonly string[]): {
  inputs?: string;
  layer?: string[];
  seed?: string;
  json?: boolean;
  help?: boolean;
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        inputs: { type: 'string' },
        layer: { type: 'string', multiple: true },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(what: string, text: string, min: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`${what} is a whole number from ${min}, not "${text}"`);
}
