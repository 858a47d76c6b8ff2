import type {
  HostMessage,
  JoinRefusal,
  JoinRequest,
  Knock,
  Left,
  PeerId,
  Problem,
  RelayRequest,
  RoomId,
  RoomSettings,
} from '@peerline/protocol';
import { shortId, type Log } from '../log/log.ts';
import type { ConnectionId, RoomStore } from '../store/room-store.ts';
import type { RoomChange } from './change-feed.ts';
import type { Door } from './door.ts';
import { Doors } from './doors.ts';
import { Lobby, type Visitor } from './lobby.ts';
import { WaitingRooms, type Waiting } from './waiting-rooms.ts';
import { Membership, type Outlet } from './membership.ts';
import { provenRoom, provesItsId } from './proof.ts';
import { DECLINED, MOVED, refusal, REMOVED, SHUTTING_DOWN, unknownPeer } from './refusals.ts';

export interface SwitchboardOptions {
  readonly store: RoomStore;
  /** How many peers a room takes (SPEC.md, JOIN8). */
  readonly capacity: number;
  readonly log: Log;
  readonly nowMs: () => number;
}

export type JoinResult =
  /** It is in, or stands in front of the door until the host lets it in (`isAdmitted`). */
  | { readonly kind: 'accepted'; readonly membership: Membership }
  | { readonly kind: 'refused'; readonly refusal: JoinRefusal };

/** Who is in which room, who hears of it, and to whom signals go. It knows no transport. */
export class Switchboard {
  readonly #store: RoomStore;
  readonly #log: Log;
  readonly #doors: Doors;
  readonly #waiting = new WaitingRooms();
  readonly #lobby: Lobby;
  /** The members whose connections this server holds. */
  readonly #rooms = new Map<RoomId, Set<Membership>>();
  readonly #connections = new Map<ConnectionId, Membership>();
  #state: 'open' | 'shut' = 'open';

