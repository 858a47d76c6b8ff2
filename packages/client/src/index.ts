import type { JoinOptions, MessageMap, Room } from './api.ts';
import { createRoomLink as createNamedLink, type RoomLink } from './link/room-link.ts';
import { sayableName } from './link/sayable-name.ts';
import { createLocalMedia } from './media/local-media.ts';
import { joinRoomWith, networkEnvironment } from './room/join-room.ts';

export type * from './api.ts';
export { PeerlineError, type PeerlineErrorCode } from './base/errors.ts';
export type { ListenOptions, TypedEvents } from './base/events.ts';
export { formatRoomLink, parseRoomLink, type RoomLink } from './link/room-link.ts';
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

/**
 * A new room: a name to be said aloud (or the one given) and a key of 128 random bits, which is what
 * keeps others out. A room that is to last is a `RoomLink` that is kept.
 *
 * @param name `[a-z0-9-]`, 1 to 64 characters
 * @throws PeerlineError `bad-link` for another name
 */
export function createRoomLink(name: string = sayableName()): RoomLink {
  return createNamedLink(name);
}
