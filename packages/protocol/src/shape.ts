import { ProtocolError } from './errors.ts';

/** Reads untrusted input into a fresh value of a type, or throws what is wrong and where. */
export type Shape<T> = (input: unknown, path: string) => T;
export type ValueOf<S> = S extends Shape<infer T> ? T : never;

/** A field that may be missing; it is then missing in the value too. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

type Fields = { readonly [name: string]: Shape<unknown> | Optional<unknown> };

type RequiredNames<F extends Fields> = {
  [K in keyof F]: F[K] extends Optional<unknown> ? never : K;
}[keyof F];

type ObjectOf<F extends Fields> = {
  -readonly [K in RequiredNames<F>]: ValueOf<F[K]>;
} & {
  -readonly [K in Exclude<keyof F, RequiredNames<F>>]?: F[K] extends Optional<infer T> ? T : never;
};

export function fail(message: string, path: string): never {
  throw new ProtocolError('bad-message', message, path);
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

export function text(maxCharacters: number, minCharacters = 0): Shape<string> {
  return (input, path) =>
    typeof input === 'string' && input.length >= minCharacters && input.length <= maxCharacters
      ? input
      : fail(`expected text, up to ${maxCharacters}`, path);
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (input, path) =>
    typeof input === 'number' && Number.isInteger(input) && input >= min && input <= max
      ? input
      : fail(`expected a whole number from ${min}`, path);
}

export const boolean: Shape<boolean> = (input, path) =>
  typeof input === 'boolean' ? input : fail('expected true or false', path);

export function oneOf<const T extends string>(values: readonly T[]): Shape<T> {
  return (input, path) =>
    values.find((value) => value === input) ?? fail(`expected one of ${values.join(', ')}`, path);
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (input, path) => (input === null ? null : shape(input, path));
}

export function list<T>(item: Shape<T>, maxLength: number, minLength = 0): Shape<T[]> {
  return (input, path) => {
    if (!Array.isArray(input) || input.length < minLength || input.length > maxLength) {
      return fail(`expected a list, up to ${maxLength}`, path);
    }
    return input.map((value, index) => item(value, `${path}.${index}`));
  };
}

/** Fields that are not named are left behind. */
export function object<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return (input, path) => {
    const given = entriesOf(input, path);
    const value: Record<string, unknown> = {};
    for (const [name, field] of entries) {
      const at = join(path, name);
      const got = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof field === 'function') value[name] = field(got, at);
      else if (got !== undefined) value[name] = field.optional(got, at);
    }
    return isComplete<F>(value, fields) ? value : fail('incomplete', path);
  };
}

/** Fields that are not named are an error. */
export function strictObject<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const shape = object(fields);
  return (input, path) => {
    for (const name of Object.keys(entriesOf(input, path))) {
      if (!Object.hasOwn(fields, name)) fail('not a field of this message', join(path, name));
    }
    return shape(input, path);
  };
}

type VariantOf<K extends string, V extends { readonly [tag: string]: Fields }> = {
  [T in keyof V & string]: { [P in K]: T } & ObjectOf<V[T]>;
}[keyof V & string];

/** Objects told apart by the text in the field `key`; each variant names its other fields. */
export function variant<const K extends string, const V extends { readonly [tag: string]: Fields }>(
  key: K,
  variants: V,
): Shape<VariantOf<K, V>> {
  const shapes = new Map(
    Object.entries(variants).map(([tag, fields]) => [
      tag,
      object({ [key]: oneOf([tag]), ...fields }),
    ]),
  );
  return (input, path) => {
    const tag = entriesOf(input, path)[key];
    const shape = typeof tag === 'string' ? shapes.get(tag) : undefined;
    const value = shape?.(input, path);
    return isVariant<K, V>(value, key) ? value : fail(`expected a known ${key}`, join(path, key));
  };
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function entriesOf(input: unknown, path: string): Record<string, unknown> {
  return isRecord(input) ? input : fail('expected an object', path);
}

export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isComplete<F extends Fields>(
  value: Record<string, unknown>,
  fields: F,
): value is Record<string, unknown> & ObjectOf<F> {
  return Object.keys(value).every((name) => Object.hasOwn(fields, name));
}

/** Each variant's own shape has made the value; all that is left to tell is that one has. */
function isVariant<K extends string, V extends { readonly [tag: string]: Fields }>(
  value: object | undefined,
  key: K,
): value is VariantOf<K, V> {
  return value !== undefined && key in value;
}
