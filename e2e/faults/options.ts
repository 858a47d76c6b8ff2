import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import type { Trial } from './measure.ts';
import { pairingName } from './row.ts';

/** What `npm run faults` is asked to do. */
export type Command =
  | { readonly mode: 'help' }
  | { readonly mode: 'list' }
  | {
      readonly mode: 'matrix';
      readonly trials: readonly Trial[];
      /** Whether that is the whole matrix, each row as often as it says or more often. */
      readonly isWhole: boolean;
      /** Where to write the report to; undefined for its place in `docs/`. */
      readonly json: string | undefined;
      readonly merge: boolean;
    };

/** The command line is not one that there is; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function parseCommand(args: readonly string[], matrix: readonly Fault[]): Command {
  const values = readValues(args);
  if (values.help === true) return { mode: 'help' };
  if (values.list === true) return { mode: 'list' };
  const { short = false, merge = false } = values;
  const only = listOf(values.only);
  const pairings = listOf(values.pairing);
  const runs = values.runs === undefined ? undefined : parseRuns(values.runs);
  const trials = chooseFaults(only, matrix).flatMap((fault) => {
    const count = runs ?? (short ? fault.runs.short : fault.runs.full);
    const chosen = fault.pairings
      .slice(0, short ? 1 : undefined)
      .filter((pairing) => pairings.length === 0 || pairings.includes(pairingName(pairing)));
    return count === 0 ? [] : chosen.map((pairing) => ({ fault, pairing, runs: count }));
  });
  if (trials.length === 0) throw new UsageError(nothingFits(matrix));
  const isWhole =
    only.length === 0 &&
    pairings.length === 0 &&
    !short &&
    trials.every((trial) => trial.runs >= trial.fault.runs.full);
  return { mode: 'matrix', trials, isWhole, json: values.json, merge };
}

/** The text of `--help`. */
export function helpText(): string {
  return `Usage: npm run faults -- [options]

Tries each fault of the matrix on real browsers in a network made for it, and measures what
it costs a call. Needs Linux and root.

  --only ID[,ID]     these faults alone; 8 stands for 8a and 8b
  --pairing NAME     these browsers alone, such as chromium-firefox; repeatable
  --runs N           so many runs of each, in place of what the matrix says
  --short            the short form that npm test runs: few faults, one pairing, few runs
  --json FILE        write the report there, and nothing into docs/
  --merge            put these rows into the report that is there, and keep its others
  --list             show what there is and end
  --versus           the same faults on PeerJS, simple-peer and Peerline; see --versus --help
  -h, --help

The whole matrix writes docs/faults.json, docs/faults.md and docs/images/faults.svg, and so does
the run that completes them with --merge. A part of it writes no report unless --json or --merge
says so. Exit status: 0 all as expected, 1 something was not, 2 bad usage.
`;
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        pairing: { type: 'string', multiple: true },
        runs: { type: 'string' },
        short: { type: 'boolean' },
        json: { type: 'string' },
        merge: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function listOf(given: readonly string[] = []): readonly string[] {
  return given
    .flatMap((list) => list.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (Number.isSafeInteger(runs) && runs > 0) return runs;
  throw new UsageError(`--runs is a whole number above 0, not "${text}"`);
}

function chooseFaults(only: readonly string[], matrix: readonly Fault[]): readonly Fault[] {
  const named = (entry: string) => (fault: Fault) =>
    fault.id === entry || numberOf(fault.id) === entry;
  const unknown = only.filter((entry) => !matrix.some(named(entry)));
  if (unknown.length > 0) {
    const known = matrix.map(({ id }) => id).join(', ');
    throw new UsageError(`there is no fault ${unknown.join(', ')}; there are ${known}`);
  }
  return matrix.filter((fault) => only.length === 0 || only.some((entry) => named(entry)(fault)));
}

/** `12` of `12a`. */
function numberOf(id: string): string {
  return id.replace(/[a-z]+$/, '');
}

function nothingFits(matrix: readonly Fault[]): string {
  const names = new Set(matrix.flatMap(({ pairings }) => pairings.map(pairingName)));
  return `nothing of the matrix is left to try; pairings are ${[...names].join(', ')}`;
}
