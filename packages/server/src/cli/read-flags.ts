import { parseArgs } from 'node:util';
import { FLAGS, type Flag, type FlagName } from './flags.ts';

/** Bad usage; the message says what is wrong and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A value and where it came from, for messages. */
export interface Given {
  readonly text: string;
  /** Like `--port` or `PORT`. */
  readonly from: string;
}

export type FlagValues = ReadonlyMap<FlagName, readonly Given[]>;

export type Reading =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'values'; readonly values: FlagValues };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line and, for what it does not say, the environment.
 *
 * @param args without Node and the script
 * @throws {UsageError}
 */
export function readFlags(args: readonly string[], env: Environment): Reading {
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
      ...Object.fromEntries(FLAGS.map((flag) => [flag.name, argOption(flag)])),
    },
    // Messages of our own are clearer than Node's.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const values = new Map<FlagName, Given[]>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw unexpected(token.value);
    if (token.name === 'help') return { kind: 'help' };
    if (token.name === 'version') return { kind: 'version' };
    const flag = FLAGS.find(({ name }) => name === token.name);
    if (flag === undefined) throw unknown(token.rawName, token.name);
    const given = { text: optionText(flag, token), from: `--${flag.name}` };
    const earlier = values.get(flag.name) ?? [];
    // Of what can be given once, the last one counts, as everywhere.
    values.set(flag.name, flag.isRepeatable ? [...earlier, given] : [given]);
  }
  for (const flag of FLAGS) {
    if (values.has(flag.name)) continue;
    // An empty variable is how one unsets it in compose files.
    const text = env[flag.env]?.trim() ?? '';
    if (text === '') continue;
    const texts = flag.isRepeatable ? text.split(/\s+/) : [text];
    values.set(
      flag.name,
      texts.map((one) => ({ text: one, from: flag.env })),
    );
  }
  return { kind: 'values', values };
}

function argOption(flag: Flag): { type: 'string' | 'boolean'; short?: string } {
  const type = flag.value === undefined ? 'boolean' : 'string';
  return flag.short === undefined ? { type } : { type, short: flag.short };
}

function optionText(
  flag: Flag,
  token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
): string {
  const { value, inlineValue } = token;
  if (flag.value === undefined) return value ?? 'true';
  const isNextOption = inlineValue !== true && value?.startsWith('-');
  if (value === undefined || value === '' || isNextOption) {
    throw new UsageError(`--${flag.name} needs a value: --${flag.name} ${flag.value}`);
  }
  return value;
}

function unexpected(text: string): UsageError {
  return new UsageError(`"${text}" is not expected; everything is told by options`);
}

function unknown(rawName: string, name: string): UsageError {
  const near = FLAGS.find((flag) => flag.name.startsWith(name) || isOneEditAway(flag.name, name));
  const hint = near === undefined ? '' : `; did you mean --${near.name}?`;
  return new UsageError(`there is no option ${rawName}${hint}`);
}

/** One letter added, left out, or replaced. */
function isOneEditAway(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at);
  return rest === long.slice(at + 1);
}
