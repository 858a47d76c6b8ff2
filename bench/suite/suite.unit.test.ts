import { describe, expect, test } from 'vitest';
import { formatValue, linesOf, textTable, verdictOf } from './figures.ts';
import { measure } from './measure.ts';
import { helpText, parseCommand, UsageError } from './options.ts';
import { markdownPage, plotFile } from './page.ts';
import { plotSvg } from './plot.ts';
import { SCENARIOS } from './registry.ts';
import { medianOf, mergeResults, ratioOf, valuesOf, type Outcome, type Result } from './report.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  id: 'speed',
  title: 'Speed & size',
  method: 'As it is done.',
  contestants: [
    { id: 'ours', title: 'Ours', packages: [] },
    { id: 'theirs', title: 'Theirs', packages: [] },
  ],
  metrics: [
    { id: 'rate', what: 'rate', unit: 'MB/s', better: 'more' },
    { id: 'delay', what: 'delay', unit: 'RTT', better: 'less' },
  ],
  aims: [
    { metric: 'rate', contestant: 'ours', over: 'theirs', is: 'at least', bound: 1.2 },
    { metric: 'delay', contestant: 'ours', is: 'at most', bound: 4 },
  ],
  runs: 3,
  needs: 'nothing',
  open: () => Promise.reject(new Error('not opened here')),
};

const run = (rate: number | null, delay?: number): Outcome => ({
  values: delay === undefined ? { rate } : { rate, delay },
});

const resultOf = (ours: readonly Outcome[], theirs: readonly Outcome[]): Result => ({
  scenario: 'speed',
  date: '2026-01-02T03:04:05.000Z',
  commit: '0123456789',
  machine: { cores: 2, memoryGb: 8, os: 'Linux', node: '20', cpu: 'a cpu' },
  versions: { thing: '1.2.3' },
  rows: [
    { contestant: 'ours', runs: ours },
    { contestant: 'theirs', runs: theirs },
  ],
});

/** The machine was four times as slow in the second run. */
const result = resultOf(
  [run(100, 3), run(25, 5), run(90, 4)],
  [run(50), run(10), { error: 'no\n answer' }],
);

describe('figures of runs', () => {
  test('a median is one that was measured, and what failed counts nowhere', () => {
    expect(medianOf(result, 'ours', 'rate')).toBe(90);
    expect(valuesOf(result, 'theirs', 'rate')).toEqual([50, 10]);
    expect(medianOf(result, 'theirs', 'delay')).toBeUndefined();
  });

  test('a ratio is that of single runs, so that a slow moment weighs on both', () => {
    // Of the medians it would be 90 / 10.
    expect(ratioOf(result, 'ours', 'theirs', 'rate')).toBe(2);
    expect(ratioOf(result, 'ours', 'ours', 'rate')).toBe(1);
    expect(ratioOf(result, 'ours', 'theirs', 'delay')).toBeUndefined();
  });

  test('what never came is worse than all, and nobody is compared with it', () => {
    const never = resultOf([run(1), run(2)], [run(null), run(null)]);
    expect(medianOf(never, 'theirs', 'rate')).toBe(Infinity);
    expect(ratioOf(never, 'theirs', 'ours', 'rate')).toBe(Infinity);
    expect(ratioOf(never, 'ours', 'theirs', 'rate')).toBeUndefined();
  });

  test('aims are met or missed by figures, and by nothing where there is none', () => {
    expect(scenario.aims.map((aim) => verdictOf(aim, scenario, result).state)).toEqual([
      'met',
      'met',
    ]);
    const slow = resultOf([run(11, 4.1)], [run(10)]);
    expect(scenario.aims.map((aim) => verdictOf(aim, scenario, slow).state)).toEqual([
      'missed',
      'missed',
    ]);
    const none = resultOf([{ error: 'no' }], [run(1)]);
    expect(scenario.aims.map((aim) => verdictOf(aim, scenario, none).state)).toEqual([
      'not measured',
      'not measured',
    ]);
  });

  test.each([
    [1_234.5, 'kB', '1,235 kB'],
    [38.74, 'kB', '38.7 kB'],
    [0.01234, '%', '0.0123 %'],
    [6, 'count', '6'],
    [Infinity, 'RTT', 'never'],
    [undefined, 'RTT', '–'],
  ] as const)('%s %s reads "%s"', (value, unit, text) => {
    expect(formatValue(value, { unit })).toBe(text);
  });
});

