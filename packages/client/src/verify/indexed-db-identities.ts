import type { IdentityStore, Remembered } from '../api-verification.ts';
import { PeerlineError } from '../base/errors.ts';

const STORE = 'remembered';

/**
 * Keeps who was verified in the browser's IndexedDB, for this origin. The keys are stored as they are, not
 * extractable; no script can read their bytes.
 *
 * @param name of the database
 * @returns once the database is open
 * @throws PeerlineError `identities-unavailable` where the browser gives the page none
 */
export async function openIdentities(name = 'peerline-identities'): Promise<IdentityStore> {
  const database = await open(name);
  const run = async <T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    const request = ask(transaction.objectStore(STORE));
    await settled(transaction);
    return request.result;
  };
  return {
    // Nobody else writes here; what an older version wrote in another form would be told apart by `kind`.
    all: async () => {
      const found: unknown[] = await run('readonly', (store) => store.getAll());
      return found.filter(isRemembered);
    },
    put: async (remembered) => {
      await run('readwrite', (store) => store.put(remembered));
    },
    remove: (id) => run('readwrite', (store) => store.delete(id)),
    clear: () => run('readwrite', (store) => store.clear()),
  };
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const message = 'IndexedDB cannot be used here; who is verified is not remembered';
      reject(new PeerlineError('identities-unavailable', message, { cause }));
    };
    try {
      // Missing altogether in some surroundings, and throws in others.
      const request = indexedDB.open(name, 1);
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore(STORE, { keyPath: 'id' });
      });
      request.addEventListener('success', () => {
        const database = request.result;
        // Another tab deletes it, or has a newer version: it must not wait for this one.
        database.addEventListener('versionchange', () => database.close());
        resolve(database);
      });
      request.addEventListener('error', () => fail(request.error));
    } catch (error) {
      fail(error);
    }
  });
}

function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      const message = 'IndexedDB did not keep it; is there room on the disk?';
      const options = { cause: transaction.error };
      reject(new PeerlineError('identities-unavailable', message, options));
    };
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('error', fail);
    transaction.addEventListener('abort', fail);
  });
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'denied') return true;
  return value.kind === 'verified' && 'key' in value && value.key instanceof CryptoKey;
}
