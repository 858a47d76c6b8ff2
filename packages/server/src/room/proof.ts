import { createHash } from 'node:crypto';
import { parseRoomId, PEER_ID_LABEL, type JoinRequest, type RoomId } from '@peerline/protocol';

const ID_BYTES = 16;

/** So that no such hash is a peer id as well. */
const ROOM_LABEL = 'peerline/1 room ';

/** Whether the peer id of a join follows from its secret (SPEC.md, JOIN3). */
export function provesItsId(join: Pick<JoinRequest, 'peer' | 'secret'>): boolean {
  return peerIdOf(join.secret) === join.peer;
}

/** The peer id that belongs to a join secret, 22 characters of base64url. */
export function peerIdOf(secret: string): string {
  return shortHash(`${PEER_ID_LABEL}${secret}`);
}

/**
 * The room that a join leads to: another one for each pair of room id and room secret. Who knows the id
 * alone comes to a room that nobody else is in, whatever becomes of the one behind the link (SPEC.md, ROOM3).
 */
export function provenRoom({ room, roomSecret }: Pick<JoinRequest, 'room' | 'roomSecret'>): RoomId {
  const parsed = parseRoomId(shortHash(`${ROOM_LABEL}${room}${roomSecret}`));
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

/** In the form of ids (SPEC.md, ID1). */
function shortHash(text: string): string {
  const digest = createHash('sha256').update(text, 'ascii').digest();
  return digest.subarray(0, ID_BYTES).toString('base64url');
}
