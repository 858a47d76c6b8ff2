/**
 * @typedef {{
 *   name: string, title: string, needs: readonly string[], kind: 'command' | 'vitest',
 *   command: string, args: readonly string[], readsFiles?: (output: string) => number,
 * }} Step `readsFiles` finds in the output how many files were read, so that none is no success
 */

const found = (pattern) => (output) => Number(pattern.exec(output)?.[1] ?? 0);

/** @type {readonly Step[]} */
export const STEPS = [
  {
    name: 'format',
    title: 'Format',
    needs: [],
    kind: 'command',
    command: 'oxfmt',
    args: ['--check', '.'],
    readsFiles: found(/on (\d+) files/),
  },
  {
    name: 'types',
    title: 'Types and build',
    needs: [],
    kind: 'command',
    command: 'npm',
    args: ['run', 'build'],
  },
  {
    name: 'lint',
    title: 'Lint and layers',
    // Types across packages come from what is built.
    needs: ['types'],
    kind: 'command',
    command: 'npm',
    args: ['run', 'lint'],
    readsFiles: found(/on (\d+) files/),
  },
  {
    name: 'knip',
    title: 'Unused files, exports and dependencies',
    needs: ['types'],
    kind: 'command',
    command: 'knip',
    args: ['--no-progress', '--treat-config-hints-as-errors'],
  },
  {
    name: 'unit',
    title: 'Gates, unit and contract tests',
    needs: ['types'],
    kind: 'vitest',
    command: 'vitest',
    args: ['run', '--project', 'unit'],
  },
  {
    name: 'fuzz',
    title: 'A server under hostile input',
    needs: ['types'],
    kind: 'command',
    command: 'node',
    args: ['packages/server/dist/testing/fuzz/main.js', '--inputs', '6000'],
    readsFiles: found(/(\d+) inputs in/),
  },
  {
    name: 'packages',
    title: 'Packages as published',
    needs: ['types'],
    kind: 'command',
    command: 'node',
    args: ['tools/packages/check.mjs'],
  },
  {
    name: 'size',
    title: 'Size',
    needs: ['types'],
    kind: 'command',
    command: 'size-limit',
    args: [],
  },
  {
    name: 'e2e',
    title: 'Browsers',
    // Alone: two cores are hardly enough for a call of five.
    needs: ['format', 'types', 'lint', 'knip', 'unit', 'fuzz', 'packages', 'size'],
    kind: 'vitest',
    command: 'vitest',
    args: ['run', '--project', 'e2e'],
  },
];
