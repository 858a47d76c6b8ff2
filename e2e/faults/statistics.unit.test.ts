import { describe, expect, test } from 'vitest';
import { nearestRank, summarize } from './statistics.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('nearestRank', () => {
  test.each([
    // The example that textbooks give of the method.
    [[15, 20, 35, 40, 50], 0.05, 15],
    [[15, 20, 35, 40, 50], 0.3, 20],
    [[15, 20, 35, 40, 50], 0.4, 20],
    [[15, 20, 35, 40, 50], 0.5, 35],
    [[15, 20, 35, 40, 50], 1, 50],
    [upTo(100), 0.95, 95],
    [upTo(100), 0.07, 7],
    [upTo(20), 0.95, 19],
    [upTo(19), 0.95, 19],
    [upTo(5), 0.95, 5],
    [[7], 0.5, 7],
  ])('of %j at %f is %f', (values, share, expected) => {
    expect(nearestRank(values, share)).toBe(expected);
  });

  test('sorts by size and leaves the list as it was', () => {
    const values = [1_000, 9, 80];
    expect(nearestRank(values, 0.5)).toBe(80);
    expect(values).toEqual([1_000, 9, 80]);
  });

  test('refuses to speak of nothing, and of shares that are none', () => {
    expect(() => nearestRank([], 0.5)).toThrow(RangeError);
    expect(() => nearestRank([1], 0)).toThrow(RangeError);
    expect(() => nearestRank([1], 95)).toThrow(RangeError);
  });
});

test('summarize gives the middle, the 95th of a hundred and the last', () => {
  expect(summarize(upTo(100).toReversed())).toEqual({ p50: 50, p95: 95, worst: 100 });
});
