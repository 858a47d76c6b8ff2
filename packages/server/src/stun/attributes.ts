/** Numbers of RFC 8489. */

/** Section 5: the value that every message carries. */
export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;

/** Section 5: method Binding (0x001) in the classes request, success response and error response. */
export const BINDING_REQUEST = 0x0001;
export const BINDING_SUCCESS = 0x0101;
export const BINDING_ERROR = 0x0111;

/** Section 18.3 */
export const MESSAGE_INTEGRITY = 0x0008;
export const ERROR_CODE = 0x0009;
export const UNKNOWN_ATTRIBUTES = 0x000a;
export const MESSAGE_INTEGRITY_SHA256 = 0x001c;
export const XOR_MAPPED_ADDRESS = 0x0020;
export const SOFTWARE = 0x8022;
export const FINGERPRINT = 0x8028;

/** Section 14.7: what the CRC-32 is XORed with. */
export const FINGERPRINT_XOR = 0x5354554e;

/**
 * Comprehension-required attributes that RFC 8489 itself defines. Credentials among them are let be:
 * this server asks nobody for any. USERNAME, REALM, NONCE, PASSWORD-ALGORITHM, USERHASH stand here by number.
 */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  0x0006,
  MESSAGE_INTEGRITY,
  ERROR_CODE,
  UNKNOWN_ATTRIBUTES,
  0x0014,
  0x0015,
  MESSAGE_INTEGRITY_SHA256,
  0x001d,
  0x001e,
  XOR_MAPPED_ADDRESS,
]);

/** Section 14: types up to 0x7fff must be understood by who acts on the message. */
export function mustReject(type: number): boolean {
  return type < 0x8000 && !UNDERSTOOD.has(type);
}
