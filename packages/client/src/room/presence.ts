import { parsePresence, type Presence } from '@peerline/protocol';
import { PeerlineError } from '../base/errors.ts';

/** @throws PeerlineError `bad-presence` */
export function checkedPresence(presence: Presence): Presence {
  const parsed = parsePresence(presence);
  if (parsed.ok) return parsed.value;
  throw new PeerlineError(
    'bad-presence',
    `presence is JSON of at most 4 KB: ${parsed.error.message}`,
  );
}
