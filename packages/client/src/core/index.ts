/** `peerline/core`: the same without camera, microphone and screen capture, for programs that send data. */
export type * from '../api.ts';
export type * from '../api-visit.ts';
export { PeerlineError, type PeerlineErrorCode } from '../base/errors.ts';
export type { ListenOptions, TypedEvents } from '../base/events.ts';
export type {
  Diagnosis,
  Finding,
  LikelyCause,
  Severity,
  TurnProtocol,
  Verdict,
  VerdictCode,
  WayOut,
} from '../diagnosis/verdicts.ts';
export { createRoomLink, formatRoomLink, parseRoomLink, type RoomLink } from '../link/room-link.ts';
export { enterLobby, joinRoom } from '../room/join-without-capture.ts';
