import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a browser loads of a library, compressed as servers send it, in bytes. */
export interface BundleSize {
  /** The entry and all that it imports in the usual way. */
  readonly firstLoad: number;
  /** With everything that is behind `import()`. */
  readonly whole: number;
}

/** @param source a module that imports what is measured, as an application would */
export async function bundleSize(source: string): Promise<BundleSize> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: 'out',
    absWorkingDir: '/',
    logLevel: 'error',
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [
      path.slice(1),
      gzipSync(contents, { level: 9 }).length,
    ]),
  );
  const atOnce = new Set<string>();
  const visit = (path: string): void => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const imported of metafile.outputs[path]?.imports ?? []) {
      if (imported.kind === 'import-statement' && imported.external !== true) visit(imported.path);
    }
  };
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === '<stdin>') visit(path);
  }
  if (atOnce.size === 0) throw new Error('the bundle has no entry');
  return { firstLoad: sumOf(sizes, (path) => atOnce.has(path)), whole: sumOf(sizes, () => true) };
}

function sumOf(sizes: ReadonlyMap<string, number>, counts: (path: string) => boolean): number {
  return [...sizes].reduce((sum, [path, bytes]) => sum + (counts(path) ? bytes : 0), 0);
}
