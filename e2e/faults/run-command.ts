import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNetlabSkipped } from '../netlab/netlab.ts';
import type { Fault } from './fault.ts';
import { formatFigure, textTable } from './figures.ts';
import { currentCommit, type Machine } from './machine.ts';
import { measure } from './measure.ts';
import { helpText, parseCommand, UsageError, type Command } from './options.ts';
import { markdownPage } from './page.ts';
import { plotSvg } from './plot.ts';
import { ReportError } from '../rig/report-file.ts';
import { isComplete, makeReport, readReport, type Report } from './report.ts';
import { keysOf, pairingName, verdictOf, type Row, type Run } from './row.ts';

/** What the command needs of the world; tests give something else. */
export interface World {
  /** The folder that `docs/` is in. */
  readonly root: string;
  readonly matrix: readonly Fault[];
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly machine: () => Promise<Machine>;
  /** @returns undefined once all programs are there, else what the person has to do */
  readonly ensurePrograms: () => Promise<string | undefined>;
}

type MatrixCommand = Extract<Command, { readonly mode: 'matrix' }>;

/** @returns the exit status */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args, world.matrix);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    world.err(`${error.message}\nSee npm run faults -- --help\n`);
    return 2;
  }
  switch (command.mode) {
    case 'help':
      world.out(helpText());
      return 0;
    case 'list':
      world.out(world.matrix.map(listed).join(''));
      return 0;
    case 'matrix':
      return await runMatrix(command, world);
  }
}

function listed({ id, title, expected, pairings, runs }: Fault): string {
  const { at, max, unit, what } = expected;
  const names = pairings.map(pairingName).join(', ');
  return `${id.padEnd(4)}${title}\n    ${at} ≤ ${formatFigure(max, unit)}: ${what}\n    ${names}; ${runs.full} runs, ${runs.short} in the short form\n`;
}

async function runMatrix(command: MatrixCommand, world: World): Promise<number> {
  const problem = await world.ensurePrograms();
  if (problem !== undefined) {
    world.err(`${problem}\n`);
    return 1;
  }
  const path = command.json ?? join(world.root, 'docs', 'faults.json');
  let earlier: Report | undefined;
  try {
    earlier = command.merge ? await readReport(path) : undefined;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    world.err(`${error.message}\n`);
    return 1;
  }
  const rows = await tryAll(command, world);
  world.out(`\n${textTable(rows)}`);
  const misses = rows.filter((row) => verdictOf(row) === 'MISS').length;
  world.out(`\n${rows.length - misses} as expected, ${misses} missed\n`);

  if (command.isWhole || command.merge || command.json !== undefined) {
    const order = keysOf(world.matrix);
    const report = makeReport(await world.machine(), rows, order, earlier);
    await write(path, `${JSON.stringify(report, undefined, 2)}\n`);
    if (command.json === undefined && isComplete(report, order)) {
      await write(join(world.root, 'docs', 'faults.md'), markdownPage(report));
      await write(join(world.root, 'docs', 'images', 'faults.svg'), plotSvg(report.rows));
    }
  }
  return rows.length > 0 && misses === 0 ? 0 : 1;
}

async function tryAll({ trials }: MatrixCommand, world: World): Promise<readonly Row[]> {
  const commit = await currentCommit(world.root);
  const rows: Row[] = [];
  for (const trial of trials) {
    const { fault, pairing, runs } = trial;
    const title = `${fault.id} ${fault.title}, ${pairingName(pairing)}`;
    if (isNetlabSkipped() && fault.isLocal !== true) {
      world.err(`PEERLINE_SKIP_NETLAB=1: NOT TRIED: ${title}\n`);
      continue;
    }
    world.out(`${title}\n`);
    const row = await measure(trial, commit, (run, count) =>
      world.out(`  ${count}/${runs}  ${runText(run, fault)}\n`),
    );
    rows.push(row);
  }
  return rows;
}

function runText(run: Run, { expected }: Fault): string {
  if ('error' in run) return `FAILED ${run.error.replaceAll('\n', '\n        ')}`;
  const note = run.note === undefined ? '' : `  (${run.note})`;
  const late = run.value > expected.max ? '  over' : '';
  return `${formatFigure(run.value, expected.unit)}${late}${note}`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
