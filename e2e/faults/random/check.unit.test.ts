import { describe, expect, it } from 'vitest';
import { checkRecords, type PageRecord, type SentNumber } from './check.ts';

const said = (
  to: string,
  numbers: readonly number[],
  outcome: SentNumber['outcome'] = 'resolved',
): readonly SentNumber[] => numbers.map((number) => ({ to, number, outcome }));

/** Ann says these to Ben, who hears those. */
function pair(
  sent: readonly SentNumber[],
  heard: readonly number[],
  gaveUp: readonly string[] = [],
): readonly PageRecord[] {
  return [
    { name: 'ann', sent, heard: [], gaveUp },
    { name: 'ben', sent: [], heard: heard.map((number) => ({ from: 'ann', number })), gaveUp: [] },
  ];
}

describe('checkRecords', () => {
  it('finds nothing where all came once and in order', () => {
    expect(checkRecords(pair(said('ben', [1, 3, 4]), [1, 3, 4]))).toEqual({
      violations: [],
      owed: 3,
      excused: 0,
    });
  });

  it('finds what resolved and never came', () => {
    const { violations } = checkRecords(pair(said('ben', [1, 2, 3]), [1, 3]));
    expect(violations).toEqual(['ann to ben: 2 resolved and never came']);
  });

  it('finds what came twice', () => {
    const { violations } = checkRecords(pair(said('ben', [1, 2]), [1, 2, 1]));
    expect(violations).toEqual(['ann to ben: 1 came twice']);
  });

  it('finds what came out of order', () => {
    const { violations } = checkRecords(pair(said('ben', [1, 2]), [2, 1]));
    expect(violations).toEqual(['ann to ben: 1 came behind 2']);
  });

  it('asks for nothing that did not resolve, and takes it where it came', () => {
    const sent = [
      ...said('ben', [1]),
      ...said('ben', [2], 'failed'),
      ...said('ben', [3], 'pending'),
    ];
    expect(checkRecords(pair(sent, [1, 3])).violations).toEqual([]);
  });

  it('excuses, and counts, what was lost with a pair that gave itself up', () => {
    expect(checkRecords(pair(said('ben', [1, 2]), [2], ['ben']))).toEqual({
      violations: [],
      owed: 0,
      excused: 2,
    });
  });

  it('does not ask for what was said to someone who is not there at the end', () => {
    expect(checkRecords(pair(said('cem', [1]), [])).owed).toBe(0);
  });
});
