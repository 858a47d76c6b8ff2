import type { PeerId, RoomId } from '@peerline/protocol';
import type { DeniedPeer, IdentityStore, VerifiedDevice } from '../api-verification.ts';

export interface IdentitiesCase {
  readonly title: string;
  /** @param store an empty one */
  readonly run: (store: IdentityStore) => Promise<void>;
}

/** What whoever keeps identities must do; free of any test framework, since it runs in pages as well. */
export const identitiesContract: readonly IdentitiesCase[] = [
  {
    title: 'is empty at first',
    run: async (store) => equal(await store.all(), []),
  },
  {
    title: 'gives back what was put, keys and all',
    run: async (store) => {
      const device = await deviceOf('a', 'Ann');
      const denied = deniedOf('b');
      await store.put(device);
      await store.put(denied);
      const all = (await store.all()).toSorted((one, other) => (one.id < other.id ? -1 : 1));
      equal(all.map(withoutKey), [device, denied].map(withoutKey));
      const [kept] = all;
      if (kept?.kind !== 'verified') throw new Error('the device is gone');
      equal(kept.key.extractable, false);
      equal(await signed(kept.key), await signed(device.key));
    },
  },
  {
    title: 'puts what has an id in place of what had it',
    run: async (store) => {
      await store.put(await deviceOf('a', 'Ann'));
      await store.put(await deviceOf('a', 'Anna'));
      equal(
        (await store.all()).map(({ label }) => label),
        ['Anna'],
      );
    },
  },
  {
    title: 'removes one, and none where there is none',
    run: async (store) => {
      await store.put(await deviceOf('a', 'Ann'));
      await store.put(deniedOf('b'));
      await store.remove('a');
      await store.remove('a');
      equal(
        (await store.all()).map(({ id }) => id),
        ['b'],
      );
    },
  },
  {
    title: 'forgets everyone',
    run: async (store) => {
      await store.put(await deviceOf('a', 'Ann'));
      await store.put(deniedOf('b'));
      await store.clear();
      equal(await store.all(), []);
    },
  },
];

async function deviceOf(id: string, label: string): Promise<VerifiedDevice> {
  const algorithm: HmacKeyGenParams = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.generateKey(algorithm, false, ['sign']);
  return { kind: 'verified', id, label, key, keptBy: 'both', verifiedAtMs: 1, seenAtMs: 2 };
}

function deniedOf(id: string): DeniedPeer {
  const nobody = `${'A'.repeat(21)}A`;
  const ends = { room: nobody as RoomId, peer: nobody as PeerId };
  return { kind: 'denied', id, label: 'Eve', ...ends, deniedAtMs: 3 };
}

async function signed(key: CryptoKey): Promise<readonly number[]> {
  return [...new Uint8Array(await crypto.subtle.sign('HMAC', key, new Uint8Array(8)))];
}

function withoutKey({ ...one }: VerifiedDevice | DeniedPeer): object {
  return { ...one, key: undefined };
}

/** Both are made of plain values in one order. */
function equal(got: unknown, expected: unknown): void {
  const [one, other] = [got, expected].map((value) => JSON.stringify(value, sorted));
  if (one !== other) throw new Error(`expected ${other}, got ${one}`);
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
