import type { Expectation } from './fault.ts';
import { summaryOf, valuesOf, verdictOf, type Row } from './row.ts';

/** A figure as people read it: `280 ms`, `1.25 s`, `3`. */
export function formatFigure(value: number, unit: Expectation['unit']): string {
  if (unit === 'count') return String(value);
  return value < 1_000 ? `${Math.round(value)} ms` : `${formatSeconds(value)} s`;
}

/** Three digits are as many as two cores repeat. */
function formatSeconds(ms: number): string {
  return String(Number((ms / 1_000).toPrecision(3)));
}

const ABSENT = '–';

/** What is said of a row in each column; the same in the terminal and in the docs. */
export function cellsOf(row: Row): readonly string[] {
  const { expected } = row;
  const summary = summaryOf(row);
  const figure = (value: number | undefined): string =>
    value === undefined ? ABSENT : formatFigure(value, expected.unit);
  const measured = valuesOf(row.runs).length;
  return [
    row.id,
    row.title,
    row.pairing,
    `${expected.at} ≤ ${formatFigure(expected.max, expected.unit)}`,
    figure(summary?.p50),
    figure(summary?.p95),
    figure(summary?.worst),
    measured === row.wanted ? String(measured) : `${measured} of ${row.wanted}`,
    verdictOf(row),
  ];
}

export const COLUMNS = [
  'id',
  'fault',
  'pairing',
  'expected',
  'p50',
  'p95',
  'worst',
  'runs',
  'verdict',
] as const;

const NUMBERS_FROM = COLUMNS.indexOf('p50');
const NUMBERS_TO = COLUMNS.indexOf('runs');

/** The table of a run, for a terminal. */
export function textTable(rows: readonly Row[]): string {
  const lines: readonly (readonly string[])[] = [COLUMNS, ...rows.map(cellsOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    const isNumber = column >= NUMBERS_FROM && column <= NUMBERS_TO;
    return isNumber ? cell.padStart(width) : cell.padEnd(width);
  };
  return lines.map((cells) => `${cells.map(pad).join('  ').trimEnd()}\n`).join('');
}
