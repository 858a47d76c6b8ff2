export { FakeClock, settle } from './fake-clock.ts';
export { FAKE_DEVICES, FakeMediaPlatform, FakeStream, FakeTrack } from './fake-media.ts';
export { MemorySignaling, MemorySwitchboard } from './memory-signaling.ts';
export { RoomSeal } from '../seal/room-seal.ts';
export type { PairSealing } from '../seal/sealing.ts';
export { SocketIoSignaling } from '../signaling/socket-io.ts';
export type { Signaling } from '../signaling/signaling.ts';
export {
  signalingContract,
  type ContractCase,
  type SignalingHarness,
} from './signaling-contract.ts';
export { identitiesContract, type IdentitiesCase } from './identities-contract.ts';
