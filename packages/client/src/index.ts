// Re-exports only: a page that makes a link and joins later loads what joins later.
export type * from './api.ts';
export type * from './api-visit.ts';
export { PeerlineError, type PeerlineErrorCode } from './base/errors.ts';
export type { ListenOptions, TypedEvents } from './base/events.ts';
export { checkConnection, type CheckOptions } from './diagnosis/check-connection.ts';
export type {
  Diagnosis,
  Finding,
  LikelyCause,
  Severity,
  TurnProtocol,
  Verdict,
  VerdictCode,
  WayOut,
} from './diagnosis/verdicts.ts';
export { roomIdOf } from './link/room-id.ts';
export { formatRoomLink, parseRoomLink, type RoomLink } from './link/room-link.ts';
export { createRoomLink } from './link/sayable-link.ts';
export { createLocalMedia } from './media/local-media.ts';
export { enterLobby, joinRoom } from './room/join-with-capture.ts';
