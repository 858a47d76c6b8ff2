import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { sizeLimits } from '../size/limits.mjs';

const RUN_MAX_MS = 60_000;

/** In bytes, and some more. */
const [aboveCore, aboveSdk] = sizeLimits({ core: [], sdk: [], app: [] }).map(
  ({ limit }) => Number.parseFloat(limit) * 1_000 + 200,
);

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The real limits, over files that are as large as told, and what `more` says at their end. */
function measure(bytes, more = '') {
  folder = mkdtempSync(join(tmpdir(), 'peerline-size-'));
  // Random bytes do not compress, and neither do they as text in base64, by much.
  const write = (name, end) => {
    const text = randomBytes(bytes).toString('base64');
    writeFileSync(join(folder, name), `export const data = '${text}';\n${end}`);
  };
  write('index.js', more);
  write('other.js', '');
  const limits = pathToFileURL(join(ROOT, 'tools', 'size', 'limits.mjs')).href;
  const path = JSON.stringify([join(folder, 'index.js').replaceAll('\\', '/')]);
  writeFileSync(
    join(folder, 'limits.mjs'),
    `import { sizeLimits } from '${limits}';\nexport default sizeLimits({ core: ${path}, sdk: ${path}, app: ${path} });\n`,
  );
  const bin = join(ROOT, 'node_modules', '.bin', 'size-limit');
  const { status, stdout } = spawnSync(bin, ['--json', '--config', join(folder, 'limits.mjs')], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: RUN_MAX_MS,
    shell: process.platform === 'win32',
  });
  return { status, checks: JSON.parse(stdout) };
}

test('size lets small builds pass, having weighed them', { timeout: RUN_MAX_MS }, () => {
  const { status, checks } = measure(20_000);
  expect(checks).toHaveLength(3);
  for (const { passed, size } of checks) {
    expect(passed).toBe(true);
    expect(size).toBeGreaterThan(20_000);
  }
  expect(status).toBe(0);
});

test('size refuses an SDK above its limit', { timeout: RUN_MAX_MS }, () => {
  const { status, checks } = measure(aboveSdk);
  expect(checks.map(({ passed }) => passed)).toEqual([false, false, true]);
  expect(status).not.toBe(0);
});

test('size refuses a core above its limit', { timeout: RUN_MAX_MS }, () => {
  const { status, checks } = measure(aboveCore);
  expect(checks.map(({ passed }) => passed)).toEqual([false, true, true]);
  expect(status).not.toBe(0);
});

test('size refuses a first load above its limit', { timeout: RUN_MAX_MS }, () => {
  const { status, checks } = measure(160_000);
  expect(checks.map(({ passed }) => passed)).toEqual([false, false, false]);
  expect(status).not.toBe(0);
});

test('size leaves out what is loaded when it is called', { timeout: RUN_MAX_MS }, () => {
  const { checks } = measure(20_000, `export const other = () => import('./other.js');\n`);
  expect(checks.map(({ passed }) => passed)).toEqual([true, true, true]);
});

test('size counts what is imported at once', { timeout: RUN_MAX_MS }, () => {
  const more = `export { data as other } from './other.js';\nexport const late = () => import('./other.js');\n`;
  const { checks } = measure(25_000, more);
  expect(checks.map(({ passed }) => passed)).toEqual([false, false, true]);
});
