import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('turns', () => {
  it('does one thing in each turn of the event loop, in order, and the first at once', async () => {
    const turns = new Turns();
    const done: number[] = [];
    for (let n = 0; n < 4; n += 1) turns.take(() => done.push(n));
    const seen = [done.length];
    for (let n = 0; n < 4; n += 1) {
      await turn();
      seen.push(done.length);
    }
    expect(seen).toEqual([1, 2, 3, 4, 4]);
    expect(done).toEqual([0, 1, 2, 3]);
    turns.take(() => done.push(4));
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });

  it('goes on behind one that fails', async () => {
    const turns = new Turns();
    const done: string[] = [];
    expect(() => turns.take(() => throwError())).toThrow('first');
    turns.take(() => done.push('second'));
    await turn();
    expect(done).toEqual(['second']);
  });
});

function throwError(): never {
  throw new Error('first');
}
