import { columnsOf, linesOf, verdictOf } from './figures.ts';
import { runsOf, type Report, type Result } from './report.ts';
import type { Scenario } from './scenario.ts';

/** The plot of a scenario, beside `docs/benchmarks.md`. */
export function plotFile(id: string): string {
  return `images/bench-${id}.svg`;
}

/** `docs/benchmarks.md`: what was measured, for people. */
export function markdownPage({ results }: Report, scenarios: readonly Scenario[]): string {
  return `# Peerline beside its peers

Written by \`npm run bench\`, which anyone can run again; \`docs/benchmarks.json\` has every single run.
How each library is used, and why so, is in [bench/README.md](../bench/README.md).

Contestants take turns within each run, and another one begins each time, so that a machine that does
other things meanwhile weighs on all alike. The median is by nearest rank. A ratio is the median of
the ratios of single runs, which is the figure to trust: the others depend on the machine.

${scenarios.map((scenario) => section(scenario, results)).join('\n')}`;
}

function section(scenario: Scenario, results: readonly Result[]): string {
  const { id, title, method } = scenario;
  const result = results.find((one) => one.scenario === id);
  if (result === undefined) {
    return `## ${title}\n\nNot measured yet: \`npm run bench -- ${id} --merge\`.\n`;
  }
  const head = ['measured', 'contestant', ...columnsOf(scenario)];
  const cells = linesOf(scenario, result).map((line) => [
    line.metric.what,
    line.contestant,
    ...line.cells,
  ]);
  const rule = head.map((_, column) => (column < 2 ? '---' : '--:'));
  const table = [head, rule, ...cells].map((line) => `| ${line.map(escape).join(' | ')} |\n`);
  return `## ${title}

${method}

${conditions(scenario, result)}

![${title}: a dot for each run](${plotFile(id)})

${table.join('')}${aims(scenario, result)}${notes(scenario, result)}`;
}

function conditions({ id }: Scenario, { date, commit, machine, versions }: Result): string {
  const packages = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`);
  const chromium = machine.chromium === undefined ? '' : `, Chromium ${machine.chromium}`;
  return `\`npm run bench -- ${id}\` on ${date.slice(0, 10)}, commit ${commit}: ${machine.cores} cores (${machine.cpu}),
${machine.memoryGb} GB, ${machine.os}; Node ${machine.node}${chromium};
${packages.join(', ')}.`;
}

function aims(scenario: Scenario, result: Result): string {
  const lines = scenario.aims.map((aim) => {
    const { state, text } = verdictOf(aim, scenario, result);
    return `- **${state}** ${text}\n`;
  });
  return lines.length === 0 ? '' : `\nAims:\n\n${lines.join('')}`;
}

/** The same note of several runs is one line. */
function notes({ contestants }: Scenario, result: Result): string {
  const lines = contestants.flatMap(({ id, title }) =>
    runsOf(result, id).flatMap((run) => {
      const said = 'error' in run ? `a run did not come about: ${run.error}` : run.note;
      return said === undefined ? [] : [`- ${title}: ${said.replaceAll(/\s+/g, ' ').trim()}\n`];
    }),
  );
  return lines.length === 0 ? '' : `\nNotes:\n\n${[...new Set(lines)].join('')}`;
}

function escape(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}
