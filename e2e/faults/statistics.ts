/** A distribution in the three figures that promises are made of. */
export interface Summary {
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

/**
 * The smallest value that at least this share of all values does not exceed: always one that was
 * measured, never one between two. Of fewer than 20 values, 95 % are all of them.
 *
 * @param share above 0, up to 1
 * @throws RangeError where there is no value, or no such share
 */
export function nearestRank(values: readonly number[], share: number): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`${share} is no share above 0 and up to 1`);
  const sorted = values.toSorted((left, right) => left - right);
  // Whole numbers first, lest 0.07 * 100 be taken for more than 7.
  const rank = Math.ceil(Number((share * sorted.length).toFixed(9)));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('no value was measured');
  return value;
}

/** @throws RangeError where there is no value */
export function summarize(values: readonly number[]): Summary {
  return {
    p50: nearestRank(values, 0.5),
    p95: nearestRank(values, 0.95),
    worst: nearestRank(values, 1),
  };
}
