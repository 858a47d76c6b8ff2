import {
  isOfferer,
  parseJoinSecret,
  parsePeerId,
  parseRoomId,
  parseRoomSecret,
  PEER_ID_LABEL,
  type JoinSecret,
  type Parsed,
  type PeerId,
  type RoomId,
  type RoomSecret,
} from '@peerline/protocol';
import { utf8 } from '../base/bytes.ts';
import { PeerlineError } from '../base/errors.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { hkdf } from './hkdf.ts';
import { isMadeHere, type RoomLink } from './room-link.ts';

const ID_BYTES = 16;

/** What of `crypto` is used; `subtle` is there in secure contexts only. */
export interface CryptoPort {
  readonly subtle?: SubtleCrypto | undefined;
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

/** A peer's id and the secret that proves it. */
export interface Identity {
  readonly peer: PeerId;
  readonly secret: JoinSecret;
}

/**
 * The room's id on the wire (SPEC.md, ROOM1): HKDF-SHA-256 (RFC 5869) of the key, bound to the name.
 *
 * @throws PeerlineError `insecure-context` where the browser gives the page no WebCrypto
 */
export async function deriveRoomId(link: RoomLink, from: CryptoPort = crypto): Promise<RoomId> {
  return wellFormed(parseRoomId(await derive(link, 'room id', from)));
}

/**
 * What shows the server that one holds the link, and not just the room's id (SPEC.md, ROOM3).
 *
 * @throws PeerlineError `insecure-context` where the browser gives the page no WebCrypto
 */
export async function deriveRoomSecret(
  link: RoomLink,
  from: CryptoPort = crypto,
): Promise<RoomSecret> {
  return wellFormed(parseRoomSecret(await derive(link, 'room secret', from)));
}

/** In the form of ids (SPEC.md, ID1). */
async function derive(link: RoomLink, label: string, from: CryptoPort): Promise<string> {
  const key = fromBase64Url(link.key);
  return toBase64Url(await hkdf(subtleOf(from), key, `${label} ${link.name}`, ID_BYTES));
}

/** Drawn at once in about a millisecond; among so many the largest is mostly larger than somebody else's smallest. */
const DRAWS = 16;

/**
 * One of several drawn ids, so that who comes later mostly is the one who offers (SPEC.md, NEG1). It knows first that it
 * does, and its picture is sent and received half a round trip sooner. Whoever made the link is the first in most rooms.
 */
export async function drawIdentity(
  link: RoomLink,
  create: () => Promise<Identity> = createIdentity,
  draws = DRAWS,
): Promise<Identity> {
  const drawn = await Promise.all(Array.from({ length: draws }, () => create()));
  const isFirst = isMadeHere(link);
  return drawn.reduce((one, other) => (isOfferer(other.peer, one.peer) === isFirst ? one : other));
}

/**
 * A new peer id with its join secret (SPEC.md, JOIN3).
 *
 * @throws PeerlineError `insecure-context` where the browser gives the page no WebCrypto
 */
export async function createIdentity(from: CryptoPort = crypto): Promise<Identity> {
  const subtle = subtleOf(from);
  const secret = toBase64Url(from.getRandomValues(new Uint8Array(ID_BYTES)));
  const hash = await subtle.digest('SHA-256', utf8(PEER_ID_LABEL + secret));
  return {
    peer: wellFormed(parsePeerId(toBase64Url(new Uint8Array(hash, 0, ID_BYTES)))),
    secret: wellFormed(parseJoinSecret(secret)),
  };
}

function subtleOf(from: CryptoPort): SubtleCrypto {
  if (from.subtle !== undefined) return from.subtle;
  throw new PeerlineError(
    'insecure-context',
    'secure pages only: open this page over https:// or at localhost',
  );
}

/** What this side made itself is always in form; the parse gives them their type without a cast. */
export function wellFormed<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}
