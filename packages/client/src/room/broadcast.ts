import type { PeerId } from '@peerline/protocol';
import type { MessageMap, RoomSendOptions, SendOptions } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';

interface Receiver<M extends MessageMap> {
  send<T extends keyof M & string>(type: T, payload: M[T], options?: SendOptions): Promise<void>;
}

/** Sends to everyone of them, or to those who are named. @throws as `Room.send` does */
export async function broadcast<M extends MessageMap, T extends keyof M & string>(
  peers: ReadonlyMap<PeerId, Receiver<M>>,
  type: T,
  payload: M[T],
  { to, ...options }: RoomSendOptions,
): Promise<void> {
  if (to !== undefined) {
    const ids = typeof to === 'string' ? [to] : to;
    await Promise.all(
      ids.map((id) => {
        const peer = peers.get(id);
        if (peer === undefined) throw PeerlineError.peerGone(id);
        return peer.send(type, payload, options);
      }),
    );
    return;
  }
  const sends = [...peers.values()].map((peer) => peer.send(type, payload, options));
  const results = await Promise.allSettled(sends);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    // Who left meanwhile is not "everyone" any more.
    const gone = result.reason instanceof PeerlineError && result.reason.code === 'peer-gone';
    if (!gone) throw result.reason;
  }
}
