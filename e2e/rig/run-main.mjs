import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Processes } from '../../tools/checks/processes.mjs';
import { ensurePrograms } from '../../tools/checks/programs.mjs';
import { BuildError, ensureBuilt } from '../../tools/setup/build.mjs';
import { ensureInstalled, InstallError } from '../../tools/setup/install.mjs';
import { requireNode } from '../../tools/setup/node-version.mjs';
import { ROOT } from '../../tools/setup/root.mjs';

/**
 * Installs and builds what is missing, then runs the `main` of a TypeScript module with this process's
 * arguments, and ends with the status that it gives.
 *
 * @param {URL} module
 */
export async function runMain(module) {
  requireNode();
  // Ended early, the process ends as always: labs and programs are removed on its exit.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => process.exit(status));
  }
  try {
    await ensureInstalled();
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof InstallError || error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const output = fileURLToPath(new URL('../output/', import.meta.url));
  await mkdir(output, { recursive: true });
  // In the tree, so that packages are found from it.
  const directory = await mkdtemp(join(output, 'main-'));
  try {
    const { main } = await load(module, join(directory, 'main.mjs'));
    process.exitCode = await main(process.argv.slice(2), {
      root: ROOT,
      ensurePrograms: () => ensurePrograms(new Processes(), ROOT),
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Node 20 runs no TypeScript: bundles it, with every file's own URL left as it was. */
async function load(module, outfile) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [fileURLToPath(module)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [{ name: 'own-urls', setup: keepUrls }],
  });
  process.setSourceMapsEnabled(true);
  return await import(pathToFileURL(outfile).href);
}

function keepUrls(build) {
  build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8');
    const url = JSON.stringify(pathToFileURL(path).href);
    return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
  });
}
