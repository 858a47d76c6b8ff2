import type { JoinOptions, MessageMap, Room } from '../api.ts';
import { createNoMedia } from '../media/no-media.ts';
import { noMediaPlane } from '../peer/no-media-plane.ts';
import { joinRoomWith, networkEnvironment } from './join-room.ts';

/** As `joinRoom` of `peerline`, but for data alone: nothing of `local` and `media` is sent or taken. */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, {
    ...networkEnvironment,
    createLocal: createNoMedia,
    createPlane: () => noMediaPlane,
    // For those few who ask; `peerline` has it at hand, since a broken network loads nothing.
    diagnose: async (subject) => (await import('../diagnosis/diagnose.ts')).diagnose(subject),
  });
}
