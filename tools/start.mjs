// npm start: everything from a fresh clone to a running server. Options are the server's.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildError, ensureBuilt } from './setup/build.mjs';
import { ensureInstalled, InstallError } from './setup/install.mjs';
import { requireNode } from './setup/node-version.mjs';
import { ROOT } from './setup/root.mjs';

/** A port is to be free again about when `npm start` has ended. */
const PARENT_CHECK_MS = 200;

requireNode();

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  if (!(error instanceof InstallError) && !(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exit(1);
}

if (process.env.npm_lifecycle_event === 'start') endWithParent();

// The server runs in this very process, so signals and the exit status need no one to pass them on.
const main = join(ROOT, 'packages', 'server', 'dist', 'cli', 'main.js');
const app = process.env.PEERLINE_STATIC ? [] : ['--static', join(ROOT, 'apps', 'call', 'dist')];
process.argv = [process.execPath, main, ...app, ...process.argv.slice(2)];
await import(pathToFileURL(main).href);

/** npm starts a shell in between, and that ends on SIGTERM without passing it on. */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
