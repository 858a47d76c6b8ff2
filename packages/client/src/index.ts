import type { JoinOptions, MessageMap, Room } from './api.ts';
import { createLocalMedia } from './media/local-media.ts';
import { joinRoomWith, networkEnvironment } from './room/join-room.ts';

export type * from './api.ts';
export { PeerlineError, type PeerlineErrorCode } from './base/errors.ts';
export type { ListenOptions, TypedEvents } from './base/events.ts';
export { createRoomLink, formatRoomLink, parseRoomLink, type RoomLink } from './link/room-link.ts';
export { createLocalMedia } from './media/local-media.ts';

/**
 * Joins a room, and connects to everyone in it.
 *
 * @returns once the server took us in; the peers known by then are in `room.peers`, their
 *   connections on the way
 * @throws PeerlineError `bad-link`, `bad-presence`, `bad-options`, `insecure-context`,
 *   `webrtc-missing`, `server-unreachable`, `room-full`, `version-unsupported`, `join-refused`,
 *   `aborted`
 */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, { ...networkEnvironment, createLocal: () => createLocalMedia() });
}
