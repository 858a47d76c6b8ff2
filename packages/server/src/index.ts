export type { AccessGrant, AccessRequest, AccessVerdict, Authorize } from './access/access.ts';
export type { JoinTokenKey, JoinTokenOptions, TokenAlgorithm } from './access/token-options.ts';
export { createServer, type PeerlineServer } from './create-server.ts';
export { StartError, type StartErrorCode } from './errors.ts';
export type { AllowedOrigins } from './gateway/origin.ts';
export type { SharedSecretTurn, TurnServer } from './ice-servers.ts';
export type { Log, LogFields } from './log/log.ts';
export type { ServerOptions, TlsOptions } from './options.ts';
export type { ServerLimits } from './policy/limits.ts';
export type { BucketLimits } from './policy/token-bucket.ts';
export type {
  ConnectionId,
  RoomSnapshot,
  RoomStore,
  StoreJoin,
  StoreLeave,
} from './store/room-store.ts';