  constructor(options: SwitchboardOptions) {
    this.#store = options.store;
    this.#log = options.log;
    this.#doors = new Doors(options.capacity, options.nowMs);
    this.#lobby = new Lobby(options.store);
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
  async join(
    connection: ConnectionId,
    asked: JoinRequest,
    outlet: Outlet,
    isHost = false,
  ): Promise<JoinResult> {
    if (this.#state === 'shut') return { kind: 'refused', refusal: SHUTTING_DOWN };
    if (!provesItsId(asked)) {
      return refused('bad-proof', 'the peer id does not follow from the secret (SPEC.md, JOIN3)');
    }
    const room = provenRoom(asked);
    const request = { ...asked, room };
    const { peer, card } = request;
    if (this.#doors.isMoved(room)) return { kind: 'refused', refusal: MOVED };
    const door = request.visit === true ? this.#doors.seen(request) : this.#doors.open(request);
    const answer = door.answer(request, isHost);
    if (answer.kind === 'refuse') return { kind: 'refused', refusal: answer.refusal };
    const settings = (): RoomSettings => (this.#doors.at(room) ?? door).settingsFor(peer);
    const membership = new Membership({ room, peer, card, connection, settings }, outlet);
    if (request.visit === true) return await this.#visit({ membership, request, isHost }, door);
    if (answer.kind === 'enter') return await this.#enter(membership, door, request, isHost);
    const isPlaced = this.#waiting.add({ membership, request });
    if (!isPlaced) return refused('room-full', 'too many people wait to be let in; try later');
    this.#connections.set(connection, membership);
    this.#logTransition('peer waits', membership);
    return { kind: 'accepted', membership };
  }

  async #visit(visitor: Visitor, door: Door): Promise<JoinResult> {
    const { membership } = visitor;
    this.#connections.set(membership.place.connection, membership);
    let isIn = false;
    try {
      isIn = await this.#lobby.enter(visitor, door);
    } finally {
      if (!isIn) {
        this.#lobby.leave(membership);
        this.#detach(membership);
      }
    }
    if (isIn) return { kind: 'accepted', membership };
    return refused('room-full', 'too many are in the lobby; join, or try later');
  }

  async #enter(
    membership: Membership,
    door: Door,
    { attempt = 1 }: JoinRequest,
    isHost: boolean,
  ): Promise<JoinResult> {
    const { room, peer, card } = membership.place;
    const { host } = door;
    // Its own from here on, so that nobody else is the first one as well.
    door.enter(peer, isHost);
    if (host === undefined) this.#lobby.settled(room, door);
    this.#doors.back(room, peer);
    // It listens before it is in the snapshot: so no change falls between the two.
    this.#attach(membership);
    const result = await this.#storeJoin(membership, attempt, door.capacity);
    if (result.kind === 'full' || result.kind === 'overtaken') {
      membership.end();
      this.#detach(membership);
      this.#release(membership, true);
      return result.kind === 'full'
        ? refused(
            'room-full',
            `the room has its ${door.capacity} peers; try again when one has left`,
          )
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
    if (host !== undefined && door.host !== host) this.#hostChanged(room);
    else if (door.host === peer) this.#showWaiting(membership);
    return { kind: 'accepted', membership };
  }

  /**
   * A visitor comes in (SPEC.md, VISIT4).
   *
   * @returns false where it has to join like anyone else, by another connection
   * @throws what the store throws
   */
  async comeIn(membership: Membership): Promise<boolean> {
    const visitor = this.#lobby.leave(membership);
    if (visitor === undefined || this.#state === 'shut') return false;
    const { request, isHost } = visitor;
    if (this.#doors.isMoved(request.room)) return false;
    const door = this.#doors.open(request);
    if (door.answer(request, isHost).kind !== 'enter') return false;
    membership.comeIn();
    const result = await this.#enter(membership, door, request, isHost);
    if (result.kind === 'accepted') membership.onAdmitted?.();
    return result.kind === 'accepted';
  }

  /** One who waits says who is there, and only then the host hears of it (SPEC.md, DOOR4). */
  knock(membership: Membership, note: string): void {
    const waiting = this.#waiting.by(membership);
    if (waiting === undefined) return;
    waiting.note = note;
    const host = this.#host(membership.place.room);
    for (const knock of knocksOf([waiting])) host?.deliver(knock);
  }

  /**
   * Does what a host asks for (SPEC.md, section The door).
   *
   * @returns what to tell whoever sent it when nothing was done
   * @throws what the store throws
   */
  async command(sender: Membership, message: HostMessage): Promise<Problem | undefined> {
    const { room, peer } = sender.place;
    const { event } = message;
    const door = this.#doors.at(room);
    if (door?.host !== peer) {
      return { code: 'not-host', message: 'only the host of the room may do that', event };
    }
    if (message.event === 'settings') {
      if (!door.change(message.data)) {
        return { code: 'bad-message', message: 'capacity: the room cannot be so large', event };
      }
      this.#tellSettings(room, door);
      this.#lobby.settled(room, door);
      return undefined;
    }
    const about = message.data.peer;
    if (message.event === 'remove') {
      if (about === peer) return { code: 'bad-message', message: 'leave instead', event };
      this.#doors.close(room);
      for (const { membership } of this.#waiting.takeAll(room)) this.#turnAway(membership, MOVED);
      this.#lobby.close(room);
      for (const member of this.#rooms.get(room) ?? []) {
        if (member.place.peer === about) member.expel(REMOVED, 'final');
      }
      return undefined;
    }
    const waiting = this.#waiting.take(room, about);
    if (waiting === undefined) return { ...unknownPeer(about), event };
    const { membership, request } = waiting;
    if (message.event === 'decline') {
      this.#turnAway(membership, DECLINED);
      return undefined;
    }
    const result = await this.#enter(membership, door, request, false);
    if (result.kind === 'accepted') membership.onAdmitted?.();
    else membership.turnAway({ code: 'declined', message: result.refusal.message });
    return undefined;
  }

  /**
   * Carries a signal (SPEC.md, RELAY1–RELAY4).
   *
   * @returns what to tell the sender when nothing was carried
   * @throws what the store throws
   */
  async relay(sender: Membership, request: RelayRequest): Promise<Problem | undefined> {
    const receiver = await this.#receiver(sender, request.to);
    const { isVisiting, isTalking, place } = sender;
    if (!isTalking) return undefined;
    if (receiver === undefined) return unknownPeer(request.to);
    const { peer: from, card } = place;
    const data = { from, body: request.body, ...(isVisiting && { card }) };
    receiver.deliver({ event: 'signal', data });
    return undefined;
  }

  /** Visitors do not know of each other. What one says to itself comes back to it (SPEC.md, RELAY6). */
  async #receiver(sender: Membership, to: PeerId): Promise<Membership | undefined> {
    const { room, peer } = sender.place;
    if (sender.isVisiting && to === peer) return sender;
    if (sender.isVisiting && !this.#lobby.isExpected(sender)) return undefined;
    const connection = await this.#store.locate(room, to);
    const member = connection === undefined ? undefined : this.#connections.get(connection);
    return member ?? (sender.isVisiting ? undefined : this.#lobby.at(room, to));
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
    if (this.#lobby.leave(membership) !== undefined) return;
    if (this.#waiting.by(membership) !== undefined) {
      this.#waiting.take(room, peer);
      this.#host(room)?.deliver({ event: 'knock-ended', data: { peer } });
      return;
    }
    const result = await this.#store.leave(room, peer, connection);
    if (result.kind === 'not-holder') {
      // Its successor may have gone before it.
      this.#release(membership, reason === 'left');
      return;
    }
    this.#logTransition('peer left', membership, { reason });
    // With the server going down nobody has left: the others will all be back with the next one.
    if (this.#state === 'shut') return;
    this.#tellOthers(membership, {
      event: 'left',
      data: { peer, version: result.version, reason },
    });
    this.#release(membership, reason === 'left');
  }

  /** From now on every join is refused; all members are told and sent away. */
  shutDown(): void {
    if (this.#state === 'shut') return;
    this.#state = 'shut';
    this.#doors.shutDown();
    for (const membership of [...this.#connections.values()]) {
      if (membership.isAdmitted) membership.expel(SHUTTING_DOWN, 'retry');
      else membership.turnAway(SHUTTING_DOWN, 'retry');
    }
  }

  #turnAway(membership: Membership, problem: Problem): void {
    this.#detach(membership);
    membership.turnAway(problem);
  }

  /** The peer's place is kept no longer than that, unless it is back by another connection. */
  #release({ place: { room, peer } }: Membership, isForGood: boolean): void {
    const isBack = [...(this.#rooms.get(room) ?? [])].some(
      (other) => other.place.peer === peer && !other.isOver,
    );
    if (isBack) return;
    this.#doors.left(room, peer, isForGood, {
      onHost: () => this.#hostChanged(room),
      // Nobody is left who could let them in; who comes again is the first one.
      onEmpty: () => {
        for (const one of this.#waiting.takeAll(room)) this.#turnAway(one.membership, DECLINED);
      },
    });
  }

  #host(room: RoomId): Membership | undefined {
    const host = this.#doors.at(room)?.host;
    const members = [...(this.#rooms.get(room) ?? [])];
    // Of two connections in the moment of a takeover, the later one.
    return members.findLast(({ place }) => place.peer === host);
  }

  #hostChanged(room: RoomId): void {
    const door = this.#doors.at(room);
    if (door === undefined) return;
    this.#tellSettings(room, door);
    const host = this.#host(room);
    if (host !== undefined) this.#showWaiting(host);
  }

  #showWaiting(host: Membership): void {
    for (const knock of knocksOf(this.#waiting.of(host.place.room))) host.deliver(knock);
  }

  #tellSettings(room: RoomId, door: Door): void {
    for (const member of this.#rooms.get(room) ?? []) {
      member.deliver({ event: 'settings', data: door.settingsFor(member.place.peer) });
    }
  }

  async #storeJoin(
    membership: Membership,
    attempt: number,
    capacity: number,
  ): ReturnType<RoomStore['join']> {
    const { room, peer, card, connection } = membership.place;
    try {
      return await this.#store.join(room, { peer, card, attempt }, connection, capacity);
    } catch (error) {
      membership.end();
      this.#detach(membership);
      this.#release(membership, true);
      throw error;
    }
  }

  #tellOthers(origin: Membership, change: RoomChange): void {
    for (const other of this.#rooms.get(origin.place.room) ?? []) {
      if (other !== origin) other.deliver(change);
    }
    this.#lobby.tell(origin.place.room, change);
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

function refused(...why: Parameters<typeof refusal>): JoinResult {
  return { kind: 'refused', refusal: refusal(...why) };
}

function knocksOf(
  waiting: readonly Waiting[],
): readonly { readonly event: 'knock'; readonly data: Knock }[] {
  return waiting.flatMap(({ membership: { place }, note }) =>
    note === undefined
      ? []
      : [{ event: 'knock', data: { peer: place.peer, card: place.card, note } }],
  );
}
