import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { CpuRelief } from './cpu-relief.ts';

/** Samples of two connections every two seconds. @returns the rungs behind each pair of samples */
function rungsOver(seconds: number, isLimited: (second: number) => boolean): readonly number[] {
  const clock = new FakeClock();
  const relief = new CpuRelief(clock);
  const rungs: number[] = [];
  for (let second = 0; second < seconds; second += 2) {
    clock.advance(2_000);
    relief.sample(isLimited(second));
    // The other connection's encoder is idle.
    relief.sample(false);
    rungs.push(relief.rungs);
  }
  return rungs;
}

describe('CpuRelief', () => {
  it('goes down a rung at a time, and not further than three', () => {
    const rungs = rungsOver(120, () => true);
    expect(rungs[0]).toBe(0);
    expect(rungs.at(-1)).toBe(3);
    const steps = rungs.slice(1).map((rung, index) => rung - (rungs[index] ?? 0));
    expect(Math.max(...steps)).toBe(1);
  });

  it('takes no moment of load for too much', () => {
    expect(rungsOver(120, (second) => second % 20 === 0).at(-1)).toBe(0);
  });

  it('is spent where the last rung is still too much, until it is not', () => {
    const clock = new FakeClock();
    const relief = new CpuRelief(clock);
    const spentOver = (seconds: number, isLimited: boolean): readonly boolean[] => {
      const spent = [];
      for (let second = 0; second < seconds; second += 2) {
        clock.advance(2_000);
        relief.sample(isLimited);
        spent.push(relief.isSpent);
      }
      return spent;
    };
    expect(spentOver(26, true)).not.toContain(true);
    expect(relief.rungs).toBe(3);
    expect(spentOver(10, true).at(-1)).toBe(true);
    expect(spentOver(8, false).at(-1)).toBe(false);
  });

  it('comes back behind a time of ease, and more slowly the next time', () => {
    const limits: number[] = [];
    const rungs = rungsOver(600, (second) => {
      const isLimited = second < 10 || (limits.at(-1) ?? 1) === 0;
      limits.push(isLimited ? 1 : 0);
      return second < 10;
    });
    expect(Math.max(...rungs)).toBeGreaterThan(0);
    expect(rungs.at(-1)).toBe(0);
    // A machine that bears one rung less and no more.
    const clock = new FakeClock();
    const relief = new CpuRelief(clock);
    const backMs: number[] = [];
    for (let ms = 0; ms < 1_200_000; ms += 2_000) {
      clock.advance(2_000);
      const before = relief.rungs;
      relief.sample(before === 0);
      if (relief.rungs < before) backMs.push(ms);
    }
    const apart = backMs.slice(1).map((ms, index) => ms - (backMs[index] ?? 0));
    expect(apart.length).toBeGreaterThan(1);
    expect(apart).toEqual(apart.toSorted((a, b) => a - b));
  });
});
