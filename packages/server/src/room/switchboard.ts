import type {
  JoinRefusal,
  JoinRequest,
  Left,
  PeerId,
  Problem,
  RelayRequest,
  RoomId,
} from '@peerline/protocol';
import { shortId, type Log } from '../log/log.ts';
import type { ConnectionId, RoomStore } from '../store/room-store.ts';
import type { RoomChange } from './change-feed.ts';
import { Membership, type Outlet } from './membership.ts';
import { provesItsId } from './proof.ts';

export interface SwitchboardOptions {
  readonly store: RoomStore;
  /** How many peers a room takes (SPEC.md, JOIN8). */
  readonly capacity: number;
  readonly log: Log;
}

export type JoinResult =
  | { readonly kind: 'accepted'; readonly membership: Membership }
  | { readonly kind: 'refused'; readonly refusal: JoinRefusal };

/** Clients that were told to come back should find the next server process up. */
const RETRY_AFTER_SHUTDOWN_MS = 1_000;

const SHUTTING_DOWN = {
  code: 'shutting-down',
  message: 'the server is shutting down; join again when it is back',
  retryAfterMs: RETRY_AFTER_SHUTDOWN_MS,
} as const;

/** Who is in which room, who hears of it, and to whom signals go. It knows no transport. */
export class Switchboard {
  readonly #store: RoomStore;
  readonly #capacity: number;
  readonly #log: Log;
  /** The members whose connections this server holds. */
  readonly #rooms = new Map<RoomId, Set<Membership>>();
  readonly #connections = new Map<ConnectionId, Membership>();
  #state: 'open' | 'shut' = 'open';

  constructor(options: SwitchboardOptions) {
    this.#store = options.store;
    this.#capacity = options.capacity;
    this.#log = options.log;
  }

  get memberCount(): number {
    return this.#connections.size;
  }

  /**
   * Takes a peer in. From here on the membership holds what comes for it; `open` follows when the
   * connection stands, or {@link end} when it never will.
   *
   * @throws what the store throws
   */
  async join(connection: ConnectionId, request: JoinRequest, outlet: Outlet): Promise<JoinResult> {
    if (this.#state === 'shut') return { kind: 'refused', refusal: SHUTTING_DOWN };
    if (!provesItsId(request)) {
      return refused('bad-proof', 'the peer id does not follow from the secret (SPEC.md, JOIN3)');
    }
    const { room, peer, card, attempt = 1 } = request;
    const capacity = this.#capacity;
    const membership = new Membership({ room, peer, card, connection, capacity }, outlet);
    // It listens before it is in the snapshot: so no change falls between the two.
    this.#attach(membership);
    const result = await this.#storeJoin(membership, attempt);
    if (result.kind === 'full' || result.kind === 'overtaken') {
      membership.end();
      this.#detach(membership);
      return result.kind === 'full'
        ? refused('room-full', `the room has its ${capacity} peers; try again when one has left`)
        : refused('overtaken', 'this peer has joined by a later connection already');
    }
    membership.admit(result.snapshot);
    if (result.kind === 'taken-over') {
      this.#logTransition('peer taken over', membership);
      this.#connections
        .get(result.previous)
        ?.expel(
          { code: 'taken-over', message: 'this peer has joined again on another connection' },
          'final',
        );
    } else {
      this.#logTransition('peer joined', membership);
      const { version } = result.snapshot;
      this.#tellOthers(membership, { event: 'joined', data: { peer, card, version } });
    }
    return { kind: 'accepted', membership };
  }

  /**
   * Carries a signal (SPEC.md, RELAY1–RELAY4).
   *
   * @returns what to tell the sender when nothing was carried
   * @throws what the store throws
   */
  async relay(sender: Membership, request: RelayRequest): Promise<Problem | undefined> {
    const { room, peer: from } = sender.place;
    const connection = await this.#store.locate(room, request.to);
    const target = connection === undefined ? undefined : this.#connections.get(connection);
    if (!sender.isOpen) return undefined;
    if (target === undefined) return unknownPeer(request.to);
    target.deliver({ event: 'signal', data: { from, body: request.body } });
    return undefined;
  }

  /**
   * Ends a membership and tells the others. Calling it again changes nothing.
   *
   * @throws what the store throws; this server has forgotten the membership even then
   */
  async end(membership: Membership, reason: Left['reason']): Promise<void> {
    if (!membership.end()) return;
    this.#detach(membership);
    const { room, peer, connection } = membership.place;
    const result = await this.#store.leave(room, peer, connection);
    if (result.kind === 'not-holder') return;
    this.#logTransition('peer left', membership, { reason });
    // With the server going down nobody has left: the others will all be back with the next one.
    if (this.#state === 'shut') return;
    this.#tellOthers(membership, {
      event: 'left',
      data: { peer, version: result.version, reason },
    });
  }

  /** From now on every join is refused; all members are told and sent away. */
  shutDown(): void {
    if (this.#state === 'shut') return;
    this.#state = 'shut';
    for (const membership of [...this.#connections.values()]) {
      membership.expel(SHUTTING_DOWN, 'retry');
    }
  }

  async #storeJoin(membership: Membership, attempt: number): ReturnType<RoomStore['join']> {
    const { room, peer, card, connection, capacity } = membership.place;
    try {
      return await this.#store.join(room, { peer, card, attempt }, connection, capacity);
    } catch (error) {
      membership.end();
      this.#detach(membership);
      throw error;
    }
  }

  #tellOthers(origin: Membership, change: RoomChange): void {
    for (const other of this.#rooms.get(origin.place.room) ?? []) {
      if (other !== origin) other.deliver(change);
    }
  }

  #attach(membership: Membership): void {
    const { room, connection } = membership.place;
    const members = this.#rooms.get(room) ?? new Set();
    members.add(membership);
    this.#rooms.set(room, members);
    this.#connections.set(connection, membership);
  }

  #detach(membership: Membership): void {
    const { room, connection } = membership.place;
    this.#connections.delete(connection);
    const members = this.#rooms.get(room);
    members?.delete(membership);
    if (members?.size === 0) this.#rooms.delete(room);
  }

  #logTransition(transition: string, membership: Membership, more: object = {}): void {
    const { room, peer } = membership.place;
    this.#log.info({ room: shortId(room), peer: shortId(peer), ...more }, transition);
  }
}

function refused(code: JoinRefusal['code'], message: string): JoinResult {
  return { kind: 'refused', refusal: { code, message } };
}

/** One answer for everyone who is not in the sender's room, wherever else that may be. */
function unknownPeer(peer: PeerId): Problem {
  return { code: 'unknown-peer', message: 'no such peer in this room', event: 'signal', peer };
}