describe('measure', () => {
  test('has contestants take turns, begins with another each time, and goes on behind a failure', async () => {
    const order: string[] = [];
    let isClosed = false;
    const played: Scenario = {
      ...scenario,
      open: async () => ({
        measure: async (contestant, index) => {
          order.push(`${index} ${contestant}`);
          if (contestant === 'theirs' && index === 0) throw new Error('down');
          return { values: { rate: index } };
        },
        close: async () => {
          isClosed = true;
        },
      }),
    };
    const rows = await measure(played, 2, () => undefined);
    expect(order).toEqual(['0 ours', '0 theirs', '1 theirs', '1 ours']);
    expect(rows).toEqual([
      { contestant: 'ours', runs: [{ values: { rate: 0 } }, { values: { rate: 1 } }] },
      { contestant: 'theirs', runs: [{ error: 'Error: down' }, { values: { rate: 1 } }] },
    ]);
    expect(isClosed).toBe(true);
  });
});

describe('the command line', () => {
  const parse = (...args: string[]) => parseCommand(args, [scenario, { ...scenario, id: 'other' }]);

  test('takes scenarios, in the order of the page, and options', () => {
    const command = parse('other', 'speed', '--runs', '2', '--json', 'x.json', '--merge');
    expect(command).toMatchObject({ mode: 'measure', runs: 2, json: 'x.json', merge: true });
    if (command.mode !== 'measure') throw new Error('not a measurement');
    expect(command.scenarios.map(({ id }) => id)).toEqual(['speed', 'other']);
    expect(command.isAll).toBe(false);
    expect(parse('all')).toMatchObject({ isAll: true, runs: undefined, merge: false });
    expect(parse('--help')).toEqual({ mode: 'help' });
    expect(parse('--page')).toEqual({ mode: 'page' });
  });

  test.each([
    [[], /name a scenario: speed, other, or all/],
    [['fast'], /no scenario fast/],
    [['speed', '--runs', '0'], /whole number above 0/],
    [['speed', '--runs', '1.5'], /whole number above 0/],
    [['speed', '--page'], /name no scenario/],
    [['speed', '--fast'], /--fast/],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });

  test('says in --help what there is', () => {
    const text = helpText(SCENARIOS);
    for (const { id } of SCENARIOS) expect(text).toContain(`\n  ${id} `);
  });
});

describe('what is written', () => {
  test('a new result takes the place of the old one of its scenario alone', () => {
    const other = { ...result, scenario: 'other' };
    const newer = { ...result, commit: 'new' };
    expect(mergeResults([result, other], [newer])).toEqual([other, newer]);
  });

  test('the page has figures, conditions, aims and failures, and says what is missing', () => {
    const page = markdownPage({ format: 1, results: [result] }, [
      scenario,
      { ...scenario, id: 'other', title: 'Other' },
    ]);
    expect(page).toContain('| rate | Ours | 90 MB/s | 100 MB/s | 25 MB/s | 1.00 × | 3 |');
    expect(page).toContain('| rate | Theirs | 10 MB/s | 50 MB/s | 10 MB/s | 0.40 × | 2 of 3 |');
    expect(page).toContain('2 cores (a cpu)');
    expect(page).toContain('`thing` 1.2.3');
    expect(page).toContain('- **met** rate, Ours to Theirs: 2.00 ×, to be at least 1.20 ×');
    expect(page).toContain('a run did not come about: no answer');
    expect(page).toContain('`npm run bench -- other --merge`');
    expect(page).toContain(plotFile('speed'));
  });

  test('tables leave out those of whom a metric says nothing', () => {
    const complete = resultOf([run(1, 2)], [run(1)]);
    const lines = linesOf(scenario, complete).map(({ metric, contestant }) => [
      metric.id,
      contestant,
    ]);
    expect(lines).toEqual([
      ['rate', 'Ours'],
      ['rate', 'Theirs'],
      ['delay', 'Ours'],
    ]);
    expect(textTable(scenario, complete)).toContain('missed: rate, Ours to Theirs');
  });

  test('the plot has a dot for each run that came about, and is well-formed', () => {
    const svg = plotSvg(scenario, result);
    expect(svg.match(/<circle/g)).toHaveLength(3 + 2 + 3);
    expect(svg).toContain('Speed &amp; size');
    const opened = svg.match(/<(?!\/|!)[a-z]+/g)?.length;
    const closed = svg.match(/<\/[a-z]+>|\/>/g)?.length;
    expect(opened).toBe(closed);
  });
});

describe('the registry', () => {
  test.each(SCENARIOS.map((one) => [one.id, one] as const))(
    '%s: ids are unlike each other, and aims are of what there is',
    (_id, one) => {
      expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
      const contestants = one.contestants.map(({ id }) => id);
      const metrics = one.metrics.map(({ id }) => id);
      expect(new Set(contestants).size).toBe(contestants.length);
      expect(new Set(metrics).size).toBe(metrics.length);
      for (const { metric, contestant, over = contestant } of one.aims) {
        expect(metrics).toContain(metric);
        expect(contestants).toContain(contestant);
        expect(contestants).toContain(over);
      }
    },
  );
});
