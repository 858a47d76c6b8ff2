import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

test('gives items out in their order, over many compactions', () => {
  const fifo = new Fifo<number>();
  let pushed = 0;
  let taken = 0;
  for (let turn = 0; turn < 300; turn += 1) {
    for (let index = 0; index < 50; index += 1) fifo.push((pushed += 1));
    for (let index = 0; index < 45; index += 1) expect(fifo.shift()).toBe((taken += 1));
    expect(fifo.length).toBe(pushed - taken);
    expect(fifo.peek()).toBe(taken + 1);
  }
  expect(fifo.takeAll()).toEqual(
    Array.from({ length: pushed - taken }, (_, index) => taken + 1 + index),
  );
  expect([fifo.length, fifo.shift(), fifo.peek()]).toEqual([0, undefined, undefined]);
});
