import type { PeerId, RoomId } from '@peerline/protocol';
import type { Membership } from './membership.ts';

interface Placed {
  readonly membership: Membership;
}

/** Connections that belong to a room and are no members of it, in the order in which they came. */
export class ByRoom<T extends Placed> {
  readonly #rooms = new Map<RoomId, Map<PeerId, T>>();
  readonly #maxPerRoom: number;

  constructor(maxPerRoom: number) {
    this.#maxPerRoom = maxPerRoom;
  }

  /** Who comes again takes its own place. @returns false where there are too many */
  add(one: T): boolean {
    const { room, peer } = one.membership.place;
    const others = this.#rooms.get(room) ?? new Map<PeerId, T>();
    if (!others.has(peer) && others.size >= this.#maxPerRoom) return false;
    this.#rooms.set(room, others.set(peer, one));
    return true;
  }

  of(room: RoomId): readonly T[] {
    return [...(this.#rooms.get(room)?.values() ?? [])];
  }

  at(room: RoomId, peer: PeerId): T | undefined {
    return this.#rooms.get(room)?.get(peer);
  }

  take(room: RoomId, peer: PeerId): T | undefined {
    const others = this.#rooms.get(room);
    const one = others?.get(peer);
    others?.delete(peer);
    if (others?.size === 0) this.#rooms.delete(room);
    return one;
  }

  takeAll(room: RoomId): readonly T[] {
    const all = this.of(room);
    this.#rooms.delete(room);
    return all;
  }

  /** @returns undefined where another connection stands in its place, or none */
  by(membership: Membership): T | undefined {
    const { room, peer } = membership.place;
    const one = this.at(room, peer);
    return one?.membership === membership ? one : undefined;
  }
}
