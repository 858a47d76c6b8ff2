import { describe, expect, it } from 'vitest';
import { StillPicture } from './still-picture.ts';

/** @returns the samples, counted from 0, at which the picture was asked for */
function asksOf(counts: readonly (number | undefined)[]): readonly number[] {
  const picture = new StillPicture();
  return counts.flatMap((frames, index) => (picture.sample(frames) ? [index] : []));
}

describe('StillPicture', () => {
  it('is asked for where no frame comes for two samples, then less and less often', () => {
    expect(asksOf(Array.from({ length: 40 }, () => 7))).toEqual([2, 6, 14, 30]);
  });

  it('is not asked for while frames come, however few', () => {
    expect(asksOf([1, 2, 2, 3, 3, 4, 5])).toEqual([]);
  });

  it('is watched anew behind each frame', () => {
    expect(asksOf([1, 1, 1, 2, 2, 2])).toEqual([2, 5]);
  });

  it('is asked for where a connection comes up and not one frame does', () => {
    expect(asksOf([0, 0, 0])).toEqual([2]);
  });

  it('is nothing to wait for while it is off', () => {
    expect(asksOf([5, undefined, undefined, undefined, 5, 5, 5])).toEqual([6]);
  });
});
