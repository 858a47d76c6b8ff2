import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

/** What `npm run bench` is asked to do. */
export type Command =
  | { readonly mode: 'help' }
  | { readonly mode: 'page' }
  | {
      readonly mode: 'measure';
      readonly scenarios: readonly Scenario[];
      /** Undefined for as many as each scenario wants. */
      readonly runs: number | undefined;
      /** Where to write the report to; undefined for its place in `docs/`. */
      readonly json: string | undefined;
      readonly merge: boolean;
      readonly isAll: boolean;
    };

/** The command line is not one that there is; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function parseCommand(args: readonly string[], known: readonly Scenario[]): Command {
  const { values, positionals } = read(args);
  if (values.help === true) return { mode: 'help' };
  const names = known.map(({ id }) => id).join(', ');
  if (values.page === true) {
    if (positionals.length > 0) throw new UsageError('--page measures nothing: name no scenario');
    return { mode: 'page' };
  }
  if (positionals.length === 0) throw new UsageError(`name a scenario: ${names}, or all`);
  const unknown = positionals.filter(
    (name) => name !== 'all' && !known.some(({ id }) => id === name),
  );
  if (unknown.length > 0) {
    throw new UsageError(`there is no scenario ${unknown.join(', ')}; there are ${names}, and all`);
  }
  const isAll = positionals.includes('all');
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isSafeInteger(runs) && runs > 0)) {
    throw new UsageError(`--runs is a whole number above 0, not "${values.runs}"`);
  }
  return {
    mode: 'measure',
    scenarios: known.filter(({ id }) => isAll || positionals.includes(id)),
    runs,
    json: values.json,
    merge: values.merge === true,
    isAll,
  };
}

/** The text of `--help`. */
export function helpText(known: readonly Scenario[]): string {
  const width = Math.max(...known.map(({ id }) => id.length), 'all'.length);
  const list = known.map(
    ({ id, title, runs }) =>
      `  ${id.padEnd(width)}  ${title} (${runs} ${runs === 1 ? 'run' : 'runs'})\n`,
  );
  return `Usage: npm run bench -- SCENARIO… [options]

Measures Peerline beside its peers, on this machine and in turns, so that what else it does
meanwhile weighs on all alike.

${list.join('')}  ${'all'.padEnd(width)}  all of them, written into docs/

  --runs N       so many runs of each
  --json FILE    write the report there, and nothing else
  --merge        put these into the report that is there, and keep the other scenarios of it
  --page         write the page anew from the report that is there, and measure nothing
  -h, --help

"all", and a scenario with --merge, write docs/benchmarks.json, docs/benchmarks.md and
docs/images/bench-*.svg. A scenario alone writes nothing unless --json or --merge says so.
Exit status: 0 every run came about, whatever it measured; 1 one did not; 2 bad usage.
`;
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        json: { type: 'string' },
        merge: { type: 'boolean' },
        page: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
