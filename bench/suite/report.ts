import { nearestRank } from '../../e2e/faults/statistics.ts';
import { readReportFile } from '../../e2e/rig/report-file.ts';
import type { BenchMachine } from './machine.ts';
import type { Measured } from './scenario.ts';

/** A run, or why it did not come about. */
export type Outcome = Measured | { readonly error: string };

/** A contestant's runs; all contestants of a scenario have equally many, in the order of the turns. */
interface Row {
  readonly contestant: string;
  readonly runs: readonly Outcome[];
}

/** What came of a scenario. All of it survives JSON. */
export interface Result {
  readonly scenario: string;
  /** When the first run began, ISO 8601. */
  readonly date: string;
  /** Of the tree that was measured; a `+` behind it where that had changes of its own. */
  readonly commit: string;
  readonly machine: BenchMachine;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

/** What `docs/benchmarks.json` holds: each scenario once, though they may be of different days. */
export interface Report {
  readonly format: typeof FORMAT;
  readonly results: readonly Result[];
}

/** Counts up when the shape changes; a report of another one is not merged into. */
export const FORMAT = 1;

/** @returns a contestant's figures of a metric; `Infinity` for what never came */
export function valuesOf(result: Result, contestant: string, metric: string): readonly number[] {
  return runsOf(result, contestant).flatMap((run) => valueOf(run, metric) ?? []);
}

/** @returns the median by nearest rank, always one that was measured; undefined where there is none */
export function medianOf(result: Result, contestant: string, metric: string): number | undefined {
  return median(valuesOf(result, contestant, metric));
}

/**
 * How many times one's figure another's was, run by run, so that a machine that was busy meanwhile
 * weighs on both alike.
 *
 * @returns the median of the ratios; undefined where no run has both figures
 */
export function ratioOf(
  result: Result,
  contestant: string,
  over: string,
  metric: string,
): number | undefined {
  const theirs = runsOf(result, over);
  return median(
    runsOf(result, contestant).flatMap((run, index) => {
      const other = theirs[index];
      const value = valueOf(run, metric);
      const base = other === undefined ? undefined : valueOf(other, metric);
      const isComparable = value !== undefined && base !== undefined && base > 0 && base < Infinity;
      return isComparable ? [value / base] : [];
    }),
  );
}

export function runsOf({ rows }: Result, contestant: string): readonly Outcome[] {
  return rows.find((row) => row.contestant === contestant)?.runs ?? [];
}

/** What is new takes the place of what an earlier report has of the same scenario. */
export function mergeResults(
  earlier: readonly Result[],
  results: readonly Result[],
): readonly Result[] {
  const renewed = new Set(results.map(({ scenario }) => scenario));
  return [...earlier.filter(({ scenario }) => !renewed.has(scenario)), ...results];
}

/**
 * @returns undefined where there is no such file
 * @throws ReportError where it holds something else
 */
export function readReport(path: string): Promise<Report | undefined> {
  return readReportFile(path, isReport);
}

/** As far as merging looks into it; the rest was written by this very program. */
function isReport(json: unknown): json is Report {
  return (
    typeof json === 'object' &&
    json !== null &&
    'format' in json &&
    json.format === FORMAT &&
    'results' in json &&
    Array.isArray(json.results)
  );
}

function median(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : nearestRank(values, 0.5);
}

function valueOf(run: Outcome, metric: string): number | undefined {
  if ('error' in run) return undefined;
  const value = run.values[metric];
  return value === null ? Infinity : value;
}
