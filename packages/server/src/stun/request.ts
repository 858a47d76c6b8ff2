import { crc32 } from 'node:zlib';
import {
  BINDING_REQUEST,
  FINGERPRINT,
  FINGERPRINT_XOR,
  HEADER_BYTES,
  MAGIC_COOKIE,
  MESSAGE_INTEGRITY,
  MESSAGE_INTEGRITY_SHA256,
  mustReject,
} from './attributes.ts';

export interface BindingRequest {
  readonly transactionId: Uint8Array;
  /** Whether it carried a FINGERPRINT, which the answer then does too. */
  readonly hasFingerprint: boolean;
  /** Comprehension-required attributes that are not understood, each once, in order. */
  readonly unknown: readonly number[];
}

/** A message is one datagram without fragmentation; a real Binding request is below 200 bytes. */
const REQUEST_MAX_BYTES = 548;

/**
 * Reads a datagram as a Binding request (RFC 8489 sections 5, 6.3 and 14).
 *
 * @returns nothing for whatever is not one in every bit
 */
export function parseBindingRequest(datagram: Uint8Array): BindingRequest | undefined {
  const size = datagram.byteLength;
  if (size < HEADER_BYTES || size > REQUEST_MAX_BYTES || size % 4 !== 0) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, size);
  if (view.getUint16(0) !== BINDING_REQUEST) return undefined;
  if (view.getUint16(2) !== size - HEADER_BYTES) return undefined;
  if (view.getUint32(4) !== MAGIC_COOKIE) return undefined;

  const unknown = new Set<number>();
  let hasFingerprint = false;
  let hasIntegrity = false;
  let offset = HEADER_BYTES;
  while (offset < size) {
    // FINGERPRINT is the last attribute (section 14.7).
    if (hasFingerprint || size - offset < 4) return undefined;
    const type = view.getUint16(offset);
    const length = view.getUint16(offset + 2);
    const valueAt = offset + 4;
    const next = valueAt + length + ((4 - (length % 4)) % 4);
    if (next > size) return undefined;
    if (type === FINGERPRINT) {
      if (length !== 4) return undefined;
      if (view.getUint32(valueAt) !== fingerprint(datagram.subarray(0, offset))) return undefined;
      hasFingerprint = true;
    } else if (type === MESSAGE_INTEGRITY || type === MESSAGE_INTEGRITY_SHA256) {
      hasIntegrity = true;
    } else if (!hasIntegrity && mustReject(type)) {
      // Attributes behind the integrity are ignored (section 14.5).
      unknown.add(type);
    }
    offset = next;
  }
  const transactionId = Uint8Array.from(datagram.subarray(8, HEADER_BYTES));
  return { transactionId, hasFingerprint, unknown: [...unknown] };
}

/** The value of FINGERPRINT over the message up to it, whose header counts it in already. */
export function fingerprint(message: Uint8Array): number {
  return (crc32(message) ^ FINGERPRINT_XOR) >>> 0;
}
