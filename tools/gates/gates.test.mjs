import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lintArguments, readLintReport } from './lint-command.mjs';
import { CLEAN_TREE, CODE_CASES, LAYER_CASES, TYPE_CASES } from './trees.mjs';
import { workbench } from './workbench.mjs';

const countFiles = (...trees) => Object.keys(Object.assign({}, ...trees)).length;
/** The lint's own plugin lies in the tree too, and is read. */
const PLUGIN_FILES = 1;
/** One run of a tool over a tree of thirty files; a slow machine takes a few seconds. */
const RUN_MAX_MS = 60_000;

/** @type {ReturnType<typeof workbench>[]} */
const benches = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.remove();
});

function lay(...trees) {
  const bench = workbench(CLEAN_TREE, ...trees);
  benches.push(bench);
  return bench;
}

function lint(...trees) {
  const { status, stdout } = lay(...trees).run('oxlint', [...lintArguments(), '-f', 'json']);
  return { status, ...readLintReport(stdout) };
}

describe('lint', () => {
  test('lets the clean tree pass, having read all of it', { timeout: RUN_MAX_MS }, () => {
    const { status, files, findings } = lint();
    expect(findings).toEqual([]);
    expect(status).toBe(0);
    expect(files).toBe(countFiles(CLEAN_TREE) + PLUGIN_FILES);
  });

  // A run costs half a second whatever it reads, so cases that do not touch the same files share one.
  describe.each(rounds([...LAYER_CASES, ...CODE_CASES]))('in round $round', ({ cases }) => {
    const tree = Object.assign({}, ...cases.map((one) => one.tree));
    /** @type {ReturnType<typeof lint>} */
    let result;
    beforeAll(() => {
      result = lint(tree);
    }, RUN_MAX_MS);

    test('fails, having read all of it', () => {
      expect(result.files).toBe(countFiles(CLEAN_TREE, tree) + PLUGIN_FILES);
      expect(result.status).not.toBe(0);
    });

    test.each(cases)('refuses $title', ({ rule, at }) => {
      expect(result.findings).toContainEqual(
        expect.objectContaining({ rule, file: at, severity: 'error' }),
      );
    });

    test('finds nothing where nothing is wrong', () => {
      const found = new Set(result.findings.map(({ file }) => file));
      expect([...found].filter((file) => !Object.hasOwn(tree, file))).toEqual([]);
    });
  });
});

/** Packs cases into as few trees as possible, none of which holds two versions of a file. */
function rounds(cases) {
  /** @type {{ round: number, cases: typeof cases, paths: Set<string> }[]} */
  const packed = [];
  for (const one of cases) {
    const paths = Object.keys(one.tree);
    let place = packed.find((round) => !paths.some((path) => round.paths.has(path)));
    if (place === undefined) {
      place = { round: packed.length + 1, cases: [], paths: new Set() };
      packed.push(place);
    }
    place.cases.push(one);
    for (const path of paths) place.paths.add(path);
  }
  return packed;
}

describe('format', () => {
  const check = (...trees) => lay(...trees).run('oxfmt', ['--check', 'packages', 'apps', 'e2e']);

  test('lets the clean tree pass, having read all of it', { timeout: RUN_MAX_MS }, () => {
    const { status, output } = check();
    expect(output).toMatch(new RegExp(` on ${countFiles(CLEAN_TREE)} files`));
    expect(status).toBe(0);
  });

  test.each([
    ['double quotes', `export const here = "here";\n`],
    ['a line of 101 columns', `export const here = [${"'abcdefgh', ".repeat(7)}'12345'];\n`],
  ])('refuses %s', { timeout: RUN_MAX_MS }, (_title, text) => {
    const { status, output } = check({ 'e2e/bad.ts': text });
    expect(output).toContain('e2e/bad.ts');
    expect(status).not.toBe(0);
  });
});

describe('types', () => {
  // A tree of its own, since the clean one imports things that are not there.
  const check = (text) => {
    const bench = workbench({ 'packages/here.ts': text });
    benches.push(bench);
    return bench.run('tsc', ['-p', '.', '--listFiles', '--pretty', 'false']);
  };

  test('lets right code pass, having read it', { timeout: RUN_MAX_MS }, () => {
    const { status, output } = check('export const count: number = 1;\n');
    expect(output).toContain('packages/here.ts');
    expect(status).toBe(0);
  });

  test.each(TYPE_CASES)('refuses $title', { timeout: RUN_MAX_MS }, ({ code, text }) => {
    const { status, output } = check(text);
    expect(output).toContain(`packages/here.ts(`);
    expect(output).toContain(code);
    expect(status).not.toBe(0);
  });
});
