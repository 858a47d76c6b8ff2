import { describe, expect, test } from 'vitest';
import { formatTime, linesOf, textTable } from './figures.ts';
import { parseCommand, UsageError } from './options.ts';
import { markdownPage } from './page.ts';
import { keptOf, mergeRows, summaryOf, type Outcome, type Row } from './report.ts';
import { SCENARIOS } from './scenario.ts';

const machine = {
  cores: 2,
  memoryGb: 8,
  os: 'Linux',
  node: '20',
  chromium: '1',
  firefox: '1',
  coturn: '1',
};

const run = (picture: number | null, kept = true): Outcome => ({
  values: { picture, messages: 80 },
  keptObject: kept,
  keptConnection: kept,
});

const rowOf = (contestant: Row['contestant'], runs: readonly Outcome[]): Row => ({
  scenario: 'link-down',
  contestant,
  runs,
  date: '2026-01-02T03:04:05.000Z',
  commit: '0123456789',
});

const rows = [
  rowOf('peerline', [run(400), run(500), run(600)]),
  rowOf('peerjs', [run(20_000, false), run(null, false), run(25_000)]),
  rowOf('simple-peer', [run(null), run(null), { error: 'no camera of ann' }]),
];

const pictureOf = (contestant: Row['contestant']) =>
  linesOf(rows).find(({ row, metric }) => row.contestant === contestant && metric.id === 'picture');

describe('figures', () => {
  test('what never came counts as longer than anything', () => {
    expect(rows.map((row) => summaryOf(row, 'picture')?.p50)).toEqual([500, 25_000, Infinity]);
    expect(rows.map((row) => summaryOf(row, 'picture')?.worst)).toEqual([600, Infinity, Infinity]);
    expect(formatTime(Infinity)).toBe('never (60 s)');
  });

  test('medians are compared with those of Peerline', () => {
    expect(pictureOf('peerline')?.ratio).toBe('1 ×');
    expect(pictureOf('peerjs')?.ratio).toBe('50 ×');
    expect(pictureOf('simple-peer')?.ratio).toBe('∞');
  });

  test('runs that did not come about are told, and are not in the figures', () => {
    expect(pictureOf('simple-peer')?.runs).toBe('2 of 3');
    expect(rows.map((row) => keptOf(row, 'keptConnection'))).toEqual([
      { kept: 3, of: 3 },
      { kept: 1, of: 3 },
      { kept: 2, of: 2 },
    ]);
  });

  test('a metric that a run does not have is absent, not 0', () => {
    expect(summaryOf(rowOf('peerline', [run(1)]), 'screen')).toBeUndefined();
    expect(formatTime(undefined)).toBe('–');
  });

  test('the table has a line for each contestant and metric', () => {
    const table = textTable(rows);
    expect(table.match(/^ {2}PeerJS /gm)).toHaveLength(2);
    expect(table).toContain('never (60 s)');
  });
});

test('the page says which scenarios were not measured', () => {
  const page = markdownPage({ format: 1, machine, versions: { peerjs: '1.5.5' }, rows });
  expect(page).toContain('`peerjs` 1.5.5');
  expect(page.match(/Not measured yet/g)).toHaveLength(SCENARIOS.length - 1);
  expect(page).toContain('- link-down, simple-peer, run 3: no camera of ann');
});

test('a scenario that was tried again takes the place of all its rows, and of no others', () => {
  const other = { ...rowOf('peerjs', []), scenario: 'black-hole' };
  const again = rowOf('peerline', [run(1)]);
  expect(mergeRows([...rows, other], [again])).toEqual([other, again]);
});

describe('the command line', () => {
  test('by default is everything, three times', () => {
    expect(parseCommand(['--versus'])).toMatchObject({
      scenarios: SCENARIOS,
      runs: 3,
      isWhole: true,
    });
  });

  test('a part of it, or fewer runs, is not the whole', () => {
    expect(parseCommand(['--only', 'link-down,black-hole', '--runs', '5'])).toMatchObject({
      scenarios: [{ id: 'link-down' }, { id: 'black-hole' }],
      isWhole: false,
    });
    expect(parseCommand(['--runs', '1'])).toMatchObject({ isWhole: false });
  });

  test.each([
    [['--only', 'earthquake']],
    [['--runs', '0']],
    [['--runs', 'two']],
    [['--frobnicate']],
  ])('refuses %j', (args) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
  });
});
