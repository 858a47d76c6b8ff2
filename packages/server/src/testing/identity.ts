import { createHash, randomBytes } from 'node:crypto';
import {
  JOIN_IN_UPGRADE_PREFIX,
  parseJoin,
  PROTOCOL_VERSION,
  type JoinRequest,
} from '@peerline/protocol';
import { peerIdOf } from '../room/proof.ts';

export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/** What everyone who joins this room in a test shows; the server cannot tell it from one of a link. */
function roomSecretOf(room: string): string {
  return createHash('sha256')
    .update(`secret of ${room}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** Looks like a card; the server never opens one. */
export function cardOf(peer: string): string {
  return peer.padEnd(130, 'A');
}

/** A good join, with what is given in place of what would be drawn. */
export function joinRequest(
  fixed: { room?: string; roomSecret?: string; secret?: string; token?: string } = {},
): JoinRequest {
  const secret = fixed.secret ?? randomId();
  const peer = peerIdOf(secret);
  const room = fixed.room ?? randomId();
  const parsed = parseJoin({
    protocol: PROTOCOL_VERSION,
    room,
    roomSecret: fixed.roomSecret ?? roomSecretOf(room),
    peer,
    secret,
    card: cardOf(peer),
    ...(fixed.token !== undefined && { token: fixed.token }),
  });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

/** The subprotocol that carries this, which need not be a join, with the request (SPEC.md, JOIN10). */
export function joinSubprotocol(json: string): string {
  return JOIN_IN_UPGRADE_PREFIX + Buffer.from(json).toString('base64url');
}
