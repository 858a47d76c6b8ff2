import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('TokenBucket', () => {
  it('gives its burst at once and then nothing', () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 1 }, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(0))).toEqual([true, true, true, false]);
  });

  it('refills with time, up to the burst', () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 4 }, 0);
    bucket.take(0);
    bucket.take(0);
    expect(bucket.take(249)).toBe(false);
    expect(bucket.take(250)).toBe(true);
    expect([1, 2, 3].map(() => bucket.take(60_000))).toEqual([true, true, false]);
  });

  it('says how long the wait is, and that is enough', () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 3 }, 0);
    expect(bucket.waitMs(0)).toBe(0);
    bucket.take(0);
    const waitMs = bucket.waitMs(0);
    expect(waitMs).toBe(334);
    expect(bucket.take(waitMs)).toBe(true);
  });

  it('takes all of a cost or nothing of it', () => {
    const bucket = new TokenBucket({ burst: 10, perSecond: 5 }, 0);
    expect(bucket.take(0, 8)).toBe(true);
    expect(bucket.take(0, 3)).toBe(false);
    expect(bucket.waitMs(0, 3)).toBe(200);
    expect(bucket.take(0, 2)).toBe(true);
    expect(bucket.take(60_000, 11)).toBe(false);
  });

  it('takes a clock that goes back as one that stands still', () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 10_000);
    bucket.take(10_000);
    expect(bucket.take(0)).toBe(false);
    expect(bucket.take(1_000)).toBe(true);
  });
});
