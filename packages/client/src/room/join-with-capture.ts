import type { JoinOptions, MessageMap, Room } from '../api.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { createLocalMedia } from '../media/local-media.ts';
import { FullMediaPlane } from '../peer/full-media-plane.ts';
import { joinRoomWith, networkEnvironment } from './join-room.ts';

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
  return joinRoomWith<M>(options, {
    ...networkEnvironment,
    createLocal: () => createLocalMedia(),
    createPlane: (...wishes) => new FullMediaPlane(...wishes),
    diagnose,
  });
}
