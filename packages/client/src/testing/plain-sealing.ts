import type { Card } from '@peerline/protocol';
import type { Sealing } from '../seal/sealing.ts';

/** WebCrypto takes real time; where a test moves the clock by hand, sealing has to take none. */
export const plainSealing: Sealing = {
  card: 'A'.repeat(130) as Card,
  pair: () =>
    Promise.resolve({
      seal: (json) => Promise.resolve(json),
      open: (text) => Promise.resolve({ kind: 'genuine', text }),
    }),
};
