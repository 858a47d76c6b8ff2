import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { firstLoad } from './first-load.mjs';

let dist = '';
afterEach(() => rmSync(dist, { recursive: true, force: true }));

function build(files) {
  dist = mkdtempSync(join(tmpdir(), 'peerline-first-load-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    writeFileSync(join(dist, path), typeof text === 'string' ? text : JSON.stringify(text));
  }
  return dist;
}

const PAGE = `<!doctype html>
<link rel="icon" href="/icon.svg" />
<link rel="stylesheet" href="/layers.css" />
<script type="module" crossorigin src="/assets/index.js"></script>`;

test('counts the page, what it names and what is imported at once, and nothing that comes later', () => {
  const folder = build({
    'index.html': PAGE,
    'icon.svg': '<svg/>',
    'layers.css': '',
    'assets/index.js': '',
    'assets/index.css': '',
    'assets/shared.js': '',
    'assets/late.js': '',
    '.vite/manifest.json': {
      'index.html': {
        file: 'assets/index.js',
        isEntry: true,
        imports: ['_shared.js'],
        dynamicImports: ['late.tsx'],
        css: ['assets/index.css'],
      },
      '_shared.js': { file: 'assets/shared.js', imports: ['index.html'] },
      'late.tsx': { file: 'assets/late.js', isDynamicEntry: true },
    },
  });
  const names = firstLoad(folder).map((path) => path.slice(folder.length + 1));
  expect(names.toSorted()).toEqual([
    'assets/index.css',
    'assets/index.js',
    'assets/shared.js',
    'index.html',
    'layers.css',
  ]);
});

test.each([
  ['no build', {}, /run `npm run build`/],
  ['a manifest without an entry', { 'index.html': PAGE, '.vite/manifest.json': {} }, /no entry/],
  [
    'a build with files missing',
    {
      'index.html': PAGE,
      '.vite/manifest.json': { 'index.html': { file: 'assets/index.js', isEntry: true } },
    },
    /not there/,
  ],
])('refuses %s instead of counting nothing', (_title, files, message) => {
  expect(() => firstLoad(build(files))).toThrow(message);
});
