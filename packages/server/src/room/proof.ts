import { createHash } from 'node:crypto';
import { PEER_ID_LABEL, type JoinRequest } from '@peerline/protocol';

const PEER_ID_BYTES = 16;

/** Whether the peer id of a join follows from its secret (SPEC.md, JOIN3). */
export function provesItsId(join: Pick<JoinRequest, 'peer' | 'secret'>): boolean {
  return peerIdOf(join.secret) === join.peer;
}

/** The peer id that belongs to a join secret, 22 characters of base64url. */
export function peerIdOf(secret: string): string {
  const digest = createHash('sha256').update(`${PEER_ID_LABEL}${secret}`, 'ascii').digest();
  return digest.subarray(0, PEER_ID_BYTES).toString('base64url');
}
