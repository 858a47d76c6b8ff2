// npm test: every check there is, from a fresh clone on.
import { parseArgs } from 'node:util';
import { Processes } from './checks/processes.mjs';
import { ensurePrograms } from './checks/programs.mjs';
import { runSteps } from './checks/run-steps.mjs';
import { STEPS } from './checks/steps.mjs';
import { ensureInstalled, InstallError } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';

const MARKS = { passed: 'ok  ', failed: 'FAIL', blocked: 'not run' };

requireNode();
const options = readOptions();
const processes = new Processes();
/** @type {string | undefined} */
let interrupted;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, endEarly);

const startedAtMs = performance.now();
try {
  await ensureInstalled();
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  fail(error.message);
}
if (options.steps.some(({ name }) => name === 'e2e')) {
  const problem = await ensurePrograms(processes, ROOT);
  if (problem !== undefined) fail(problem);
}

const outcomes = await runSteps(options.steps, processes, {
  verbose: options.verbose,
  onDone: ({ step, result }) => {
    if (interrupted !== undefined) return;
    console.log(`${MARKS[result.status]} ${step.title} (${seconds(result.ms)})`);
    if (result.status === 'failed' && !options.verbose) console.log(indent(result.output));
  },
});
// Ended by the signal's handler, which is still cleaning up.
if (interrupted !== undefined) await new Promise(() => undefined);
const left = processes.killLeftovers();
if (left > 0) console.log(`FAIL ${left} processes were left running, and are ended now`);
report(outcomes, left);

function endEarly(signal) {
  // npm passes on what the terminal has sent already.
  if (interrupted !== undefined) return;
  interrupted = signal;
  console.error(`\n${signal}: ending what runs …`);
  void processes.end().then(() => {
    console.log('0 passed, 1 failed');
    process.exit(130);
  });
}

function report(all, leftovers) {
  console.log('');
  for (const { step, result } of all) {
    const counts = `${result.passed} passed, ${result.failed} failed`;
    console.log(
      `${MARKS[result.status].padEnd(7)} ${step.title.padEnd(40)} ${seconds(result.ms).padStart(8)}  ${counts}`,
    );
  }
  console.log(`in ${seconds(performance.now() - startedAtMs)}`);
  const passed = all.reduce((sum, { result }) => sum + result.passed, 0);
  const failed = all.reduce((sum, { result }) => sum + result.failed, 0) + (leftovers > 0 ? 1 : 0);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed`);
}

function readOptions() {
  const names = STEPS.map(({ name }) => name);
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        verbose: { type: 'boolean', short: 'v', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    console.error(`${error.message}\nSee npm test -- --help`);
    process.exit(2);
  }
  if (values.help) {
    console.log(help());
    process.exit(0);
  }
  const wanted = (values.only ?? []).flatMap((list) => list.split(',')).map((name) => name.trim());
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown.join(', ')}; there are ${names.join(', ')}.`);
    process.exit(2);
  }
  const steps = STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  return { steps, verbose: values.verbose };
}

function help() {
  return [
    'Usage: npm test -- [--only STEP[,STEP]] [--verbose]',
    '',
    'Installs what is missing, then runs every check:',
    ...STEPS.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`),
    '',
    '  --only       runs these steps alone; what they need must have run before',
    '  --verbose    shows output while it comes, and not of failures alone',
  ].join('\n');
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function indent(text) {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}

function fail(message) {
  console.error(message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
