import { parseArgs } from 'node:util';
import { SCENARIOS, type Scenario } from './scenario.ts';

/** What `npm run faults -- --versus` is asked to do. */
export type Command =
  | { readonly mode: 'help' }
  | {
      readonly mode: 'versus';
      readonly scenarios: readonly Scenario[];
      readonly runs: number;
      /** Where to write the report to; undefined for its place in `docs/`. */
      readonly json: string | undefined;
      readonly merge: boolean;
      /** Whether it is all that there is, as often as the docs are to show it. */
      readonly isWhole: boolean;
    };

/** The command line is not one that there is; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const RUNS = 3;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const values = readValues(args);
  if (values.help === true) return { mode: 'help' };
  const only = (values.only ?? []).flatMap((list) => list.split(',')).map((id) => id.trim());
  const unknown = only.filter((id) => !SCENARIOS.some((scenario) => scenario.id === id));
  if (unknown.length > 0) {
    const known = SCENARIOS.map(({ id }) => id).join(', ');
    throw new UsageError(`there is no ${unknown.join(', ')}; there are ${known}`);
  }
  const runs = Number(values.runs ?? RUNS);
  if (!(Number.isSafeInteger(runs) && runs > 0)) {
    throw new UsageError(`--runs is a whole number above 0, not "${values.runs}"`);
  }
  return {
    mode: 'versus',
    scenarios: SCENARIOS.filter(({ id }) => only.length === 0 || only.includes(id)),
    runs,
    json: values.json,
    merge: values.merge === true,
    isWhole: only.length === 0 && runs >= RUNS,
  };
}

/** The text of `--help`. */
export function helpText(): string {
  return `Usage: npm run faults -- --versus [options]

Does the same faults to calls over Peerline, PeerJS and simple-peer, one after the other on the same
network, and measures what it costs each. Needs Linux and root.

  --only ID[,ID]     these alone: ${SCENARIOS.map(({ id }) => id).join(', ')}
  --runs N           so many runs of each, in place of ${RUNS}
  --json FILE        write the report there, and nothing into docs/
  --merge            put these into the report that is there, and keep the others of it
  -h, --help

The whole of it writes docs/faults-versus.json, docs/faults-versus.md and
docs/images/faults-versus.svg; a part of it writes no report unless --json or --merge says so.
Exit status: 0 every run came about, whatever it measured; 1 one did not; 2 bad usage.
`;
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        versus: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        runs: { type: 'string' },
        json: { type: 'string' },
        merge: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
