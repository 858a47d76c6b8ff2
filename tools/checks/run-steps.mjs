import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../setup/root.mjs';

/**
 * @typedef {{ status: 'passed' | 'failed' | 'blocked', passed: number, failed: number, ms: number,
 *   output: string }} Result `blocked`: what it needs has failed, so it did not run
 * @typedef {{ step: import('./steps.mjs').Step, result: Result }} Outcome
 */

/** Two at a time, as many as the smallest machine that this is meant for has cores. */
const AT_ONCE = 2;

/**
 * Runs steps, each as soon as what it needs is done and there is room.
 *
 * @param {readonly import('./steps.mjs').Step[]} steps
 * @param {import('./processes.mjs').Processes} processes
 * @param {{ verbose: boolean, onDone: (outcome: Outcome) => void }} options
 * @returns {Promise<Outcome[]>} in the order of `steps`
 */
export async function runSteps(steps, processes, { verbose, onDone }) {
  const chosen = new Set(steps.map(({ name }) => name));
  /** @type {Map<string, Result>} */
  const results = new Map();
  const waiting = [...steps];
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();

  const finish = (step, result) => {
    results.set(step.name, result);
    onDone({ step, result });
  };
  while (waiting.length > 0 || running.size > 0) {
    for (const step of [...waiting]) {
      if (running.size >= AT_ONCE) break;
      const needs = step.needs.filter((name) => chosen.has(name));
      if (needs.some((name) => !results.has(name))) continue;
      waiting.splice(waiting.indexOf(step), 1);
      // Only a build that is not there keeps others from running; a fault of style does not.
      if (needs.includes('types') && results.get('types')?.status !== 'passed') {
        finish(step, { status: 'blocked', passed: 0, failed: 1, ms: 0, output: '' });
        continue;
      }
      const done = runStep(step, processes, verbose).then((result) => {
        running.delete(step.name);
        finish(step, result);
      });
      running.set(step.name, done);
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  return steps.map((step) => ({ step, result: results.get(step.name) }));
}

async function runStep(step, processes, verbose) {
  const startedAtMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'peerline-test-'));
  try {
    const report = join(folder, 'report.json');
    const args =
      step.kind === 'vitest'
        ? [...step.args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
        : step.args;
    const { status, output } = await processes.run(step.command, args, {
      cwd: ROOT,
      env: { PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
      onOutput: verbose ? (text) => process.stdout.write(text) : undefined,
    });
    const ms = performance.now() - startedAtMs;
    const counted =
      step.kind === 'vitest' ? countTests(report, status) : countOne(step, status, output);
    return {
      ...counted,
      ms,
      output: counted.note === undefined ? output : `${output}\n${counted.note}`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countOne({ readsFiles }, status, output) {
  if (status === 0 && readsFiles !== undefined && readsFiles(output) === 0) {
    return {
      status: 'failed',
      passed: 0,
      failed: 1,
      note: 'It read no file, so it proves nothing.',
    };
  }
  return status === 0
    ? { status: 'passed', passed: 1, failed: 0 }
    : { status: 'failed', passed: 0, failed: 1 };
}

function countTests(report, status) {
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { status: 'failed', passed: 0, failed: 1, note: 'vitest ended without a report.' };
  }
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = counts;
  if (total === 0) return { status: 'failed', passed: 0, failed: 1, note: 'No test ran.' };
  if (passed + failed < total) {
    const note = `${total - passed - failed} tests were skipped; every test is to run.`;
    return { status: 'failed', passed, failed: failed + total - passed - failed, note };
  }
  // A hook that fails after its tests fails no test, yet ends vitest with a fault.
  if (status !== 0 && failed === 0) {
    return { status: 'failed', passed, failed: 1, note: 'vitest failed outside of any test.' };
  }
  return { status: failed === 0 ? 'passed' : 'failed', passed, failed };
}
