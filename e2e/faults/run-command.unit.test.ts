import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault, Stage } from './fault.ts';
import type { Report } from './report.ts';
import { runCommand, type World } from './run-command.ts';

/** No browser, no network: whether the command says what its faults measure, and fails on a miss. */

let root: string;
let said: string;
let complained: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faults-test-'));
  said = '';
  complained = '';
});
afterEach(() => rm(root, { recursive: true, force: true }));

type FakeRun = number | Error;

/** Gives these figures one run after the other, over and over. */
function fake(id: string, figures: readonly FakeRun[], more: Partial<Fault> = {}): Fault {
  const stage: Stage = {
    run: async (count) => {
      const figure = figures[(count - 1) % figures.length] ?? Number.NaN;
      if (figure instanceof Error) throw figure;
      return { value: figure };
    },
    close: async () => undefined,
  };
  return {
    id,
    title: `fault ${id}`,
    isLocal: true,
    expected: { unit: 'ms', max: 1_000, at: 'p95', what: 'time' },
    pairings: [['chromium', 'chromium']],
    runs: { full: 3, short: 1 },
    setUp: async () => stage,
    ...more,
  };
}

async function run(matrix: readonly Fault[], args: readonly string[] = []): Promise<number> {
  const world: World = {
    root,
    matrix,
    out: (text) => {
      said += text;
    },
    err: (text) => {
      complained += text;
    },
    machine: async () => ({
      cores: 2,
      memoryGb: 8,
      os: 'an OS',
      node: '20',
      chromium: '1',
      firefox: '2',
      coturn: '3',
    }),
    ensurePrograms: async () => undefined,
  };
  return await runCommand(args, world);
}

async function report(path = join(root, 'docs', 'faults.json')): Promise<Report> {
  return JSON.parse(await readFile(path, 'utf8')) as Report;
}

describe('a matrix that', () => {
  test('is as expected gives status 0 and says all its figures', async () => {
    expect(await run([fake('1', [900, 20, 999])])).toBe(0);
    expect(said).toMatch(/1 +fault 1 +chromium-chromium +p95 ≤ 1 s +900 ms +999 ms +999 ms +3 +ok/);
    expect(said).toContain('1 as expected, 0 missed');
  });

  test.each<readonly [string, readonly FakeRun[], string]>([
    ['is late once', [10, 1_001, 10], '1 s  over'],
    ['throws once', [10, new Error('no picture came'), 10], 'FAILED no picture came'],
    ['throws always', [new Error('no picture came')], 'FAILED no picture came'],
    ['measures no number', [10, Number.NaN, 10], 'FAILED it measured NaN'],
    ['measures for ever', [10, Infinity, 10], 'FAILED it measured Infinity'],
  ])('%s gives status 1', async (_, figures, line) => {
    expect(await run([fake('1', [10]), fake('2', figures)])).toBe(1);
    expect(said).toMatch(/\n2 +fault 2 .* MISS\n/);
    expect(said).toContain(line);
    expect(said).toContain('1 as expected, 1 missed');
  });

  test('has a stage that does not come up gives status 1 after two tries', async () => {
    let tries = 0;
    const setUp = async (): Promise<Stage> => {
      tries += 1;
      throw new Error('no namespace can be made');
    };
    expect(await run([fake('1', [10], { setUp })])).toBe(1);
    expect(said).toContain('the stage did not come up: no namespace can be made');
    expect(said).toMatch(/ 0 of 3 +MISS\n/);
    expect(tries).toBe(2);
  });

  test('is judged at the worst run bears no miss below a hundred', async () => {
    const figures = [...Array.from({ length: 99 }, () => 10), 1_001];
    const worst = { unit: 'ms', max: 1_000, at: 'worst', what: 'time' } as const;
    expect(await run([fake('1', figures)], ['--runs', '100'])).toBe(0);
    expect(await run([fake('1', figures, { expected: worst })], ['--runs', '100'])).toBe(1);
  });

  test('needs a lab and is denied one tries nothing, which is no success', async () => {
    const { isLocal: _, ...needing } = fake('1', [10]);
    process.env['PEERLINE_SKIP_NETLAB'] = '1';
    try {
      expect(await run([needing])).toBe(1);
      expect(complained).toContain('NOT TRIED: 1 fault 1');
      expect(await run([needing, fake('2', [10])])).toBe(0);
    } finally {
      delete process.env['PEERLINE_SKIP_NETLAB'];
    }
  });
});

