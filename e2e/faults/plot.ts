import { formatFigure } from './figures.ts';
import { valuesOf, verdictOf, type Row } from './row.ts';

/** The axis is logarithmic: a tenth of a second and half a minute both matter. */
const AXIS = { fromMs: 10, toMs: 100_000 };
const TICKS_MS = [10, 100, 1_000, 10_000, 100_000];

const WIDTH = 1_060;
const LABELS_WIDTH = 500;
const MARGIN = 24;
const STRIP_HEIGHT = 22;
const HEAD_HEIGHT = 56;
const FOOT_HEIGHT = 40;
const DOT_RADIUS = 4;

/** Both schemes are in the picture itself, since pages show it as it is. */
const STYLE = `
    svg { --ink: #1c2430; --faint: #5c6675; --line: #d8dde4; --paper: #ffffff; --ok: #1864ab; --miss: #c92a2a; --limit: #e8590c }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #e6eaf0; --faint: #98a2b3; --line: #333c49; --paper: #10151c; --ok: #74c0fc; --miss: #ff8787; --limit: #ffa94d }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink) }
    .title { font-weight: 600; font-size: 15px }
    .faint { fill: var(--faint); font-size: 12px }
    .grid { stroke: var(--line) }
    .limit { stroke: var(--limit); stroke-width: 3 }
    .run { fill: var(--ok); fill-opacity: 0.6; stroke: var(--ok) }
    .miss { fill: var(--miss); fill-opacity: 0.6; stroke: var(--miss) }`;

/** `docs/images/faults.svg`: a strip for each row that is a time, with a dot for each run. */
export function plotSvg(rows: readonly Row[]): string {
  const strips = rows.filter(({ expected }) => expected.unit === 'ms');
  const height = HEAD_HEIGHT + strips.length * STRIP_HEIGHT + FOOT_HEIGHT;
  const bottom = height - FOOT_HEIGHT;
  const grid = TICKS_MS.map(
    (ms) =>
      `<line class="grid" x1="${xOf(ms)}" x2="${xOf(ms)}" y1="${HEAD_HEIGHT - 8}" y2="${bottom}"/>` +
      `<text class="faint" x="${xOf(ms)}" y="${bottom + 18}" text-anchor="middle">${formatFigure(ms, 'ms')}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Recovery times of each fault">
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" rx="8" fill="var(--paper)"/>
  <text class="title" x="${MARGIN}" y="28">How long a fault takes the picture away</text>
  <text class="faint" x="${WIDTH - MARGIN}" y="28" text-anchor="end">a dot is a run, the bar is the promise, red is late; logarithmic</text>
  ${grid.join('\n  ')}
  ${strips.map(strip).join('\n  ')}
</svg>
`;
}

function strip(row: Row, index: number): string {
  const y = HEAD_HEIGHT + index * STRIP_HEIGHT + STRIP_HEIGHT / 2;
  const { max } = row.expected;
  const limit = `<line class="limit" x1="${xOf(max)}" x2="${xOf(max)}" y1="${y - 8}" y2="${y + 8}"/>`;
  const dots = valuesOf(row.runs).map(
    (value) =>
      `<circle class="${value > max ? 'miss' : 'run'}" cx="${xOf(value)}" cy="${y}" r="${DOT_RADIUS}"><title>${formatFigure(value, 'ms')}</title></circle>`,
  );
  const mark = verdictOf(row) === 'ok' ? '' : ' ✗';
  return (
    `<text x="${MARGIN}" y="${y + 4}">${escape(`${row.id}  ${row.title}${mark}`)}</text>` +
    `<text class="faint" x="${LABELS_WIDTH - 16}" y="${y + 4}" text-anchor="end">${escape(shortPairing(row.pairing))}</text>` +
    limit +
    dots.join('')
  );
}

/** On the axis, or at its end where it is beyond. */
function xOf(ms: number): number {
  const { fromMs, toMs } = AXIS;
  const share = Math.log(Math.min(Math.max(ms, fromMs), toMs) / fromMs) / Math.log(toMs / fromMs);
  return Number((LABELS_WIDTH + share * (WIDTH - MARGIN * 2 - LABELS_WIDTH)).toFixed(1));
}

/** `Ch–Fi` of `chromium-firefox`. */
function shortPairing(pairing: string): string {
  return pairing
    .split('-')
    .map((browser) => browser.slice(0, 1).toUpperCase() + browser.slice(1, 2))
    .join('–');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
