import type { JoinOptions, MessageMap, Room } from '../api.ts';
import { createNoMedia } from '../media/no-media.ts';
import { joinRoomWith, networkEnvironment } from './join-room.ts';

/** As `joinRoom` of `peerline`, but `room.local` is there only where `options.local` is given. */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, { ...networkEnvironment, createLocal: createNoMedia });
}
