import type { Introduction, PeerId, RoomId } from '@peerline/protocol';

/** Names one connection; a peer that comes back has another one. */
export type ConnectionId = string;

/** The room at one moment. `version` counts its changes of membership (SPEC.md, JOIN4). */
export interface RoomSnapshot {
  readonly version: number;
  /** In the order in which they came. */
  readonly peers: readonly Introduction[];
}

export interface Newcomer extends Introduction {
  /** Which of its connections this is, counted from 1 (SPEC.md, JOIN9); the first unless told. */
  readonly attempt?: number;
}

export type StoreJoin =
  | { readonly kind: 'joined'; readonly snapshot: RoomSnapshot }
  /** The peer was there already, on the connection `previous`; the room has not changed. */
  | {
      readonly kind: 'taken-over';
      readonly previous: ConnectionId;
      readonly snapshot: RoomSnapshot;
    }
  /** The peer is there with the same card by a later attempt (SPEC.md, JOIN9). */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'full' };

export type StoreLeave =
  | { readonly kind: 'left'; readonly version: number }
  /** The peer is not there, or another connection holds its place by now. */
  | { readonly kind: 'not-holder' };

/**
 * Who is in which room. Each call is atomic, also between several servers on one store.
 * A room that has emptied may be forgotten, but its versions never go back.
 */
export interface RoomStore {
  /** @param capacity how many peers the room takes; a takeover needs no further place */
  join(
    room: RoomId,
    newcomer: Newcomer,
    connection: ConnectionId,
    capacity: number,
  ): Promise<StoreJoin>;

  /** Takes the peer out, if it is this connection that holds its place. */
  leave(room: RoomId, peer: PeerId, connection: ConnectionId): Promise<StoreLeave>;

  /** An unknown room is an empty one. */
  members(room: RoomId): Promise<RoomSnapshot>;

  /** The connection that holds the peer's place in the room, if any. */
  locate(room: RoomId, peer: PeerId): Promise<ConnectionId | undefined>;

  /** How many rooms have members. */
  roomCount(): Promise<number>;
}
