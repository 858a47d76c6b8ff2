import {
  PROTOCOL_VERSION,
  type Card,
  type PeerId,
  type Problem,
  type RoomId,
  type RoomSettings,
  type ServerMessage,
  type Welcome,
} from '@peerline/protocol';
import type { ConnectionId, RoomSnapshot } from '../store/room-store.ts';
import { ChangeFeed, type RoomChange } from './change-feed.ts';

/** How a connection is closed: `final` tells the client not to come back by itself. */
export type CloseManner = 'final' | 'retry';

/** Where a member's messages go: its connection, as the rules see it. */
export interface Outlet {
  send(message: ServerMessage): void;
  /** Ends the connection behind what was sent. */
  close(manner: CloseManner): void;
}

export interface Place {
  readonly room: RoomId;
  readonly peer: PeerId;
  readonly card: Card;
  readonly connection: ConnectionId;
  /** The room's door as it is now. */
  readonly settings: () => RoomSettings;
}

/** What concerns one member, or has no place in the order of changes. */
type Aside = Extract<
  ServerMessage,
  { readonly event: 'signal' | 'settings' | 'knock' | 'knock-ended' }
>;
type Delivery = RoomChange | Aside;
type LastWord = { readonly problem: Problem; readonly manner: CloseManner };

type MembershipState =
  /** The connection is being made. What comes for it is held until it had its `welcome`. */
  | {
      readonly kind: 'entering';
      readonly held: Delivery[];
      readonly admitted?: { readonly snapshot: RoomSnapshot; readonly as: 'member' | 'visitor' };
      readonly lastWord?: LastWord;
    }
  /** It is in the lobby: it sees the room, and is not in it. */
  | { readonly kind: 'visiting' }
  | { readonly kind: 'open'; readonly feed: ChangeFeed }
  /** It had its last word; its connection is closing. */
  | { readonly kind: 'expelled' }
  | { readonly kind: 'ended' };

/** Entering takes one turn of the event loop, or one round trip to the store. */
const HELD_MAX = 512;

/** One connection's place in one room. */
export class Membership {
  readonly place: Place;
  readonly #outlet: Outlet;
  #state: MembershipState = { kind: 'entering', held: [] };

  constructor(place: Place, outlet: Outlet) {
    this.place = place;
    this.#outlet = outlet;
  }

  /** Called once it is in, where it was not so from the first (SPEC.md, DOOR4, VISIT4). */
  onAdmitted: (() => void) | undefined;

  /** It stands in front of the door, or is about to come in. */
  get isAdmitted(): boolean {
    return this.#state.kind !== 'entering' || this.#state.admitted !== undefined;
  }

  /** It had its last word, or its connection has ended. */
  get isOver(): boolean {
    return this.#state.kind === 'expelled' || this.#state.kind === 'ended';
  }

  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  get isVisiting(): boolean {
    return this.#state.kind === 'visiting';
  }

  /** It is in the room, or in its lobby. */
  get isTalking(): boolean {
    return this.isOpen || this.isVisiting;
  }

  /** The store has let the peer in; `snapshot` still holds the peer itself. */
  admit(snapshot: RoomSnapshot, as: 'member' | 'visitor' = 'member'): void {
    if (this.#state.kind === 'entering') {
      this.#state = { ...this.#state, admitted: { snapshot, as } };
    }
  }

  /** A visitor comes in: {@link admit} and {@link open} follow, as for anyone. */
  comeIn(): void {
    if (this.#state.kind === 'visiting') this.#state = { kind: 'entering', held: [] };
  }

  /** Ends the waiting of one that was not let in. */
  turnAway(problem: Problem, manner: CloseManner = 'final'): void {
    if (this.#state.kind !== 'entering') return;
    this.#state = { kind: 'expelled' };
    this.#outlet.send({ event: 'problem', data: problem });
    this.#outlet.close(manner);
  }

  /** The connection stands: `welcome`, or `lobby`, goes out first, then what was held (SPEC.md, JOIN4, VISIT1). */
  open({ iceServers, ttlMs }: Pick<Welcome, 'iceServers' | 'ttlMs'>): void {
    const state = this.#state;
    if (state.kind !== 'entering' || state.admitted === undefined) return;
    const { peer, settings } = this.place;
    const { snapshot, as } = state.admitted;
    const { version, peers } = snapshot;
    this.#state =
      as === 'member' ? { kind: 'open', feed: new ChangeFeed(version) } : { kind: 'visiting' };
    this.#outlet.send({
      event: as === 'member' ? 'welcome' : 'lobby',
      data: {
        protocol: PROTOCOL_VERSION,
        version,
        peers: peers.filter((other) => other.peer !== peer),
        settings: settings(),
        iceServers,
        ...(ttlMs !== undefined && { ttlMs }),
      },
    });
    if (state.lastWord !== undefined) {
      this.expel(state.lastWord.problem, state.lastWord.manner);
      return;
    }
    // The welcome told the settings as they are now, which is later than what was held.
    for (const message of state.held) if (message.event !== 'settings') this.deliver(message);
  }

  /** Hands on a change of the room or a signal, or holds it while the `welcome` is still to come. */
  deliver(message: Delivery): void {
    const state = this.#state;
    if (state.kind === 'entering') {
      if (state.held.length < HELD_MAX) state.held.push(message);
      else this.#fail('more came while joining than can be held; join again');
      return;
    }
    if (state.kind === 'visiting') this.#outlet.send(message);
    if (state.kind !== 'open') return;
    if (message.event !== 'joined' && message.event !== 'left') {
      this.#outlet.send(message);
      return;
    }
    const ready = state.feed.push(message);
    if (ready === 'broken') {
      this.#fail('a change of the room was lost; join again');
      return;
    }
    for (const change of ready) this.#outlet.send(change);
  }

  /** Ends it with a last word, behind the `welcome` if that is still to come. */
  expel(problem: Problem, manner: CloseManner): void {
    if (this.#state.kind === 'entering') {
      this.#state = { ...this.#state, lastWord: { problem, manner } };
      return;
    }
    if (this.#state.kind !== 'open' && this.#state.kind !== 'visiting') return;
    this.#state = { kind: 'expelled' };
    this.#outlet.send({ event: 'problem', data: problem });
    this.#outlet.close(manner);
  }

  /** @returns whether it had not ended before */
  end(): boolean {
    if (this.#state.kind === 'ended') return false;
    this.#state = { kind: 'ended' };
    return true;
  }

  #fail(message: string): void {
    this.expel({ code: 'internal', message }, 'retry');
  }
}
