import { describe, expect, it } from 'vitest';
import { Random, testSeed } from '../random.ts';
import { SchemaLayer } from './schema-layer.ts';

const INPUTS = 20_000;

describe('what others say', () => {
  const seed = testSeed();
  it(`PROBLEM2 is taken as it is meant or refused, ${INPUTS} times (seed ${seed})`, () => {
    const layer = new SchemaLayer(new Random(seed));
    layer.attack(INPUTS);
    expect(layer.faults).toEqual([]);
    expect(layer.taken).toBeGreaterThan(INPUTS / 5);
  });
});
