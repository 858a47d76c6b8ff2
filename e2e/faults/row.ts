import type { Expectation, Fault, Measurement, Pairing } from './fault.ts';
import { summarize, type Summary } from './statistics.ts';

/** One run: what it measured, or why it did not come to that. */
export type Run = Measurement | { readonly error: string };

/** A fault tried on a pairing, as reports hold it. All of it survives JSON. */
export interface Row {
  readonly id: string;
  readonly title: string;
  /** As `pairingName` has it. */
  readonly pairing: string;
  readonly expected: Expectation;
  /** How many runs were asked for. */
  readonly wanted: number;
  readonly runs: readonly Run[];
  /** When it began, ISO 8601. */
  readonly date: string;
  /** Of the tree that was measured; a `+` behind it where that had changes of its own. */
  readonly commit: string;
}

export type Verdict = 'ok' | 'MISS';

export function pairingName([first, second]: Pairing): string {
  return `${first}-${second}`;
}

/** Names a row among all of a matrix. */
export function rowKey({ id, pairing }: Pick<Row, 'id' | 'pairing'>): string {
  return `${id} ${pairing}`;
}

/** The row keys that a whole matrix gives, in its order. */
export function keysOf(matrix: readonly Fault[]): readonly string[] {
  return matrix.flatMap(({ id, pairings }) =>
    pairings.map((pairing) => rowKey({ id, pairing: pairingName(pairing) })),
  );
}

export function valuesOf(runs: readonly Run[]): readonly number[] {
  return runs.flatMap((run) => ('value' in run && Number.isFinite(run.value) ? [run.value] : []));
}

/** @returns undefined where nothing was measured */
export function summaryOf({ runs }: Pick<Row, 'runs'>): Summary | undefined {
  const values = valuesOf(runs);
  return values.length === 0 ? undefined : summarize(values);
}

/** A row is ok when every run that was asked for gave a number, and they are as expected. */
export function verdictOf(row: Pick<Row, 'expected' | 'wanted' | 'runs'>): Verdict {
  const summary = summaryOf(row);
  const isComplete = row.runs.length >= row.wanted && valuesOf(row.runs).length === row.runs.length;
  if (summary === undefined || !isComplete) return 'MISS';
  return summary[row.expected.at] <= row.expected.max ? 'ok' : 'MISS';
}
