import type { IdentityStore, Remembered } from '../api-verification.ts';

/** Keeps who was verified for as long as the program runs. */
export function createMemoryIdentities(): IdentityStore {
  const kept = new Map<string, Remembered>();
  return {
    all: () => Promise.resolve([...kept.values()]),
    put: (remembered) => Promise.resolve(void kept.set(remembered.id, remembered)),
    remove: (id) => Promise.resolve(void kept.delete(id)),
    clear: () => Promise.resolve(kept.clear()),
  };
}
