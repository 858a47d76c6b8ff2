import { medianOf, ratioOf, runsOf, valuesOf, type Result } from './report.ts';
import type { Aim, Metric, Scenario } from './scenario.ts';

const ABSENT = '–';
const NEVER = 'never';

/** A figure as people read it: `4.6 RTT`, `1,204 kB`. Three digits are as many as repeat. */
export function formatValue(value: number | undefined, { unit }: Pick<Metric, 'unit'>): string {
  if (value === undefined) return ABSENT;
  if (value === Infinity) return NEVER;
  const digits = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  const text = digits.toLocaleString('en-US', { maximumFractionDigits: 4 });
  if (unit === 'count') return text;
  return unit === '%' ? `${text} %` : `${text} ${unit}`;
}

function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? ABSENT : ratio === Infinity ? '∞' : `${ratio.toFixed(2)} ×`;
}

/** What tables say of a contestant in a metric. */
export interface Line {
  readonly metric: Metric;
  readonly contestant: string;
  /** One for each of `columnsOf`. */
  readonly cells: readonly string[];
}

export function columnsOf({ contestants }: Scenario): readonly string[] {
  return ['median', 'best', 'worst', `to ${contestants[0]?.title ?? ABSENT}`, 'runs'];
}

/** In the order of metrics, then of contestants; those of whom the metric says nothing are left out. */
export function linesOf(scenario: Scenario, result: Result): readonly Line[] {
  return scenario.metrics.flatMap((metric) =>
    scenario.contestants.flatMap(({ id, title }) => {
      const values = valuesOf(result, id, metric.id);
      const runs = runsOf(result, id);
      const failed = runs.filter((run) => 'error' in run).length;
      if (values.length === 0 && failed === 0) return [];
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const [best, worst] = metric.better === 'less' ? [least, most] : [most, least];
      const base = scenario.contestants[0]?.id ?? id;
      const cells = [
        formatValue(medianOf(result, id, metric.id), metric),
        values.length === 0 ? ABSENT : formatValue(best, metric),
        values.length === 0 ? ABSENT : formatValue(worst, metric),
        formatRatio(ratioOf(result, id, base, metric.id)),
        failed === 0 ? String(runs.length) : `${runs.length - failed} of ${runs.length}`,
      ];
      return [{ metric, contestant: title, cells }];
    }),
  );
}

/** What became of an aim. */
export type Verdict =
  | { readonly state: 'met' | 'missed'; readonly text: string }
  | { readonly state: 'not measured'; readonly text: string };

export function verdictOf(aim: Aim, scenario: Scenario, result: Result): Verdict {
  const metric = scenario.metrics.find(({ id }) => id === aim.metric);
  if (metric === undefined) throw new Error(`an aim of ${scenario.id} has no metric ${aim.metric}`);
  const titleOf = (id: string): string =>
    scenario.contestants.find((one) => one.id === id)?.title ?? id;
  const { over } = aim;
  const value =
    over === undefined
      ? medianOf(result, aim.contestant, aim.metric)
      : ratioOf(result, aim.contestant, over, aim.metric);
  const format = (one: number | undefined): string =>
    over === undefined ? formatValue(one, metric) : formatRatio(one);
  const subject =
    over === undefined ? titleOf(aim.contestant) : `${titleOf(aim.contestant)} to ${titleOf(over)}`;
  const text = `${metric.what}, ${subject}: ${format(value)}, to be ${aim.is} ${format(aim.bound)}`;
  if (value === undefined) return { state: 'not measured', text };
  const isMet = aim.is === 'at least' ? value >= aim.bound : value <= aim.bound;
  return { state: isMet ? 'met' : 'missed', text };
}

/** The table of a scenario, for a terminal. */
export function textTable(scenario: Scenario, result: Result): string {
  const head = ['', ...columnsOf(scenario)];
  const lines = linesOf(scenario, result);
  const table = lines.map(({ contestant, cells }) => [`  ${contestant}`, ...cells]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...table].map((cells) => (cells[column] ?? '').length)),
  );
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rows = table.flatMap((cells, index) => {
    const { metric } = lines[index] ?? {};
    const isNew = metric !== lines[index - 1]?.metric;
    return isNew && metric !== undefined ? [metric.what, row(cells)] : [row(cells)];
  });
  const aims = scenario.aims.map((aim) => {
    const { state, text } = verdictOf(aim, scenario, result);
    return `${state}: ${text}`;
  });
  return [row(head), ...rows, ...aims].map((line) => `${line}\n`).join('');
}
