import type { JoinOptions, MessageMap, Room } from '../api.ts';
import type { LobbyOptions, Visit } from '../api-visit.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { createLocalMedia } from '../media/local-media.ts';
import { FullMediaPlane } from '../peer/full-media-plane.ts';
import { joinRoomWith, networkEnvironment, type JoinEnvironment } from './join-room.ts';

/**
 * Joins a room, and connects to everyone in it.
 *
 * @returns once the server took us in; the peers known by then are in `room.peers`, their
 *   connections on the way
 * @throws PeerlineError `bad-link`, `bad-presence`, `bad-options`, `insecure-context`,
 *   `webrtc-missing`, `server-unreachable`, `room-full`, `version-unsupported`, `join-refused`,
 *   `not-authorized`, `token-failed`, `aborted`
 */
export function joinRoom<M extends MessageMap = MessageMap>(
  options: JoinOptions<M>,
): Promise<Room<M>> {
  return joinRoomWith<M>(options, environment());
}

/**
 * Stands in front of a room that may be joined in a moment, seen by nobody, and has all ready by then: see
 * `LobbyOptions.connect`. It needs no permission of anyone inside, and shows nothing of this side.
 *
 * @returns at once; whether the server is there tells `visit.state`
 * @throws PeerlineError `bad-link`, `bad-options`, `insecure-context`, `webrtc-missing`
 */
export async function enterLobby<M extends MessageMap = MessageMap>(
  options: LobbyOptions<M>,
): Promise<Visit<M>> {
  const { enterLobbyWith } = await import('./lobby-visit.ts');
  return await enterLobbyWith<M>(options, environment());
}

function environment(): JoinEnvironment {
  return {
    ...networkEnvironment,
    createLocal: () => createLocalMedia(),
    createPlane: (...wishes) => new FullMediaPlane(...wishes),
    diagnose,
  };
}
