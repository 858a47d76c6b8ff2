import { ID_CHARACTERS } from './limits.ts';
import { parseWith, type Parsed } from './parse.ts';
import { fail, type Shape } from './shape.ts';

/** Text that was found to be an id of one kind; the mark is there for the types alone. */
type Branded<B extends string> = string & { readonly '~id': B };

/** The room's id on the wire, derived from the link (SPEC.md, ROOM1). */
export type RoomId = Branded<'RoomId'>;
/** Shows that who joins holds the link, and not just the room's id (SPEC.md, ROOM3). */
export type RoomSecret = Branded<'RoomSecret'>;
/** A peer's id, derived from its join secret (SPEC.md, JOIN3). */
export type PeerId = Branded<'PeerId'>;
/** What proves that a peer id is one's own; only its holder and the server ever see it. */
export type JoinSecret = Branded<'JoinSecret'>;
/** What others seal for a peer with; a holder of the link made it (SPEC.md, SEAL2). */
export type Card = Branded<'Card'>;

/** What a room's password comes to at the server (SPEC.md, DOOR5). */
export type DoorKey = Branded<'DoorKey'>;

/** ID1: 22 characters of base64url; the last one carries 2 bits only, so it is one of A, Q, g, w. */
export const ID_PATTERN = new RegExp(`^[A-Za-z0-9_-]{${ID_CHARACTERS - 1}}[AQgw]$`);

const CARD_PATTERN = /^[A-Za-z0-9_-]{130}$/;

function brandedShape<B extends string>(pattern: RegExp, what: string): Shape<Branded<B>> {
  const isOfForm = (input: unknown): input is Branded<B> =>
    typeof input === 'string' && pattern.test(input);
  return (input, path) => (isOfForm(input) ? input : fail(`expected ${what} in base64url`, path));
}

function idShape<B extends string>(): Shape<Branded<B>> {
  return brandedShape<B>(ID_PATTERN, '128 bits');
}

export const cardShape = brandedShape<'Card'>(CARD_PATTERN, '97 bytes');

export const roomIdShape = idShape<'RoomId'>();
export const roomSecretShape = idShape<'RoomSecret'>();
export const peerIdShape = idShape<'PeerId'>();
export const joinSecretShape = idShape<'JoinSecret'>();

export const doorKeyShape = idShape<'DoorKey'>();

export function parseDoorKey(input: unknown): Parsed<DoorKey> {
  return parseWith(doorKeyShape, input);
}

export function parseRoomId(input: unknown): Parsed<RoomId> {
  return parseWith(roomIdShape, input);
}

export function parseRoomSecret(input: unknown): Parsed<RoomSecret> {
  return parseWith(roomSecretShape, input);
}

export function parsePeerId(input: unknown): Parsed<PeerId> {
  return parseWith(peerIdShape, input);
}

export function parseJoinSecret(input: unknown): Parsed<JoinSecret> {
  return parseWith(joinSecretShape, input);
}

export function parseCard(input: unknown): Parsed<Card> {
  return parseWith(cardShape, input);
}

/** Prefix hashed in front of a join secret, so that the hash serves no other purpose. */
export const PEER_ID_LABEL = 'peerline/1 peer id ';

/**
 * The single offerer of a pair: the larger id, compared as ASCII (SPEC.md, NEG1).
 *
 * @returns true where `self` makes the offers and `other` answers.
 */
export function isOfferer(self: PeerId, other: PeerId): boolean {
  return self > other;
}
