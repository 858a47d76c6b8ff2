import { describe, expect, it } from 'vitest';
import { joinRequest } from '../testing/identity.ts';
import { Random, testSeed } from '../testing/random.ts';
import { ChangeFeed, type RoomChange } from './change-feed.ts';

const { peer, card } = joinRequest();

function change(version: number): RoomChange {
  return { event: 'joined', data: { peer, card, version } };
}

function versions(pushed: ReturnType<ChangeFeed['push']>): number[] {
  if (pushed === 'broken') throw new Error('broken');
  return pushed.map(({ data }) => data.version);
}

describe('ChangeFeed', () => {
  it('JOIN4 drops what the snapshot already holds', () => {
    const feed = new ChangeFeed(5);
    expect(versions(feed.push(change(4)))).toEqual([]);
    expect(versions(feed.push(change(5)))).toEqual([]);
    expect(versions(feed.push(change(6)))).toEqual([6]);
  });

  it('JOIN4 hands on each change once', () => {
    const feed = new ChangeFeed(0);
    expect(versions(feed.push(change(1)))).toEqual([1]);
    expect(versions(feed.push(change(1)))).toEqual([]);
  });

  it('JOIN4 holds what is ahead until the gap is filled', () => {
    const feed = new ChangeFeed(0);
    expect(versions(feed.push(change(3)))).toEqual([]);
    expect(versions(feed.push(change(2)))).toEqual([]);
    expect(versions(feed.push(change(1)))).toEqual([1, 2, 3]);
  });

  it('is broken when a gap is never filled', () => {
    const feed = new ChangeFeed(0);
    const results = Array.from({ length: 300 }, (_, index) => feed.push(change(index + 2)));
    expect(results.at(-1)).toBe('broken');
  });

  const seed = testSeed();
  it(`JOIN4 puts any order and any repetition right (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 200; round += 1) {
      const start = random.below(10);
      const pending = Array.from({ length: 60 }, (_, index) => 1 + (index % 30));
      const feed = new ChangeFeed(start);
      const got: number[] = [];
      while (pending.length > 0) {
        const [version = 0] = pending.splice(random.below(pending.length), 1);
        got.push(...versions(feed.push(change(version))));
      }
      expect(got).toEqual(Array.from({ length: 30 - start }, (_, index) => start + 1 + index));
    }
  });
});