test('a run that throws ends its stage, and the next run has a new one', async () => {
  const events: string[] = [];
  let stages = 0;
  const setUp = async (): Promise<Stage> => {
    stages += 1;
    const stage = stages;
    return {
      run: async (count) => {
        events.push(`run ${count} on ${stage}`);
        if (count === 2) throw new Error('broken');
        return { value: 1 };
      },
      close: async () => {
        events.push(`close ${stage}`);
      },
    };
  };
  expect(await run([fake('1', [], { setUp })])).toBe(1);
  expect(events).toEqual(['run 1 on 1', 'run 2 on 1', 'close 1', 'run 3 on 2', 'close 2']);
});

describe('the report', () => {
  const PAGE = join('docs', 'faults.md');
  const PLOT = join('docs', 'images', 'faults.svg');

  test('of the whole matrix holds every run, and comes with a page and a plot', async () => {
    await run([fake('1', [10, 20, 30]), fake('2', [new Error('gone')])]);
    const { rows, machine } = await report();
    expect(machine.cores).toBe(2);
    expect(rows.map(({ id, runs }) => [id, runs])).toEqual([
      ['1', [{ value: 10 }, { value: 20 }, { value: 30 }]],
      ['2', [{ error: 'gone' }, { error: 'gone' }, { error: 'gone' }]],
    ]);
    const page = await readFile(join(root, PAGE), 'utf8');
    expect(page).toContain('| 1 | fault 1 | chromium-chromium | p95 ≤ 1 s | 20 ms | 30 ms |');
    expect(page).toContain('2 chromium-chromium, run 1: failed: gone');
    const plot = await readFile(join(root, PLOT), 'utf8');
    expect(plot.match(/<circle/g)).toHaveLength(3);
  });

  test('of a part is written only where one says so, and completes the others', async () => {
    const matrix = [fake('1', [10]), fake('2', [20])];
    await run(matrix, ['--only', '1']);
    await expect(report()).rejects.toThrow('ENOENT');

    await run(matrix, ['--only', '2', '--merge']);
    expect((await report()).rows.map(({ id }) => id)).toEqual(['2']);
    await expect(readFile(join(root, PAGE))).rejects.toThrow('ENOENT');

    await run(matrix, ['--only', '1', '--merge']);
    expect((await report()).rows.map(({ id }) => id)).toEqual(['1', '2']);
    await expect(readFile(join(root, PAGE), 'utf8')).resolves.toContain('| 2 | fault 2 |');
  });

  test('goes where --json says and nowhere else', async () => {
    const path = join(root, 'mine.json');
    await run([fake('1', [10])], ['--json', path]);
    expect((await report(path)).rows).toHaveLength(1);
    await expect(report()).rejects.toThrow('ENOENT');
  });

  test('is not merged into what is none', async () => {
    const path = join(root, 'mine.json');
    await writeFile(path, '{"rows":[]}');
    expect(await run([fake('1', [10])], ['--json', path, '--merge'])).toBe(1);
    expect(complained).toContain('is no report of this form');
    await expect(readFile(path, 'utf8')).resolves.toBe('{"rows":[]}');
  });
});

describe('the command line', () => {
  const both = [
    ['chromium', 'chromium'],
    ['chromium', 'firefox'],
  ] as const;
  const matrix = ['8a', '8b', '12'].map((id) => fake(id, [10], { pairings: both }));

  const tried = (): readonly string[] =>
    [...said.matchAll(/^(\w+) fault \w+, (\S+)$/gm)].map(([, id, name]) => `${id} ${name}`);

  test.each<readonly [readonly string[], readonly string[]]>([
    [
      ['--only', '8a'],
      ['8a chromium-chromium', '8a chromium-firefox'],
    ],
    [
      ['--only', '8,12', '--pairing', 'chromium-firefox'],
      ['8a chromium-firefox', '8b chromium-firefox', '12 chromium-firefox'],
    ],
    [['--short'], ['8a chromium-chromium', '8b chromium-chromium', '12 chromium-chromium']],
  ])('%j tries %j', async (args, expected) => {
    expect(await run(matrix, args)).toBe(0);
    expect(tried()).toEqual(expected);
  });

  test.each([
    [['--only', '7'], 'there is no fault 7; there are 8a, 8b, 12'],
    [['--pairing', 'firefox-firefox'], 'pairings are chromium-chromium, chromium-firefox'],
    [['--runs', '0'], '--runs is a whole number above 0, not "0"'],
    [['--run', '1'], "Unknown option '--run'"],
    [['8'], 'Unexpected argument'],
  ])('%j is refused with status 2', async (args, message) => {
    expect(await run(matrix, args)).toBe(2);
    expect(complained).toContain(message);
    expect(said).toBe('');
  });

  test('--help and --list try nothing', async () => {
    expect(await run(matrix, ['--help'])).toBe(0);
    expect(said).toContain('Usage: npm run faults');
    expect(await run(matrix, ['--list'])).toBe(0);
    expect(said).toContain('8b  fault 8b');
    expect(tried()).toEqual([]);
  });
});
