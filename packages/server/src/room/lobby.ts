import type { JoinRequest, PeerId, Problem, RoomId } from '@peerline/protocol';
import type { RoomStore } from '../store/room-store.ts';
import { ByRoom } from './by-room.ts';
import type { RoomChange } from './change-feed.ts';
import type { Door } from './door.ts';
import type { Membership } from './membership.ts';

/** Whoever has not come in by then has forgotten the page; it comes in later all the same, a moment slower. */
const VISIT_MAX_MS = 10 * 60_000;

/** As many as the largest room takes. */
const VISITORS_MAX = 64;

const ENDED: Problem = {
  code: 'visit-ended',
  message: 'the lobby is closed to this client by now; join the room',
};

export interface Visitor {
  readonly membership: Membership;
  readonly request: JoinRequest;
  readonly isHost: boolean;
}

interface Standing extends Visitor {
  /** Whether it would be let in as it is, and so may see who is inside and talk to them. */
  readonly isExpected: boolean;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Those who have not come in yet, and are nobody's business until they do (SPEC.md, section Visits). */
export class Lobby {
  readonly #visitors = new ByRoom<Standing>(VISITORS_MAX);
  readonly #store: RoomStore;

  constructor(store: RoomStore) {
    this.#store = store;
  }

  /**
   * @param door the room's, or what it would be
   * @returns false where there are too many
   * @throws what the store throws
   */
  async enter(visitor: Visitor, door: Door): Promise<boolean> {
    const { membership, request, isHost } = visitor;
    const timer = setTimeout(() => this.#send(membership), VISIT_MAX_MS).unref();
    const isExpected = door.answer(request, isHost).kind === 'enter';
    const { room, peer } = membership.place;
    const former = this.#visitors.at(room, peer);
    // It hears of changes before it is told what there is: so none falls between the two.
    if (!this.#visitors.add({ ...visitor, isExpected, timer })) {
      clearTimeout(timer);
      return false;
    }
    clearTimeout(former?.timer);
    former?.membership.expel(ENDED, 'final');
    const snapshot = await this.#store.members(room);
    membership.admit(isExpected ? snapshot : { ...snapshot, peers: [] }, 'visitor');
    return true;
  }

  /** It is none any more. @returns undefined where it was none */
  leave(membership: Membership): Visitor | undefined {
    const visitor = this.#visitors.by(membership);
    if (visitor === undefined) return undefined;
    clearTimeout(visitor.timer);
    const { room, peer } = membership.place;
    return this.#visitors.take(room, peer);
  }

  /** Whether it may talk to those inside. */
  isExpected(membership: Membership): boolean {
    return this.#visitors.by(membership)?.isExpected ?? false;
  }

  /** Whom those inside may answer. */
  at(room: RoomId, peer: PeerId): Membership | undefined {
    const visitor = this.#visitors.at(room, peer);
    return visitor?.isExpected === true ? visitor.membership : undefined;
  }

  tell(room: RoomId, change: RoomChange): void {
    for (const { membership, isExpected } of this.#visitors.of(room)) {
      if (isExpected) membership.deliver(change);
    }
  }

  /** The door is another one now: whoever would not be let in any more sees nothing any more either. */
  settled(room: RoomId, door: Door): void {
    for (const { membership, request, isHost, isExpected } of this.#visitors.of(room)) {
      if (isExpected && door.answer(request, isHost).kind !== 'enter') this.#send(membership);
    }
  }

  /** The room has another id now. */
  close(room: RoomId): void {
    for (const { membership } of this.#visitors.of(room)) this.#send(membership);
  }

  #send(membership: Membership): void {
    this.leave(membership);
    membership.expel(ENDED, 'final');
  }
}
