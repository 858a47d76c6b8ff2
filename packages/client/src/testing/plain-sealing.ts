import { parseCard } from '@peerline/protocol';
import { wellFormed } from '../link/room-keys.ts';
import type { Sealing } from '../seal/sealing.ts';

/** All pairs have one; what is derived of it is bound to their ids. */
const secret = await crypto.subtle.importKey('raw', new Uint8Array(32), 'HKDF', false, [
  'deriveKey',
]);

/** WebCrypto takes real time; where a test moves the clock by hand, sealing has to take none. */
export const plainSealing: Sealing = {
  card: wellFormed(parseCard('A'.repeat(130))),
  pair: () =>
    Promise.resolve({
      secret,
      seal: (json) => Promise.resolve(json),
      open: (text) => Promise.resolve({ kind: 'genuine', text }),
    }),
};
