/** `peerline/identities`: where a device keeps who was verified, for `joinRoom({ identities })`. */
export type { DeniedPeer, IdentityStore, Remembered, VerifiedDevice } from '../api-verification.ts';
export { openIdentities } from '../verify/indexed-db-identities.ts';
export { createMemoryIdentities } from '../verify/memory-identities.ts';
