import { formatFigure } from '../../e2e/faults/figures.ts';
import { CONTESTANTS, type ContestantId } from '../contestants/contestant.ts';
import { keptOf, summaryOf, type Row } from './report.ts';
import { NEVER_MS, SCENARIOS, type Metric, type Scenario } from './scenario.ts';

const ABSENT = '–';
const OURS: ContestantId = 'peerline';

/** What the tables say, line by line; the same in the terminal and in the docs. */
export interface Line {
  readonly scenario: Scenario;
  readonly metric: Metric;
  readonly title: string;
  readonly row: Row;
  readonly p50: string;
  readonly worst: string;
  readonly runs: string;
  /** How many times as long as Peerline took, by the medians. */
  readonly ratio: string;
  readonly keptObject: string;
  readonly keptConnection: string;
}

/** A time as people read it: `280 ms`, `1.25 s`, `never`. */
export function formatTime(ms: number | undefined): string {
  if (ms === undefined) return ABSENT;
  return ms === Infinity ? `never (${NEVER_MS / 1_000} s)` : formatFigure(ms, 'ms');
}

/** In the order of scenarios, then metrics, then contestants. */
export function linesOf(rows: readonly Row[]): readonly Line[] {
  return SCENARIOS.flatMap((scenario) => {
    const tried = rows.filter((row) => row.scenario === scenario.id);
    const ours = tried.find(({ contestant }) => contestant === OURS);
    return scenario.metrics.flatMap((metric) =>
      CONTESTANTS.flatMap(({ id, title }) => {
        const row = tried.find(({ contestant }) => contestant === id);
        return row === undefined ? [] : [lineOf(scenario, metric, title, row, ours)];
      }),
    );
  });
}

function lineOf(
  scenario: Scenario,
  metric: Metric,
  title: string,
  row: Row,
  ours: Row | undefined,
): Line {
  const summary = summaryOf(row, metric.id);
  const failed = row.runs.filter((run) => 'error' in run).length;
  return {
    scenario,
    metric,
    title,
    row,
    p50: formatTime(summary?.p50),
    worst: formatTime(summary?.worst),
    runs:
      failed === 0 ? String(row.runs.length) : `${row.runs.length - failed} of ${row.runs.length}`,
    ratio: ratioOf(summary?.p50, ours === undefined ? undefined : summaryOf(ours, metric.id)?.p50),
    keptObject: keptText(row, 'keptObject'),
    keptConnection: keptText(row, 'keptConnection'),
  };
}

function ratioOf(theirs: number | undefined, ours: number | undefined): string {
  if (theirs === undefined || ours === undefined || !(ours > 0 && ours < Infinity)) return ABSENT;
  return theirs === Infinity ? '∞' : `${Number((theirs / ours).toPrecision(2))} ×`;
}

function keptText(row: Row, what: 'keptObject' | 'keptConnection'): string {
  const { kept, of } = keptOf(row, what);
  return of === 0 ? ABSENT : `${kept} of ${of}`;
}

/** What stands behind the name of a contestant, in every table. */
export const COLUMNS = ['p50', 'worst', 'runs', 'to ours', 'object kept', 'connection kept'];

/** One cell for each of `COLUMNS`. */
export function cellsOf(line: Line): readonly string[] {
  return [line.p50, line.worst, line.runs, line.ratio, line.keptObject, line.keptConnection];
}

/** The table of a run, for a terminal. */
export function textTable(rows: readonly Row[]): string {
  const head = ['', ...COLUMNS];
  let last: Metric | undefined;
  const lines = linesOf(rows).flatMap((line) => {
    const cells = [`  ${line.title}`, ...cellsOf(line)];
    const isNew = line.metric !== last;
    last = line.metric;
    return isNew ? [[`${line.scenario.id}: ${line.metric.what}`], cells] : [cells];
  });
  const table = [head, ...lines];
  const widths = head.map((_, column) =>
    Math.max(
      ...table.filter((cells) => cells.length > 1).map((cells) => (cells[column] ?? '').length),
    ),
  );
  return table
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
