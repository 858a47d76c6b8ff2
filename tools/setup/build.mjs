import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { ROOT } from './root.mjs';

/** The build failed; `message` holds the compiler's output. */
export class BuildError extends Error {
  name = 'BuildError';
}

/** What `npm run build` writes last; everything that it was made from is older. */
const BUILD_RESULT = join('apps', 'call', 'dist', 'index.html');

/** What else has to be there to start. */
const NEEDED = ['protocol', 'server', 'client'].map((name) =>
  join('packages', name, 'dist', 'index.js'),
);

/** Folders and files that a build is made from; those that are not there count for nothing. */
const SOURCES = ['packages', join('apps', 'call'), 'package-lock.json', 'tsconfig.base.json'];

/** Names in them that are results, or nothing to the build. */
const NOT_SOURCES = new Set(['dist', 'node_modules', 'README.md', 'SPEC.md']);

/**
 * Builds packages and app, if something is missing or older than its source.
 *
 * @param {{ log?: (line: string) => void }} [options] `log` gets one line before the work begins
 * @returns {Promise<boolean>} whether anything had to be built
 * @throws {BuildError}
 */
export async function ensureBuilt({ log = console.error } = {}) {
  const reason = buildReason(ROOT);
  if (reason === undefined) return false;
  log(`Building (${reason}) …`);
  const { ok, output } = await runNpm(['run', 'build']);
  if (!ok) throw new BuildError(`npm run build failed:\n${output}`);
  return true;
}

/**
 * @param {string} root
 * @returns {string | undefined} why a build is needed, or nothing
 */
export function buildReason(root) {
  for (const path of [BUILD_RESULT, ...NEEDED]) {
    if (!existsSync(join(root, path))) return `${path} is missing`;
  }
  const builtAtMs = statSync(join(root, BUILD_RESULT)).mtimeMs;
  for (const source of SOURCES) {
    const newer = findNewer(root, source, builtAtMs);
    if (newer !== undefined) return `${newer} has changed`;
  }
  return undefined;
}

/**
 * Looks at folders as well, whose times tell that a file in them was removed.
 *
 * @param {string} root
 * @param {string} path relative to it
 * @param {number} thanMs
 * @returns {string | undefined}
 */
function findNewer(root, path, thanMs) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!stats.isDirectory()) return stats.mtimeMs > thanMs ? path : undefined;
  const entries = readdirSync(join(root, path));
  for (const name of entries) {
    if (NOT_SOURCES.has(name)) continue;
    const newer = findNewer(root, join(path, name), thanMs);
    if (newer !== undefined) return newer;
  }
  // Making `dist` itself changes the time of the folder that holds it.
  if (entries.includes('dist')) return undefined;
  return stats.mtimeMs > thanMs ? path : undefined;
}
