import { IDENTITY_TAGS_MAX, type RoomId } from '@peerline/protocol';
import { utf8 } from '../base/bytes.ts';
import { toBase64Url } from '../link/base64url.ts';
import type { End } from './word-exchange.ts';

const MAC = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;

/** How many tags are sent: those of nobody look alike, so that a receiver learns one of these at most. */
const TAG_COUNTS = [16, 64, IDENTITY_TAGS_MAX];

const TAG_BYTES = 32;

/** What a tag says: "I know you" (SPEC.md, IDENT2), or "I keep you" (IDENT4). */
export type Claim = 'known' | 'kept';

export interface Ends {
  readonly room: RoomId;
  readonly own: End;
  readonly theirs: End;
}

/**
 * The key that two devices know each other by (SPEC.md, IDENT1), of the secret that the words vouch for.
 *
 * @param secret HKDF key material: the pair's ECDH
 */
export function agreeOnKey(
  secret: CryptoKey,
  room: RoomId,
  ends: readonly [End, End],
): Promise<CryptoKey> {
  const [offerer, answerer] = ends;
  const info = `peerline/1 identity ${room}${offerer.peer}${answerer.peer}${offerer.card}${answerer.card}`;
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: utf8('peerline/1'), info: utf8(info) },
    secret,
    MAC,
    false,
    ['sign'],
  );
}

/** A tag from one end to the other; no other direction, pair or room has it. */
export async function tagOf(
  key: CryptoKey,
  claim: Claim,
  room: RoomId,
  [from, to]: readonly [End, End],
): Promise<string> {
  const said = utf8(`peerline/1 ${claim} ${room}${from.peer}${to.peer}${from.card}${to.card}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign(MAC.name, key, said)));
}

/** One tag for each key, and random ones beside them; in an order that says nothing. */
export async function tagsFor(
  keys: readonly CryptoKey[],
  { room, own, theirs }: Ends,
): Promise<string[]> {
  const tags = await Promise.all(keys.map((key) => tagOf(key, 'known', room, [own, theirs])));
  const count = TAG_COUNTS.find((one) => one >= tags.length) ?? IDENTITY_TAGS_MAX;
  while (tags.length < count) {
    tags.push(toBase64Url(crypto.getRandomValues(new Uint8Array(TAG_BYTES))));
  }
  return tags.toSorted();
}
