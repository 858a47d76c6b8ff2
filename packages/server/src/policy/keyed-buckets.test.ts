import { describe, expect, it } from 'vitest';
import { KeyedBuckets } from './keyed-buckets.ts';

describe('KeyedBuckets', () => {
  it('counts each key for itself', () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 10);
    expect(buckets.take('a', 0)).toBe(0);
    expect(buckets.take('a', 0)).toBe(1_000);
    expect(buckets.take('b', 0)).toBe(0);
    expect(buckets.take('a', 1_000)).toBe(0);
  });

  it('stays within its bound however many keys come', () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 100);
    for (let key = 0; key < 10_000; key += 1) buckets.take(String(key), 0);
    expect(buckets.size).toBe(100);
  });

  it('forgets keys that have recovered', () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, 100);
    for (let key = 0; key < 50; key += 1) buckets.take(String(key), 0);
    buckets.take('late', 5_000);
    expect(buckets.size).toBe(1);
  });

  it('keeps a key that is used again when it has to forget others', () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 0.001 }, 2);
    buckets.take('flooder', 0);
    buckets.take('other', 0);
    buckets.take('flooder', 0);
    buckets.take('third', 0);
    expect(buckets.take('flooder', 0)).toBeGreaterThan(0);
  });
});
