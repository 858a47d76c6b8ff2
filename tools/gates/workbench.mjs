import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../setup/root.mjs';

/** What of the real workspace a trial needs: the rules, never the code. */
const CONFIGURATION = [
  '.gitignore',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'tsconfig.base.json',
  'package.json',
  'tools/lint',
];

/** One run over thirty files takes half a second; a busy machine several. */
const RUN_MAX_MS = 30_000;

const TSCONFIG = JSON.stringify({
  extends: './tsconfig.base.json',
  compilerOptions: { lib: ['es2023', 'dom'], types: ['node'], noEmit: true, jsx: 'react-jsx' },
  include: ['packages', 'apps', 'e2e', 'bench'],
});

/**
 * A temporary folder with the real configuration and the given files in it.
 *
 * @param {...import('./trees.mjs').Tree} trees later ones win
 */
export function workbench(...trees) {
  const folder = mkdtempSync(join(tmpdir(), 'peerline-gates-'));
  for (const path of CONFIGURATION)
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'tsconfig.json'), TSCONFIG);
  for (const [path, text] of Object.entries(Object.assign({}, ...trees))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    /**
     * Runs one of the workspace's tools.
     *
     * @param {string} tool
     * @param {readonly string[]} args
     */
    run(tool, args) {
      const bin = join(ROOT, 'node_modules', '.bin', tool);
      const { status, stdout, stderr } = spawnSync(bin, args, {
        cwd: folder,
        encoding: 'utf8',
        // A tool that reads far more than the tree must fail here, and not run for minutes.
        timeout: RUN_MAX_MS,
        maxBuffer: 16 * 1024 * 1024,
        shell: process.platform === 'win32',
      });
      return { status, stdout, output: stdout + stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
