import { cellsOf, COLUMNS } from './figures.ts';
import type { Report } from './report.ts';
import type { Row } from './row.ts';

/** `docs/faults.md`: what was measured, for people. */
export function markdownPage({ machine, rows }: Report): string {
  const commits = [...new Set(rows.map(({ commit }) => commit))].join(', ');
  const dates = rows.map(({ date }) => date.slice(0, 10)).toSorted();
  const first = dates.at(0) ?? '';
  const last = dates.at(-1) ?? '';
  return `# What faults cost a call

Written by \`npm run faults\`, which anyone can run again; \`docs/faults.json\` has every single run.
Each fault is done to real browsers on a network made for it (\`e2e/netlab\`). A member's link takes
10 ms one way unless the fault says otherwise. Joining counts to the first frame that is painted, recovery to
the first one of a picture that flows from then on, each in the worse of both directions.

${first === last ? first : `${first} to ${last}`}, commit ${commits}, on ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os};
Node ${machine.node}, Chromium ${machine.chromium}, Firefox ${machine.firefox}, coturn ${machine.coturn}.

Percentiles are by nearest rank, so of fewer than 20 runs the 95th is the worst. A run that throws
is a miss of its row.

![Recovery times, one dot a run](images/faults.svg)

${markdownTable(rows)}
## What each one is

${meanings(rows)}
${notes(rows)}`;
}

function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |\n`;
  const rule = `|${COLUMNS.map(() => '---').join('|')}|\n`;
  return line(COLUMNS) + rule + rows.map((row) => line(cellsOf(row))).join('');
}

function meanings(rows: readonly Row[]): string {
  const byId = new Map(rows.map(({ id, title, expected }) => [id, { title, what: expected.what }]));
  return [...byId]
    .map(([id, { title, what }]) => `- **${id}** ${title}. Measured: ${what}.\n`)
    .join('');
}

function notes(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ id, pairing, runs }) =>
    runs.flatMap((run, index) => {
      const said = 'error' in run ? `failed: ${run.error}` : run.note;
      return said === undefined ? [] : [`- ${id} ${pairing}, run ${index + 1}: ${oneLine(said)}\n`];
    }),
  );
  return lines.length === 0 ? '' : `\n## Notes of single runs\n\n${lines.join('')}`;
}

function escape(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
