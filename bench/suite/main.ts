import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { currentCommit } from '../../e2e/faults/machine.ts';
import { ReportError } from '../../e2e/rig/report-file.ts';
import { manifestOf } from '../contestants/contestant.ts';
import { formatValue, textTable } from './figures.ts';
import { describeBenchMachine } from './machine.ts';
import { measure } from './measure.ts';
import { helpText, parseCommand, UsageError, type Command } from './options.ts';
import { markdownPage, plotFile } from './page.ts';
import { plotSvg } from './plot.ts';
import { SCENARIOS } from './registry.ts';
import {
  FORMAT,
  mergeResults,
  readReport,
  type Outcome,
  type Report,
  type Result,
} from './report.ts';
import type { Scenario } from './scenario.ts';

interface World {
  /** The folder that `docs/` is in. */
  readonly root: string;
  /** @returns undefined once all programs are there, else what the person has to do */
  readonly ensurePrograms: () => Promise<string | undefined>;
}

type MeasureCommand = Extract<Command, { readonly mode: 'measure' }>;

/** `npm run bench`. @returns the exit status */
export async function main(args: readonly string[], world: World): Promise<number> {
  try {
    const command = parseCommand(args, SCENARIOS);
    switch (command.mode) {
      case 'help':
        say(helpText(SCENARIOS));
        return 0;
      case 'page':
        return await renewPage(world.root);
      case 'measure':
        return await measureAll(command, world);
    }
  } catch (error) {
    if (error instanceof ReportError) return fail(error.message, 1);
    if (!(error instanceof UsageError)) throw error;
    return fail(`${error.message}\nSee npm run bench -- --help`, 2);
  }
}

async function renewPage(root: string): Promise<number> {
  const path = jsonPath(root);
  const report = await readReport(path);
  if (report === undefined) return fail(`there is no ${path}: run npm run bench -- all`, 1);
  await writePage(root, report);
  return 0;
}

async function measureAll(command: MeasureCommand, world: World): Promise<number> {
  const { root } = world;
  if (command.scenarios.some(({ needs }) => needs === 'programs')) {
    const problem = await world.ensurePrograms();
    if (problem !== undefined) return fail(problem, 1);
  }
  const path = command.json ?? jsonPath(root);
  let results = command.merge ? ((await readReport(path))?.results ?? []) : [];
  const isWritten = command.isAll || command.merge || command.json !== undefined;
  let isComplete = true;
  for (const scenario of command.scenarios) {
    const result = await measureOne(scenario, command.runs ?? scenario.runs, root);
    say(`\n${textTable(scenario, result)}\n`);
    results = mergeResults(results, [result]);
    isComplete &&= result.rows.every(({ runs }) => runs.every((run) => 'values' in run));
    // After each, so that an end in between loses little.
    if (isWritten) await writeReport(path, root, command, { format: FORMAT, results });
  }
  return isComplete ? 0 : 1;
}

async function measureOne(scenario: Scenario, runs: number, root: string): Promise<Result> {
  const date = new Date().toISOString();
  const commit = await currentCommit(root);
  say(`${scenario.title}\n`);
  const rows = await measure(scenario, runs, (run, title, outcome) =>
    say(`  ${run + 1}/${runs}  ${title}: ${outcomeText(scenario, outcome)}\n`),
  );
  return {
    scenario: scenario.id,
    date,
    commit,
    machine: await describeBenchMachine(),
    versions: await versionsOf(scenario),
    rows,
  };
}

function outcomeText({ metrics }: Scenario, outcome: Outcome): string {
  if ('error' in outcome) return `FAILED ${outcome.error.replaceAll('\n', '\n        ')}`;
  return metrics
    .flatMap((metric) => {
      const value = outcome.values[metric.id];
      return value === undefined ? [] : [`${metric.id} ${formatValue(value ?? Infinity, metric)}`];
    })
    .join(', ');
}

async function versionsOf({ contestants }: Scenario): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set(contestants.flatMap(({ packages }) => packages))];
  const entries = names.map(async (name): Promise<[string, string]> => {
    const manifest: unknown = JSON.parse(await readFile(manifestOf(name), 'utf8'));
    const isVersioned = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
    return [name, isVersioned ? String(manifest.version) : 'unknown'];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function writeReport(
  path: string,
  root: string,
  { json }: MeasureCommand,
  report: Report,
): Promise<void> {
  await write(path, `${JSON.stringify(report, undefined, 2)}\n`);
  if (json === undefined) await writePage(root, report);
}

async function writePage(root: string, report: Report): Promise<void> {
  await write(join(root, 'docs', 'benchmarks.md'), markdownPage(report, SCENARIOS));
  for (const scenario of SCENARIOS) {
    const result = report.results.find((one) => one.scenario === scenario.id);
    if (result === undefined) continue;
    await write(join(root, 'docs', plotFile(scenario.id)), plotSvg(scenario, result));
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function jsonPath(root: string): string {
  return join(root, 'docs', 'benchmarks.json');
}

function say(text: string): void {
  process.stdout.write(text);
}

function fail(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}
