import { formatValue } from './figures.ts';
import { medianOf, valuesOf, type Result } from './report.ts';
import type { Metric, Scenario } from './scenario.ts';

const WIDTH = 960;
const MARGIN = 24;
const PLOT_LEFT = 280;
const PLOT_RIGHT = 840;
const HEAD_HEIGHT = 52;
const TITLE_HEIGHT = 30;
const STRIP_HEIGHT = 20;
const BAR_HEIGHT = 10;

/** One each, in the order of contestants; the first is ours. */
const COLOURS = 8;

/** Both schemes are in the picture itself, since pages show it as it is. */
const STYLE = `
    svg { --ink: #1c2430; --faint: #5c6675; --paper: #ffffff; --c0: #1864ab; --c1: #4a90c9; --c2: #c2500a; --c3: #7048a8; --c4: #2b8a3e; --c5: #a61e4d; --c6: #5f6b00; --c7: #495057 }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #e6eaf0; --faint: #98a2b3; --paper: #10151c; --c0: #74c0fc; --c1: #a5d8ff; --c2: #ffa94d; --c3: #c5a3f5; --c4: #8ce99a; --c5: #faa2c1; --c6: #d8e070; --c7: #ced4da }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink) }
    .title { font-weight: 600; font-size: 15px }
    .part { font-weight: 600; font-size: 12px }
    .faint { fill: var(--faint); font-size: 12px }`;

/** For each metric a bar per contestant, as long as the median, and a dot for each run; from 0. */
export function plotSvg(scenario: Scenario, result: Result): string {
  let y = HEAD_HEIGHT;
  const parts: string[] = [];
  for (const metric of scenario.metrics) {
    const all = scenario.contestants.flatMap(({ id }) => valuesOf(result, id, metric.id));
    const most = Math.max(0, ...all.filter((value) => value < Infinity));
    if (all.length === 0) continue;
    y += TITLE_HEIGHT;
    const better = metric.better === 'less' ? 'less is better' : 'more is better';
    parts.push(
      `<text class="part" x="${MARGIN}" y="${y - 8}">${escape(`${metric.what} (${better})`)}</text>`,
    );
    for (const [index, contestant] of scenario.contestants.entries()) {
      const values = valuesOf(result, contestant.id, metric.id);
      if (values.length === 0) continue;
      const colour = `var(--c${index % COLOURS})`;
      const median = medianOf(result, contestant.id, metric.id);
      parts.push(
        `<text x="${MARGIN + 8}" y="${y + 14}">${escape(contestant.title)}</text>` +
          strip(values, median, { metric, most, colour, y: y + STRIP_HEIGHT / 2 }),
      );
      y += STRIP_HEIGHT;
    }
  }
  const height = y + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(scenario.title)}">
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" rx="8" fill="var(--paper)"/>
  <text class="title" x="${MARGIN}" y="28">${escape(scenario.title)}</text>
  <text class="faint" x="${WIDTH - MARGIN}" y="28" text-anchor="end">the bar and the figure are the median, a dot is a run; from 0</text>
  ${parts.join('\n  ')}
</svg>
`;
}

function strip(
  values: readonly number[],
  median: number | undefined,
  at: {
    readonly metric: Metric;
    readonly most: number;
    readonly colour: string;
    readonly y: number;
  },
): string {
  const { metric, most, colour, y } = at;
  const xOf = (value: number): number =>
    Number(
      (PLOT_LEFT + (most === 0 ? 0 : Math.min(value / most, 1)) * (PLOT_RIGHT - PLOT_LEFT)).toFixed(
        1,
      ),
    );
  const bar =
    median === undefined || median === Infinity
      ? ''
      : `<rect x="${PLOT_LEFT}" y="${y - BAR_HEIGHT / 2}" width="${(xOf(median) - PLOT_LEFT).toFixed(1)}" height="${BAR_HEIGHT}" rx="2" fill="${colour}" fill-opacity="0.45"/>`;
  const dots = values
    .filter((value) => value < Infinity)
    .map(
      (value) =>
        `<circle cx="${xOf(value)}" cy="${y}" r="3.5" fill="${colour}"><title>${formatValue(value, metric)}</title></circle>`,
    );
  const label = `<text class="faint" x="${WIDTH - MARGIN}" y="${y + 4}" text-anchor="end">${formatValue(median, metric)}</text>`;
  return bar + dots.join('') + label;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
