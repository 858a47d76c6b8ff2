import type { RoomId } from '@peerline/protocol';
import { deriveRoomId } from './room-keys.ts';
import { formatRoomLink, parseRoomLink, type RoomLink } from './room-link.ts';

/**
 * The id under which the server knows a link's room (SPEC.md, ROOM1), for the `room` of a join token. The
 * id leads to no name and no key, so a backend may keep it where it must not keep the link.
 *
 * @throws PeerlineError `bad-link`; `insecure-context` where the browser gives the page no WebCrypto
 */
export async function roomIdOf(link: RoomLink | string | URL): Promise<RoomId> {
  const isText = typeof link === 'string' || link instanceof URL;
  return deriveRoomId(parseRoomLink(isText ? link : formatRoomLink(link)));
}
