import { CONTESTANTS } from '../contestants/contestant.ts';
import { cellsOf, COLUMNS, linesOf } from './figures.ts';
import type { Report, Row } from './report.ts';
import { NEVER_MS, SCENARIOS, type Scenario } from './scenario.ts';

/** `docs/faults-versus.md`: what was measured, for people. */
export function markdownPage({ machine, versions, rows }: Report): string {
  const dates = [...new Set(rows.map(({ date }) => date.slice(0, 10)))].toSorted();
  const commits = [...new Set(rows.map(({ commit, scenario }) => `${commit} (${scenario})`))];
  const packages = CONTESTANTS.map(({ title, packages: names }) => {
    const list = names.map((name) => `\`${name}\` ${versions[name] ?? 'unknown'}`);
    return `${title} (${list.join(', ')})`;
  });
  return `# Side by side: the same faults on PeerJS, simple-peer and Peerline

Written by \`npm run faults -- --versus\`, which anyone can run again; \`docs/faults-versus.json\` has
every single run. What each contestant does, and by what of its documentation, is in
[bench/README.md](../bench/README.md).

${packages.join('; ')}.
${dates.join(', ')}, commit ${commits.join(', ')}, on ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os};
Node ${machine.node}, Chromium ${machine.chromium}.

A call of two with camera and microphone both ways, in real browsers on a network made for it
(\`e2e/netlab\`), 40 ms apart there and back. Contestants take turns within each run, with the same
times and the same watch on the picture; the fault befalls one member in odd runs and the other in even
ones. A time counts for the worse of both directions. A picture is back once no gap of over 1 s follows
for 5 s. What has not come after ${NEVER_MS / 1_000} s is never. "To ours" compares medians.

![Times of every run, one dot a run](images/faults-versus.svg)

${SCENARIOS.map((scenario) => section(scenario, rows)).join('\n')}
"Object kept": what the application holds for the other one was the same before and after (a \`Peer\`
of Peerline, a \`MediaConnection\` of PeerJS, a \`Peer\` of simple-peer). "Connection kept": so were all
\`RTCPeerConnection\`s of the two.
${notes(rows)}`;
}

function section({ id, title }: Scenario, rows: readonly Row[]): string {
  const lines = linesOf(rows).filter(({ scenario }) => scenario.id === id);
  if (lines.length === 0) {
    return `## ${title}\n\nNot measured yet: \`npm run faults -- --versus --only ${id} --merge\`.\n`;
  }
  const head = ['measured', 'contestant', ...COLUMNS];
  const cells = lines.map((line) => [line.metric.what, line.title, ...cellsOf(line)]);
  const table = [head, head.map(() => '---'), ...cells];
  return `## ${title}\n\n${table.map((line) => `| ${line.join(' | ')} |\n`).join('')}`;
}

function notes(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ scenario, contestant, runs }) =>
    runs.flatMap((run, index) =>
      'error' in run
        ? [`- ${scenario}, ${contestant}, run ${index + 1}: ${run.error.replaceAll(/\s+/g, ' ')}\n`]
        : [],
    ),
  );
  return lines.length === 0 ? '' : `\n## Runs that did not come about\n\n${lines.join('')}`;
}
