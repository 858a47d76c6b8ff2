import { MESSAGE_TYPE_MAX_CHARACTERS } from '@peerline/protocol';
import { utf8 } from '../base/bytes.ts';

/** SPEC.md, FRAME3: small enough that a control message between two frames waits for little. */
export const FRAME_MAX_BYTES = 64 * 1024;

/** Kind and number, in front of every frame (SPEC.md, FRAME1). */
const HEAD_BYTES = 5;

const KINDS = { whole: 1, first: 2, next: 3, last: 4, cut: 5 } as const;
const FORMATS = { json: 1, bytes: 2 } as const;

export type Format = keyof typeof FORMATS;

/** A message as it lies ready to be cut into frames. */
export interface EncodedMessage {
  readonly type: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
}

/** What a message's first frame says of it. */
export interface Intro {
  readonly number: number;
  readonly type: string;
  readonly format: Format;
  readonly totalBytes: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Part {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** SPEC.md, FRAME1–2. */
export type Frame =
  | ({ readonly kind: 'whole' | 'first' } & Intro)
  | ({ readonly kind: 'next' | 'last' } & Part)
  | { readonly kind: 'cut'; readonly number: number };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Cuts a message into frames, made one by one as they are asked for. */
export function* cutIntoFrames(
  number: number,
  message: EncodedMessage,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { bytes } = message;
  const name = utf8(message.type);
  const introBytes = HEAD_BYTES + 2 + name.length + 4;
  const firstPart = Math.min(bytes.length, FRAME_MAX_BYTES - introBytes);
  const whole = firstPart === bytes.length;
  const first = frame(whole ? 'whole' : 'first', number, introBytes + firstPart);
  const view = new DataView(first.buffer);
  view.setUint8(HEAD_BYTES, FORMATS[message.format]);
  view.setUint8(HEAD_BYTES + 1, name.length);
  first.set(name, HEAD_BYTES + 2);
  view.setUint32(introBytes - 4, bytes.length);
  first.set(bytes.subarray(0, firstPart), introBytes);
  yield first;
  const partMax = FRAME_MAX_BYTES - HEAD_BYTES;
  for (let at = firstPart; at < bytes.length; at += partMax) {
    const part = bytes.subarray(at, at + partMax);
    const last = at + part.length === bytes.length;
    const following = frame(last ? 'last' : 'next', number, HEAD_BYTES + part.length);
    following.set(part, HEAD_BYTES);
    yield following;
  }
}

/** True where the message goes in a single frame. */
export function fitsOneFrame(message: EncodedMessage): boolean {
  // A name of so many characters is at most three times as many bytes.
  return message.bytes.length + 3 * message.type.length + HEAD_BYTES + 6 <= FRAME_MAX_BYTES;
}

export function cutFrame(number: number): Uint8Array<ArrayBuffer> {
  return frame('cut', number, HEAD_BYTES);
}

function frame(kind: Frame['kind'], number: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes[0] = KINDS[kind];
  new DataView(bytes.buffer).setUint32(1, number);
  return bytes;
}

/** @returns undefined for anything that is no frame */
export function decodeFrame(data: ArrayBuffer): Frame | undefined {
  if (data.byteLength < HEAD_BYTES || data.byteLength > FRAME_MAX_BYTES) return undefined;
  const view = new DataView(data);
  const number = view.getUint32(1);
  if (number === 0) return undefined;
  switch (view.getUint8(0)) {
    case KINDS.whole:
      return decodeIntro('whole', number, view, data);
    case KINDS.first:
      return decodeIntro('first', number, view, data);
    case KINDS.next:
      return { kind: 'next', number, bytes: new Uint8Array(data, HEAD_BYTES) };
    case KINDS.last:
      return { kind: 'last', number, bytes: new Uint8Array(data, HEAD_BYTES) };
    case KINDS.cut:
      return data.byteLength === HEAD_BYTES ? { kind: 'cut', number } : undefined;
    default:
      return undefined;
  }
}

function decodeIntro(
  kind: 'whole' | 'first',
  number: number,
  view: DataView,
  data: ArrayBuffer,
): Frame | undefined {
  const nameAt = HEAD_BYTES + 2;
  if (data.byteLength < nameAt) return undefined;
  const nameBytes = view.getUint8(HEAD_BYTES + 1);
  const introBytes = nameAt + nameBytes + 4;
  if (data.byteLength < introBytes) return undefined;
  const code = view.getUint8(HEAD_BYTES);
  const format = code === FORMATS.json ? 'json' : code === FORMATS.bytes ? 'bytes' : undefined;
  const type = decodeText(new Uint8Array(data, nameAt, nameBytes));
  const totalBytes = view.getUint32(introBytes - 4);
  const bytes = new Uint8Array(data, introBytes);
  if (format === undefined || type === undefined || !isMessageType(type)) return undefined;
  const complete = bytes.length === totalBytes;
  if (kind === 'whole' ? !complete : bytes.length >= totalBytes) return undefined;
  return { kind, number, type, format, totalBytes, bytes };
}

/** Names of message types: 1 to 64 characters. */
export function isMessageType(type: string): boolean {
  return type.length > 0 && type.length <= MESSAGE_TYPE_MAX_CHARACTERS;
}

/** @returns undefined where the bytes are no UTF-8 */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
