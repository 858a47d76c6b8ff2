import { utf8 } from '../base/bytes.ts';

/** HKDF-SHA-256 (RFC 5869) under the protocol's own salt (SPEC.md, ROOM1 and SEAL1). */
export async function hkdf(
  subtle: SubtleCrypto,
  from: Uint8Array<ArrayBuffer>,
  info: string,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await subtle.importKey('raw', from, 'HKDF', false, ['deriveBits']);
  const salt = utf8('peerline/1');
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, bytes * 8));
}
