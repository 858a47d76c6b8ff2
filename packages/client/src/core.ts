/** `peerline/core`: the same without camera, microphone and screen capture, for programs that send data. */
import type { JoinOptions, MessageMap, Room } from './api.ts';
import { createNoMedia } from './media/no-media.ts';
import { joinRoomWith, networkEnvironment } from './room/join-room.ts';

export type * from './api.ts';
export { PeerlineError, type PeerlineErrorCode } from './base/errors.ts';
export type { ListenOptions, TypedEvents } from './base/events.ts';
export { createRoomLink, formatRoomLink, parseRoomLink, type RoomLink } from './link/room-link.ts';

/** As `joinRoom` of `peerline`, but `room.local` is there only where `options.local` is given. */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, { ...networkEnvironment, createLocal: createNoMedia });
}
