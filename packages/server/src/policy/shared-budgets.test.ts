import { describe, expect, it } from 'vitest';
import { SharedBudgets, type Share } from './shared-budgets.ts';

const LIMITS = { burst: 20, perSecond: 10 };

/** How often it may take one before it may not. */
function drain(share: Share, nowMs: number): number {
  let taken = 0;
  while (taken < 1_000 && share.take(nowMs)) taken += 1;
  return taken;
}

describe('SharedBudgets', () => {
  it('RATE2 leaves everyone a share that nobody else can use up', () => {
    const budgets = new SharedBudgets(LIMITS, 5);
    const flooder = budgets.open('room', 0);
    const quiet = budgets.open('room', 0);
    const late = budgets.open('room', 0);
    // Its own two, and the ten that all have in common.
    expect(drain(flooder, 0)).toBe(12);
    expect(drain(quiet, 0)).toBe(2);
    expect(late.waitMs(0)).toBe(0);
    expect(quiet.waitMs(0)).toBe(200);
    expect(drain(quiet, 1_000)).toBe(6);
    expect(drain(flooder, 1_000)).toBe(1);
  });

  it('RATE2 keeps groups apart, and forgets those that nobody is in', () => {
    const budgets = new SharedBudgets(LIMITS, 5);
    const one = budgets.open('one', 0);
    const other = budgets.open('other', 0);
    drain(one, 0);
    expect(drain(other, 0)).toBe(12);
    expect(budgets.size).toBe(2);
    one.close();
    one.close();
    other.close();
    expect(budgets.size).toBe(0);
  });

  it('counts a participant that closes twice once', () => {
    const budgets = new SharedBudgets(LIMITS, 5);
    const one = budgets.open('room', 0);
    const other = budgets.open('room', 0);
    one.close();
    one.close();
    expect(budgets.size).toBe(1);
    drain(other, 0);
    expect(drain(budgets.open('room', 0), 0)).toBe(2);
  });
});
