import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Says why this Node cannot run Peerline, if it cannot.
 *
 * @param {string} [actual] a version like `20.19.0`
 * @returns {string | undefined} what to tell the person
 */
export function nodeVersionProblem(actual = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const needed = engines.node.replace(/^>=/, '');
  if (compareVersions(actual, needed) >= 0) return undefined;
  return `Peerline needs Node ${needed} or newer, and this is ${actual}. Install a newer one (https://nodejs.org), then run the same command again.`;
}

/** Ends the process with a message when this Node is too old. */
export function requireNode() {
  const problem = nodeVersionProblem();
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} negative where `left` is the older
 */
function compareVersions(left, right) {
  const a = left.split('.').map((part) => Number.parseInt(part, 10));
  const b = right.split('.').map((part) => Number.parseInt(part, 10));
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] || 0) - (b[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
