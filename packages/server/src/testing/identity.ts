import { randomBytes } from 'node:crypto';
import { parseJoin, PROTOCOL_VERSION, type JoinRequest } from '@peerline/protocol';
import { peerIdOf } from '../room/proof.ts';

export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/** A good join, with what is given in place of what would be drawn. */
export function joinRequest(fixed: { room?: string; secret?: string } = {}): JoinRequest {
  const secret = fixed.secret ?? randomId();
  const parsed = parseJoin({
    protocol: PROTOCOL_VERSION,
    room: fixed.room ?? randomId(),
    peer: peerIdOf(secret),
    secret,
  });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}
