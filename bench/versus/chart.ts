import { formatTime, linesOf, type Line } from './figures.ts';
import { summaryOf, timesOf, type Row } from './report.ts';

/** Logarithmic: a tenth of a second and half a minute both matter. */
const FROM_MS = 10;
const TO_MS = 60_000;
const TICKS_MS = [10, 100, 1_000, 10_000, 60_000];

const WIDTH = 960;
const MARGIN = 24;
const PLOT_LEFT = 130;
/** What never came is right of the axis. */
const PLOT_RIGHT = 800;
const NEVER_X = 850;
const HEAD_HEIGHT = 58;
const TITLE_HEIGHT = 28;
const STRIP_HEIGHT = 20;
const FOOT_HEIGHT = 40;

/** Both schemes are in the picture itself, since pages show it as it is. */
const STYLE = `
    svg { --ink: #1c2430; --faint: #5c6675; --line: #d8dde4; --paper: #ffffff; --peerline: #1864ab; --peerjs: #c2500a; --simple-peer: #7048a8 }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #e6eaf0; --faint: #98a2b3; --line: #333c49; --paper: #10151c; --peerline: #74c0fc; --peerjs: #ffa94d; --simple-peer: #c5a3f5 }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink) }
    .title { font-weight: 600; font-size: 15px }
    .part { font-weight: 600; font-size: 12px }
    .faint { fill: var(--faint); font-size: 12px }
    .grid { stroke: var(--line) }`;

/** `docs/images/faults-versus.svg`: for each metric a strip per contestant, with a dot for each run. */
export function chartSvg(rows: readonly Row[]): string {
  let y = HEAD_HEIGHT;
  const parts: string[] = [];
  let last: Line['metric'] | undefined;
  for (const line of linesOf(rows)) {
    if (line.metric !== last) {
      y += TITLE_HEIGHT;
      parts.push(
        `<text class="part" x="${MARGIN}" y="${y - 8}">${escape(`${line.scenario.title}: ${line.metric.what}`)}</text>`,
      );
      last = line.metric;
    }
    parts.push(strip(line, y + STRIP_HEIGHT / 2));
    y += STRIP_HEIGHT;
  }
  const height = y + FOOT_HEIGHT;
  const columns = [
    ...TICKS_MS.map((ms) => ({ x: xOf(ms), label: formatTime(ms) })),
    { x: NEVER_X, label: 'never' },
  ];
  const grid = columns.map(
    ({ x, label }) =>
      `<line class="grid" x1="${x}" x2="${x}" y1="${HEAD_HEIGHT - 6}" y2="${y + 4}"/>` +
      `<text class="faint" x="${x}" y="${y + 22}" text-anchor="middle">${label}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="The same faults on Peerline, PeerJS and simple-peer">
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" rx="8" fill="var(--paper)"/>
  <text class="title" x="${MARGIN}" y="28">The same faults, side by side</text>
  <text class="faint" x="${WIDTH - MARGIN}" y="28" text-anchor="end">a dot is a run, the stroke and the figure are the median; logarithmic</text>
  ${grid.join('\n  ')}
  ${parts.join('\n  ')}
</svg>
`;
}

function strip({ row, title, metric, p50 }: Line, y: number): string {
  const colour = `var(--${row.contestant})`;
  const dots = timesOf(row, metric.id).map(
    (ms) =>
      `<circle cx="${xOf(ms)}" cy="${y}" r="4" fill="${colour}" fill-opacity="0.55" stroke="${colour}"><title>${formatTime(ms)}</title></circle>`,
  );
  const median = summaryOf(row, metric.id)?.p50;
  const stroke =
    median === undefined
      ? ''
      : `<line x1="${xOf(median)}" x2="${xOf(median)}" y1="${y - 8}" y2="${y + 8}" stroke="${colour}" stroke-width="2"/>`;
  return (
    `<text x="${MARGIN}" y="${y + 4}" style="fill: ${colour}">${escape(title)}</text>` +
    stroke +
    dots.join('') +
    `<text class="faint" x="${WIDTH - MARGIN}" y="${y + 4}" text-anchor="end">${median === Infinity ? 'never' : p50}</text>`
  );
}

/** On the axis, or where things are that never came. */
function xOf(ms: number): number {
  if (ms === Infinity) return NEVER_X;
  const share =
    Math.log(Math.min(Math.max(ms, FROM_MS), TO_MS) / FROM_MS) / Math.log(TO_MS / FROM_MS);
  return Number((PLOT_LEFT + share * (PLOT_RIGHT - PLOT_LEFT)).toFixed(1));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
