// Checks the packages as they would be published: what is in them, their types, and that they run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../setup/root.mjs';
import { CONSUMER, EXPECTED, RESOLUTIONS } from './consumer.mjs';
import { install, linkInstalled, pack, PUBLISHED } from './pack.mjs';

/** A first start of Node and a listening server; a busy machine takes a few seconds. */
const RUN_MAX_MS = 30_000;

/** @type {string[]} */
const faults = [];
const folder = mkdtempSync(join(tmpdir(), 'peerline-packages-'));
try {
  const packed = PUBLISHED.map((name) => pack(name, folder));
  for (const one of packed) {
    checkFiles(one);
    checkWith('publint', ['run', one.tarball, '--strict'], one.name);
    checkWith('attw', [one.tarball, '--profile', 'esm-only', '--format', 'ascii'], one.name);
    install(one, folder);
  }
  tryThem();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`${PUBLISHED.length} packages hold what they say, type-check and run`);

/** Sources, tests and build notes stay at home, and nothing is published empty. */
function checkFiles({ name, files }) {
  for (const needed of ['package.json', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(needed)) faults.push(`${name}: ${needed} is not in the package`);
  }
  for (const file of files) {
    if (/\.test\.|\.contract\.|tsbuildinfo|^src\//.test(file)) {
      faults.push(`${name}: ${file} should not be in the package`);
    }
  }
}

function checkWith(tool, args, name) {
  const bin = join(ROOT, 'node_modules', '.bin', tool);
  const { status, stdout, stderr } = spawnSync(bin, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) faults.push(`${name}: ${tool} says\n${stdout}${stderr}`);
}

function tryThem() {
  for (const [file, text] of Object.entries(CONSUMER)) writeFileSync(join(folder, file), text);
  linkInstalled('@types/node', folder);
  for (const [name, compilerOptions] of Object.entries(RESOLUTIONS)) {
    const config = join(folder, `tsconfig.${name}.json`);
    const options = {
      ...compilerOptions,
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      // Declarations of the packages are to be sound by themselves.
      skipLibCheck: false,
    };
    writeFileSync(
      config,
      JSON.stringify({ compilerOptions: options, files: ['call.ts', 'serve.ts'] }),
    );
    checkWith('tsc', ['-p', config, '--pretty', 'false'], `a consumer with ${name} resolution`);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['run.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: RUN_MAX_MS,
  });
  if (status !== 0 || stdout.trim() !== JSON.stringify(EXPECTED)) {
    faults.push(`the packed packages do not run:\n${stdout}${stderr}`);
  }
  checkProgram();
}

/** The program that `bin` names must be there and start. */
function checkProgram() {
  const home = join(folder, 'node_modules', '@peerline', 'server');
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  for (const [name, path] of Object.entries(bin)) {
    const program = join(home, path);
    if (!existsSync(program)) {
      faults.push(`@peerline/server: ${path} is not in the package`);
      continue;
    }
    if (!readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node')) {
      faults.push(`@peerline/server: ${path} has no \`#!\` line, so ${name} would not start`);
    }
    const { status, stdout } = spawnSync(process.execPath, [program, '--help'], {
      encoding: 'utf8',
      timeout: RUN_MAX_MS,
    });
    if (status !== 0 || !stdout.includes('--port')) {
      faults.push(`@peerline/server: ${name} --help ends with ${status}:\n${stdout}`);
    }
  }
}
