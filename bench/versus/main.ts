import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { currentCommit, describeMachine } from '../../e2e/faults/machine.ts';
import { CONTESTANTS, manifestOf, type ContestantId } from '../contestants/contestant.ts';
import { chartSvg } from './chart.ts';
import { formatTime, textTable } from './figures.ts';
import { helpText, parseCommand, UsageError, type Command } from './options.ts';
import { markdownPage } from './page.ts';
import { FORMAT, mergeRows, readReport, type Outcome, type Report, type Row } from './report.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { Stage } from './stage.ts';

interface World {
  /** The folder that `docs/` is in. */
  readonly root: string;
  /** @returns undefined once all programs are there, else what the person has to do */
  readonly ensurePrograms: () => Promise<string | undefined>;
}

type VersusCommand = Extract<Command, { readonly mode: 'versus' }>;

/** `npm run faults -- --versus`. @returns the exit status */
export async function main(args: readonly string[], world: World): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nSee npm run faults -- --versus --help\n`);
    return 2;
  }
  if (command.mode === 'help') {
    process.stdout.write(helpText());
    return 0;
  }
  const problem = await world.ensurePrograms();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  return await compare(command, world.root);
}

async function compare(command: VersusCommand, root: string): Promise<number> {
  const path = command.json ?? join(root, 'docs', 'faults-versus.json');
  const earlier = command.merge ? await readReport(path) : undefined;
  const rows: Row[] = [];
  const stage = await Stage.setUp();
  try {
    for (const scenario of command.scenarios) {
      rows.push(...(await tryScenario(stage, scenario, command.runs, await currentCommit(root))));
    }
  } finally {
    await stage.close();
  }
  process.stdout.write(`\n${textTable(rows)}`);
  if (command.isWhole || command.merge || command.json !== undefined) {
    await writeReport(path, root, command, mergeRows(earlier?.rows ?? [], rows));
  }
  const isComplete = rows.every(({ runs }) => runs.every((run) => 'values' in run));
  return rows.length > 0 && isComplete ? 0 : 1;
}

/** Contestants take turns, and another one begins each run, so that no one has the quiet machine. */
async function tryScenario(
  stage: Stage,
  scenario: Scenario,
  runs: number,
  commit: string,
): Promise<readonly Row[]> {
  const date = new Date().toISOString();
  const outcomes = new Map<ContestantId, Outcome[]>(CONTESTANTS.map(({ id }) => [id, []]));
  process.stdout.write(`${scenario.title}\n`);
  for (let run = 0; run < runs; run += 1) {
    for (let turn = 0; turn < CONTESTANTS.length; turn += 1) {
      const contestant = CONTESTANTS[(run + turn) % CONTESTANTS.length];
      if (contestant === undefined) continue;
      const outcome = await runScenario(
        stage,
        scenario,
        contestant,
        run % 2 === 0 ? 'ann' : 'ben',
      ).catch((error: unknown): Outcome => ({ error: String(error) }));
      outcomes.get(contestant.id)?.push(outcome);
      process.stdout.write(`  ${run + 1}/${runs}  ${contestant.title}: ${outcomeText(outcome)}\n`);
    }
  }
  return CONTESTANTS.map(({ id }) => ({
    scenario: scenario.id,
    contestant: id,
    runs: outcomes.get(id) ?? [],
    date,
    commit,
  }));
}

function outcomeText(outcome: Outcome): string {
  if ('error' in outcome) return `FAILED ${outcome.error.replaceAll('\n', '\n        ')}`;
  const values = Object.entries(outcome.values).map(
    ([metric, ms]) => `${metric} ${formatTime(ms ?? Infinity)}`,
  );
  const kept = outcome.keptConnection ? 'same connection' : 'another connection';
  return [...values, outcome.keptObject ? 'same object' : 'another object', kept].join(', ');
}

async function writeReport(
  path: string,
  root: string,
  { json }: VersusCommand,
  rows: readonly Row[],
): Promise<void> {
  const report: Report = {
    format: FORMAT,
    machine: await describeMachine(),
    versions: await versions(),
    rows,
  };
  await write(path, `${JSON.stringify(report, undefined, 2)}\n`);
  if (json !== undefined) return;
  await write(join(root, 'docs', 'faults-versus.md'), markdownPage(report));
  await write(join(root, 'docs', 'images', 'faults-versus.svg'), chartSvg(rows));
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const names = CONTESTANTS.flatMap(({ packages }) => packages);
  const entries = names.map(async (name): Promise<[string, string]> => {
    const manifest: unknown = JSON.parse(await readFile(manifestOf(name), 'utf8'));
    const isVersioned = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
    return [name, isVersioned ? String(manifest.version) : 'unknown'];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
