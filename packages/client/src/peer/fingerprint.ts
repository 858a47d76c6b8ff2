import type { RoomProblem } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';

/**
 * The only certificate that a description names (SPEC.md, CERT1), the one of its connection (CERT2). RFC 8122
 * section 5 has hashes that are weaker than SHA-256; they vouch for nothing any more.
 *
 * @param known what the connection's descriptions named before
 * @returns its line, in lower case
 * @throws PeerlineError `not-genuine` for none, several, one of a weak hash, or another than before
 */
export function fingerprintIn(sdp: string, known?: string): string {
  const [line = '', ...others] = new Set(sdp.toLowerCase().match(/^a=fingerprint:.*$/gmu));
  const isStrong = /:sha-(?:256|384|512) /u.test(line);
  if (isStrong && others.length === 0 && (known ?? line) === line) return line;
  throw new PeerlineError('not-genuine', 'a connection must name one certificate, by SHA-256');
}

/** What kind of trouble it is that a description was not applied. */
export function troubleOf(error: unknown): RoomProblem['code'] {
  const isForged = error instanceof PeerlineError && error.code === 'not-genuine';
  return isForged ? error.code : 'peer-trouble';
}
