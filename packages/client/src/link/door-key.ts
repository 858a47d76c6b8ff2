import { parseDoorKey, type DoorKey } from '@peerline/protocol';
import { concatenate, utf8 } from '../base/bytes.ts';
import { PeerlineError } from '../base/errors.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { wellFormed } from './room-keys.ts';
import type { RoomLink } from './room-link.ts';

/** As OWASP asks for PBKDF2 with SHA-256; about a fifth of a second on a telephone of today. */
const ITERATIONS = 600_000;
const KEY_BITS = 128;

/**
 * What a password comes to at the server (SPEC.md, DOOR5). The link's key is the salt, which the server does
 * not know: so it cannot try passwords by itself.
 *
 * @throws PeerlineError `bad-options` for an empty one
 */
export async function deriveDoorKey(link: RoomLink, password: string): Promise<DoorKey> {
  if (password === '') {
    throw new PeerlineError('bad-options', 'a password has at least one character');
  }
  const { subtle } = crypto;
  // The same letters come composed or not, by keyboard and system (Unicode TR 15).
  const material = utf8(password.normalize('NFKC'));
  const key = await subtle.importKey('raw', material, 'PBKDF2', false, ['deriveBits']);
  const salt = concatenate([utf8(`peerline/1 door ${link.name}`), fromBase64Url(link.key)]);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS };
  const bits = await subtle.deriveBits(algorithm, key, KEY_BITS);
  return wellFormed(parseDoorKey(toBase64Url(new Uint8Array(bits))));
}
