import { describe, expect, test } from 'vitest';
import {
  boolean,
  integer,
  list,
  nullable,
  object,
  optional,
  strictObject,
  text,
  variant,
  type Shape,
} from './shape.ts';

const point = object({ x: integer(0, 9), label: optional(text(3)) });
const strict = strictObject({ x: integer(0) });
const either = variant('kind', {
  a: { on: boolean },
  b: { all: list(nullable(integer(0)), 2, 1) },
});

function pathOf<T>(shape: Shape<T>, input: unknown): string | undefined {
  try {
    shape(input, '');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'path' in error ? String(error.path) : String(error);
  }
}

describe('shapes', () => {
  test('give fresh values without what is not named', () => {
    const input = { x: 1, extra: {}, label: 'abc' };
    const value = point(input, '');
    expect(value).toEqual({ x: 1, label: 'abc' });
    expect(value).not.toBe(input);
    expect(Object.keys(point({ x: 2 }, ''))).toEqual(['x']);
    expect(either({ kind: 'b', all: [null, 3] }, '')).toEqual({ kind: 'b', all: [null, 3] });
  });

  test.each<[Shape<unknown>, unknown, string]>([
    [point, null, ''],
    [point, [], ''],
    [point, 'x', ''],
    [point, {}, 'x'],
    [point, { x: 10 }, 'x'],
    [point, { x: 1.5 }, 'x'],
    [point, { x: NaN }, 'x'],
    [point, { x: '1' }, 'x'],
    [point, { x: 1, label: 'abcd' }, 'label'],
    [point, { x: 1, label: null }, 'label'],
    [strict, { x: 1, y: 1 }, 'y'],
    [either, { kind: 'c' }, 'kind'],
    [either, { kind: 'toString' }, 'kind'],
    [either, { kind: '__proto__' }, 'kind'],
    [either, { kind: 'a', on: 1 }, 'on'],
    [either, { kind: 'b', all: [] }, 'all'],
    [either, { kind: 'b', all: [1, 2, 3] }, 'all'],
    [either, { kind: 'b', all: [1, 'x'] }, 'all.1'],
  ])('say where the fault lies (case %#)', (shape, input, path) => {
    expect(pathOf(shape, input)).toBe(path);
  });

  test('look at own properties only', () => {
    expect(pathOf(strict, Object.create({ x: 1 }))).toBe('x');
    expect(pathOf(strict, JSON.parse('{"x":1,"__proto__":{"y":1}}'))).toBe('__proto__');
  });
});
