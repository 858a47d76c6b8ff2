import { isIPv4, isIPv6 } from 'node:net';
import { ipv6Groups, unmapped } from '../policy/address-key.ts';
import {
  BINDING_ERROR,
  BINDING_SUCCESS,
  ERROR_CODE,
  FINGERPRINT,
  HEADER_BYTES,
  MAGIC_COOKIE,
  SOFTWARE,
  UNKNOWN_ATTRIBUTES,
  XOR_MAPPED_ADDRESS,
} from './attributes.ts';
import { fingerprint, type BindingRequest } from './request.ts';

/** Where a request came from, as the socket says. */
export interface Source {
  /** IPv4, IPv6, or IPv4 mapped into IPv6. */
  readonly address: string;
  readonly port: number;
}

interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Without a version: it is nobody's business, and each byte of it would amplify. */
const SOFTWARE_NAME = new TextEncoder().encode('Peerline');

/** RFC 8489 section 14.8: class 4, number 20. */
const UNKNOWN_ATTRIBUTE_CODE = [0, 0, 4, 20];
const UNKNOWN_ATTRIBUTE_REASON = new TextEncoder().encode('Unknown Attribute');

/** Keeps the answer to a request that is full of unknown attributes small. */
const UNKNOWN_LISTED_MAX = 8;

/** The answer to a Binding request (RFC 8489 section 6.3.1). */
export function encodeAnswer(request: BindingRequest, source: Source): Uint8Array | undefined {
  if (request.unknown.length > 0) return encodeError(request);
  const value = xorMappedAddress(source, request.transactionId);
  if (value === undefined) return undefined;
  return encode(BINDING_SUCCESS, request, [
    { type: XOR_MAPPED_ADDRESS, value },
    { type: SOFTWARE, value: SOFTWARE_NAME },
  ]);
}

function encodeError(request: BindingRequest): Uint8Array {
  const listed = request.unknown.slice(0, UNKNOWN_LISTED_MAX);
  return encode(BINDING_ERROR, request, [
    {
      type: ERROR_CODE,
      value: Uint8Array.from([...UNKNOWN_ATTRIBUTE_CODE, ...UNKNOWN_ATTRIBUTE_REASON]),
    },
    {
      type: UNKNOWN_ATTRIBUTES,
      value: Uint8Array.from(listed.flatMap((type) => [type >> 8, type & 0xff])),
    },
    { type: SOFTWARE, value: SOFTWARE_NAME },
  ]);
}

/** The value of XOR-MAPPED-ADDRESS (section 14.2). @returns nothing where the address is none */
export function xorMappedAddress(
  source: Source,
  transactionId: Uint8Array,
): Uint8Array | undefined {
  const address = addressBytes(unmapped(source.address));
  if (address === undefined) return undefined;
  const mask = new Uint8Array(16);
  new DataView(mask.buffer).setUint32(0, MAGIC_COOKIE);
  mask.set(transactionId, 4);
  const value = new Uint8Array(4 + address.length);
  value[1] = address.length === 4 ? 1 : 2;
  new DataView(value.buffer).setUint16(2, source.port ^ (MAGIC_COOKIE >>> 16));
  for (const [index, byte] of address.entries()) value[4 + index] = byte ^ (mask[index] ?? 0);
  return value;
}

function addressBytes(address: string): number[] | undefined {
  if (isIPv4(address)) return address.split('.').map(Number);
  if (!isIPv6(address)) return undefined;
  return ipv6Groups(address).flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

function encode(
  type: number,
  request: BindingRequest,
  attributes: readonly Attribute[],
): Uint8Array {
  const bodyBytes = attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const fingerprintBytes = request.hasFingerprint ? 8 : 0;
  const message = new Uint8Array(HEADER_BYTES + bodyBytes + fingerprintBytes);
  const view = new DataView(message.buffer);
  view.setUint16(0, type);
  view.setUint16(2, bodyBytes + fingerprintBytes);
  view.setUint32(4, MAGIC_COOKIE);
  message.set(request.transactionId, 8);
  let offset = HEADER_BYTES;
  for (const { type: attribute, value } of attributes) {
    view.setUint16(offset, attribute);
    view.setUint16(offset + 2, value.length);
    message.set(value, offset + 4);
    offset += 4 + padded(value.length);
  }
  if (request.hasFingerprint) {
    view.setUint16(offset, FINGERPRINT);
    view.setUint16(offset + 2, 4);
    view.setUint32(offset + 4, fingerprint(message.subarray(0, offset)));
  }
  return message;
}

/** Values are padded to four bytes (section 14). */
function padded(length: number): number {
  return length + ((4 - (length % 4)) % 4);
}
