import type { Plugin, Rolldown } from 'vite';

/** What is loaded by `import()` on the way from a room's link to its lobby, one behind the other. */
const ROOM_MODULES = [
  '/src/model/open-room.ts',
  '/src/features/room-page.tsx',
  '/room/lobby-visit.js',
  '/identities/index.js',
];

type OutputChunk = Rolldown.OutputChunk;

/**
 * Has the browser fetch what a room needs together with the app itself, where the address is a room's: each of
 * its chunks would cost a round trip more else, one behind the other. It has to be a script, since the fragment stays in
 * the browser, and a file of its own, since the policy of the pages allows none in line.
 */
export function roomPreload(): Plugin {
  return {
    name: 'room-preload',
    apply: 'build',
    // Behind Vite's own, which makes the page.
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return this.error('there is no index.html to preload from');
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const rooms = ROOM_MODULES.map((end) => {
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(end) === true);
        return found ?? this.error(`${end} is no chunk of its own any more`);
      });
      const already = filesOf(
        chunks.filter(({ isEntry }) => isEntry),
        chunks,
      );
      // Browsers fetch six at a time over HTTP/1.1, and the largest takes longest.
      const sizeOf = (file: string): number => {
        const output = bundle[file];
        return (output?.type === 'chunk' ? output.code : (output?.source ?? '')).length;
      };
      const files = [...filesOf(rooms, chunks)]
        .filter((file) => !already.has(file))
        .toSorted((one, other) => sizeOf(other) - sizeOf(one));
      const reference = this.emitFile({
        type: 'asset',
        name: 'early.js',
        source: earlyScript(files.map((file) => `/${file}`)),
      });
      const tag = `<script type="module" async crossorigin src="/${this.getFileName(reference)}"></script>`;
      // First of all, so that it has the connection that the page came over.
      const html = String(page.source);
      const placed = html.replace('<meta charset="utf-8" />', `$&\n    ${tag}`);
      if (placed === html) return this.error('index.html has no place for it any more');
      page.source = placed;
    },
  };
}

/** All that is loaded with some chunks: they, what they import, and the styles of both. */
function filesOf(
  from: readonly OutputChunk[],
  chunks: readonly OutputChunk[],
  files = new Set<string>(),
): ReadonlySet<string> {
  for (const { fileName, imports, viteMetadata } of from) {
    if (files.has(fileName)) continue;
    files.add(fileName);
    for (const style of viteMetadata?.importedCss ?? []) files.add(style);
    filesOf(
      chunks.filter((chunk) => imports.includes(chunk.fileName)),
      chunks,
      files,
    );
  }
  return files;
}

function earlyScript(paths: readonly string[]): string {
  return `if (location.hash !== '') {
  for (const path of ${JSON.stringify(paths)}) {
    const link = document.createElement('link');
    const isStyle = path.endsWith('.css');
    link.rel = isStyle ? 'preload' : 'modulepreload';
    if (isStyle) link.as = 'style';
    link.crossOrigin = '';
    link.href = path;
    document.head.append(link);
  }
}
`;
}
