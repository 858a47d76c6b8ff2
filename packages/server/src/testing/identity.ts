import { randomBytes } from 'node:crypto';
import { parseJoin, PROTOCOL_VERSION, type JoinRequest } from '@peerline/protocol';
import { peerIdOf } from '../room/proof.ts';

export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/** Looks like a card; the server never opens one. */
export function cardOf(peer: string): string {
  return peer.padEnd(130, 'A');
}

/** A good join, with what is given in place of what would be drawn. */
export function joinRequest(
  fixed: { room?: string; secret?: string; token?: string } = {},
): JoinRequest {
  const secret = fixed.secret ?? randomId();
  const peer = peerIdOf(secret);
  const parsed = parseJoin({
    protocol: PROTOCOL_VERSION,
    room: fixed.room ?? randomId(),
    peer,
    secret,
    card: cardOf(peer),
    ...(fixed.token !== undefined && { token: fixed.token }),
  });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}
