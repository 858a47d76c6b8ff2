import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../setup/root.mjs';

/** What is published, lowest first. */
export const PUBLISHED = ['protocol', 'server', 'client'];

/**
 * @typedef {{ name: string, version: string, tarball: string, files: readonly string[] }} Packed
 */

/**
 * Packs one package as `npm publish` would.
 *
 * @param {string} folder in `packages/`
 * @param {string} into where the tarball goes
 * @returns {Packed}
 */
export function pack(folder, into) {
  const output = npm(
    ['pack', '--json', '--pack-destination', into],
    join(ROOT, 'packages', folder),
  );
  const [{ name, version, filename, files }] = JSON.parse(output);
  return { name, version, tarball: join(into, filename), files: files.map(({ path }) => path) };
}

/**
 * Lays a packed package into a folder's `node_modules`, with a link to each dependency that it
 * declares. What it does not declare it cannot import there, and nothing is fetched.
 *
 * @param {Packed} packed
 * @param {string} consumer
 */
export function install({ name, tarball }, consumer) {
  const target = join(consumer, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components', '1']);
  const { dependencies = {} } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) {
    if (dependency === 'peerline' || dependency.startsWith('@peerline/')) continue;
    linkInstalled(dependency, consumer);
  }
}

/**
 * Links what is installed in the workspace into a folder's `node_modules`.
 *
 * @param {string} name
 * @param {string} consumer
 */
export function linkInstalled(name, consumer) {
  const link = join(consumer, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), link, 'junction');
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const options = { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  if (script !== undefined && /\.c?js$/.test(script)) {
    return execFileSync(process.execPath, [script, ...args], options);
  }
  return execFileSync('npm', args, { ...options, shell: process.platform === 'win32' });
}
