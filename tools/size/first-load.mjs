import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files that a browser needs before a built page can be used: the page, what it names, and what
 * its scripts import at once. Chunks that are loaded later do not count.
 *
 * @param {string} dist a folder built by Vite with `build.manifest`
 * @returns {string[]} paths, each once
 * @throws {Error} where the build is not there or names files that are not: nothing would be counted
 */
export function firstLoad(dist) {
  const page = join(dist, 'index.html');
  const manifestPath = join(dist, '.vite', 'manifest.json');
  if (!existsSync(page) || !existsSync(manifestPath)) {
    throw new Error(`${dist} holds no build with a manifest; run \`npm run build\` first`);
  }
  const files = new Set(['index.html', ...namedBy(readFileSync(page, 'utf8'))]);
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
  if (entries.length === 0) throw new Error(`${manifestPath} names no entry`);
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`${manifestPath} does not say what ${key} is`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const entry of entries) visit(entry);
  const paths = [...files].map((file) => join(dist, file));
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new Error(`the build names files that are not there: ${missing.join(', ')}`);
  if (!paths.some((path) => path.endsWith('.js'))) throw new Error(`${page} loads no script`);
  return paths;
}

/** Scripts, styles and preloads of a page; icons and the like hold nothing up. */
function namedBy(html) {
  const named = [];
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const isScript = tag.startsWith('<script');
    const rel = /\brel="([^"]*)"/.exec(tag)?.[1] ?? '';
    if (!isScript && !['stylesheet', 'modulepreload', 'preload'].includes(rel)) continue;
    const path = /\b(?:src|href)="\/?([^"]*)"/.exec(tag)?.[1];
    if (path !== undefined) named.push(path);
  }
  return named;
}
