import type { JoinRequest, PeerId, RoomId } from '@peerline/protocol';
import type { Membership } from './membership.ts';

/** More than a host could look at; whoever sends more means to be a nuisance. */
const WAITING_MAX = 32;

export interface Waiting {
  readonly membership: Membership;
  readonly request: JoinRequest;
  /** What the host reads; until it came nobody is told of the one who waits. */
  note?: string;
}

/** Those who stand in front of doors, in the order in which they came. */
export class WaitingRooms {
  readonly #rooms = new Map<RoomId, Map<PeerId, Waiting>>();

  /** Who comes again takes its own place. @returns false where too many wait */
  add(waiting: Waiting): boolean {
    const { room, peer } = waiting.membership.place;
    const others = this.#rooms.get(room) ?? new Map<PeerId, Waiting>();
    if (!others.has(peer) && others.size >= WAITING_MAX) return false;
    this.#rooms.set(room, others.set(peer, waiting));
    return true;
  }

  of(room: RoomId): readonly Waiting[] {
    return [...(this.#rooms.get(room)?.values() ?? [])];
  }

  take(room: RoomId, peer: PeerId): Waiting | undefined {
    const waiting = this.#rooms.get(room)?.get(peer);
    this.#remove(room, peer);
    return waiting;
  }

  takeAll(room: RoomId): readonly Waiting[] {
    const all = this.of(room);
    this.#rooms.delete(room);
    return all;
  }

  /** @returns undefined where another connection waits in its place, or none */
  by(membership: Membership): Waiting | undefined {
    const { room, peer } = membership.place;
    const waiting = this.#rooms.get(room)?.get(peer);
    return waiting?.membership === membership ? waiting : undefined;
  }

  #remove(room: RoomId, peer: PeerId): void {
    const others = this.#rooms.get(room);
    others?.delete(peer);
    if (others?.size === 0) this.#rooms.delete(room);
  }
}
