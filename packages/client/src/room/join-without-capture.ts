import type { JoinOptions, MessageMap, Room } from '../api.ts';
import type { LobbyOptions, Visit } from '../api-visit.ts';
import { createNoMedia } from '../media/no-media.ts';
import { noMediaPlane } from '../peer/no-media-plane.ts';
import { joinRoomWith, networkEnvironment, type JoinEnvironment } from './join-room.ts';

/** As `joinRoom` of `peerline`, but for data alone: nothing of `local` and `media` is sent or taken. */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, environment());
}

/** As `enterLobby` of `peerline`, but for data alone. */
export async function enterLobby<M extends MessageMap = MessageMap>(
  options: LobbyOptions<M>,
): Promise<Visit<M>> {
  const { enterLobbyWith } = await import('./lobby-visit.ts');
  return await enterLobbyWith<M>(options, environment());
}

function environment(): JoinEnvironment {
  return {
    ...networkEnvironment,
    createLocal: createNoMedia,
    createPlane: () => noMediaPlane,
    // For those few who ask; `peerline` has it at hand, since a broken network loads nothing.
    diagnose: async (subject) => (await import('../diagnosis/diagnose.ts')).diagnose(subject),
  };
}
