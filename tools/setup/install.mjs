import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { ROOT } from './root.mjs';

/** `npm ci` failed; `message` holds its output. */
export class InstallError extends Error {
  name = 'InstallError';
}

/**
 * Installs the dependencies of the whole workspace, if what is installed is not what the lock file says.
 *
 * @param {{ log?: (line: string) => void }} [options] `log` gets one line before the work begins
 * @returns {Promise<boolean>} whether anything had to be installed
 * @throws {InstallError} when npm fails
 */
export async function ensureInstalled({ log = console.error } = {}) {
  const reason = installReason(ROOT);
  if (reason === undefined) return false;
  log(`Installing dependencies (${reason}) …`);
  const { ok, output } = await install();
  if (!ok) {
    throw new InstallError(
      `Installing failed:\n${output}\nCheck the network, then run the same command again.`,
    );
  }
  return true;
}

/** Dev dependencies hold the compiler, so they are needed even where NODE_ENV says production. */
const OPTIONS = ['--include=dev', '--no-audit', '--no-fund'];

/**
 * Exactly what the lock file says. A lock file that was written on one platform may lack optional
 * packages of another, for which `npm ci` refuses it as a whole; `npm install` keeps to it as far as it
 * goes and adds those.
 */
async function install() {
  const exact = await runNpm(['ci', ...OPTIONS]);
  if (exact.ok || !exact.output.includes('EUSAGE')) return exact;
  return await runNpm(['install', '--no-save', ...OPTIONS]);
}

/**
 * Compares what npm noted about the installed tree with the lock file, entry by entry. Times of files
 * would not do: a checkout touches the lock file without changing it.
 *
 * @param {string} root
 * @returns {string | undefined} why an install is needed, or nothing
 */
export function installReason(root) {
  const notedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(notedPath)) return 'none are installed';
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(notedPath);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/')) continue;
    const present = installed[path];
    if (present === undefined) {
      // Optional ones are for other platforms most of the time.
      if (entry.optional) continue;
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} is missing`;
    }
    if (present.version !== entry.version || present.integrity !== entry.integrity) {
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} has changed`;
    }
  }
  return undefined;
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
}
