import { textIfThere } from '../../e2e/rig/report-file.ts';
import type { Machine } from '../../e2e/faults/machine.ts';
import { summarize, type Summary } from '../../e2e/faults/statistics.ts';
import type { ContestantId } from '../contestants/contestant.ts';
import type { Run } from './scenario.ts';

/** A run, or why it did not come about. */
export type Outcome = Run | { readonly error: string };

/** A scenario tried with a contestant, as reports hold it. All of it survives JSON. */
export interface Row {
  readonly scenario: string;
  readonly contestant: ContestantId;
  readonly runs: readonly Outcome[];
  /** When the first of them began, ISO 8601. */
  readonly date: string;
  /** Of the tree that was measured; a `+` behind it where that had changes of its own. */
  readonly commit: string;
}

/** What `docs/faults-versus.json` holds. */
export interface Report {
  readonly format: typeof FORMAT;
  readonly machine: Machine;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** Counts up when the shape changes; a report of another one is not merged into. */
export const FORMAT = 1;

/** Times of a metric over runs; `Infinity` for those that never came. */
export function timesOf({ runs }: Row, metric: string): readonly number[] {
  return runs.flatMap((run) => {
    if ('error' in run) return [];
    const value = run.values[metric];
    return value === undefined ? [] : [value ?? Infinity];
  });
}

/** @returns undefined where no run came about */
export function summaryOf(row: Row, metric: string): Summary | undefined {
  const times = timesOf(row, metric);
  return times.length === 0 ? undefined : summarize(times);
}

/** @returns in how many of the runs it was kept, and of how many */
export function keptOf(
  { runs }: Row,
  what: 'keptObject' | 'keptConnection',
): { readonly kept: number; readonly of: number } {
  const done = runs.filter((run) => 'values' in run);
  return { kept: done.filter((run) => run[what]).length, of: done.length };
}

/** The rows of a scenario take the place of all that an earlier report has of it. */
export function mergeRows(earlier: readonly Row[], rows: readonly Row[]): readonly Row[] {
  const renewed = new Set(rows.map(({ scenario }) => scenario));
  return [...earlier.filter(({ scenario }) => !renewed.has(scenario)), ...rows];
}

/**
 * @returns undefined where there is no such file
 * @throws Error where it holds something else; the message says what to do
 */
export async function readReport(path: string): Promise<Report | undefined> {
  const text = await textIfThere(path);
  if (text === undefined) return undefined;
  const json: unknown = JSON.parse(text);
  if (typeof json === 'object' && json !== null && 'format' in json && json.format === FORMAT) {
    // It was written by this very program.
    return json as Report;
  }
  throw new Error(`${path} is no report of this form: remove it, or leave --merge out`);
}
