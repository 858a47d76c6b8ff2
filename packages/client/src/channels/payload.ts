import { readJson } from '@peerline/protocol';
import type { Payload } from '../api.ts';
import { utf8 } from '../base/bytes.ts';
import { PeerlineError } from '../base/errors.ts';
import { decodeText, isMessageType, type EncodedMessage } from './frames.ts';

/** The 32 bits of the length field in a frame (SPEC.md, FRAME2). */
const ENCODABLE_MAX_BYTES = 0xffff_ffff;

/**
 * Turns what a builder sends into bytes. Bytes are taken as they are, without a copy: they must not
 * be changed until the send is through.
 *
 * @throws PeerlineError `bad-message` for what JSON cannot hold, `message-too-large` above 4 GiB
 */
export function encodeMessage(type: string, payload: Payload): EncodedMessage {
  if (!isMessageType(type)) {
    throw new PeerlineError('bad-message', 'a message type has 1 to 64 characters');
  }
  if (payload instanceof Uint8Array) {
    if (payload.length > ENCODABLE_MAX_BYTES) {
      throw PeerlineError.messageTooLarge(payload.length, ENCODABLE_MAX_BYTES);
    }
    return { type, format: 'bytes', bytes: payload };
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw new PeerlineError('bad-message', `the payload of "${type}" is no JSON`, { cause });
  }
  if (text === undefined) {
    throw new PeerlineError(
      'bad-message',
      `the payload of "${type}" is no JSON; use null for none`,
    );
  }
  return { type, format: 'json', bytes: utf8(text) };
}

/** @returns undefined where the bytes are not what their format says */
export function decodePayload(
  format: EncodedMessage['format'],
  bytes: Uint8Array,
): { readonly payload: Payload } | undefined {
  if (format === 'bytes') return { payload: bytes };
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  const parsed = readJson(text);
  return parsed.ok ? { payload: parsed.value } : undefined;
}
