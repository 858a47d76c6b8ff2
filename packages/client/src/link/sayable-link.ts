import { createRoomLink as createNamedLink, type RoomLink } from './room-link.ts';
import { ADJECTIVES, ANIMALS } from './words.ts';

/**
 * A new room: a name to be said aloud (or the one given) and a key of 128 random bits, which is what
 * keeps others out. A room that is to last is a `RoomLink` that is kept.
 *
 * @param name `[a-z0-9-]`, 1 to 64 characters
 * @throws PeerlineError `bad-link` for another name
 */
export function createRoomLink(name: string = sayableName()): RoomLink {
  return createNamedLink(name);
}

/** A name to be said aloud over the phone, like `calm-otter-52`, drawn anew. */
function sayableName(): string {
  const [first = 0, second = 0, third = 0] = crypto.getRandomValues(new Uint8Array(3));
  const adjective = ADJECTIVES[first % ADJECTIVES.length];
  const animal = ANIMALS[second % ANIMALS.length];
  // Two digits; that some come up more often is no harm, since the secret is the key alone.
  return `${adjective}-${animal}-${10 + (third % 90)}`;
}
