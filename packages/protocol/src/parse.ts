import { ProtocolError } from './errors.ts';
import type { Shape } from './shape.ts';

/** A fresh, typed value, or why the input is none. Nothing is ever cast. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ProtocolError };

export function parseWith<T>(shape: Shape<T>, input: unknown): Parsed<T> {
  try {
    return { ok: true, value: shape(input, '') };
  } catch (error) {
    // Input nested so deep that the stack does not hold it is bad input as well.
    const known = error instanceof ProtocolError;
    return { ok: false, error: known ? error : new ProtocolError('bad-message', String(error)) };
  }
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Text to a value of JSON, whatever it holds; text that is none is a `bad-message`. */
export function readJson(json: string): Parsed<JsonValue> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- what JSON.parse gives is JSON
    const value: JsonValue = JSON.parse(json);
    return { ok: true, value };
  } catch {
    return { ok: false, error: new ProtocolError('bad-message', 'not JSON') };
  }
}

/** Parses text as JSON first. */
export function parseJsonWith<T>(shape: Shape<T>, json: string): Parsed<T> {
  const read = readJson(json);
  return read.ok ? parseWith(shape, read.value) : read;
}

/** Bytes of a string in UTF-8, without making them. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) bytes += unit < 0x800 ? 1 : 2;
    // A pair of surrogates is four bytes; a lone one is replaced by U+FFFD, which is three.
    if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      i += 1;
    }
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
