import { createHmac, randomBytes } from 'node:crypto';

export interface TurnCredentials {
  readonly username: string;
  readonly credential: string;
}

/** Tells two members' credentials apart in the TURN server's log and quotas, and says nothing else. */
const ID_BYTES = 9;

/**
 * Credentials that a TURN server with the same secret takes until they end: coturn's
 * `use-auth-secret`, as in the draft "A REST API For Access To TURN Services" (SPEC.md, ICE2).
 *
 * @param endsAtMs in Unix time
 */
export function mintTurnCredentials(secret: string, endsAtMs: number): TurnCredentials {
  const id = randomBytes(ID_BYTES).toString('base64url');
  // Rounded up, so that they last at least as long as is said.
  const username = `${Math.ceil(endsAtMs / 1_000)}:${id}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
