import type { PeerId, RoomAccess, Source } from '@peerline/protocol';
import type { TypedEvents } from './base/events.ts';
import type { RoomLink } from './link/room-link.ts';

export type { RoomAccess };

/** How one asks to be let in; a part of `JoinOptions`. */
export interface AskOptions {
  /** How the room is to be, where nobody is in it: `open` unless told. In the rooms of others it says nothing. */
  readonly access?: RoomAccess;
  /** The room's, where it has one; the one that it gets, where nobody is in it. At least one character. */
  readonly password?: string;
  /** The host is being asked; the join comes about, or fails with `declined`, by what the answer is. */
  readonly onWaiting?: () => void;
}

/** Someone who asks to be let in. */
export interface Knock {
  readonly id: PeerId;
  /** As that person says; not checked by anyone. */
  readonly name: string;
  /** @throws PeerlineError `server-unreachable` */
  admit(): Promise<void>;
  /** @throws PeerlineError `server-unreachable` */
  decline(): Promise<void>;
}

export interface AdmissionEvents {
  /** Access, password or size are others now. */
  access: RoomAccess;
  host: PeerId;
  /** To the host: someone asks to be let in. `on('knock')` replays those who wait. */
  knock: Knock;
  /** Someone who asked is answered, or gave up. */
  knockended: Knock;
  /** The room has another link from now on, since someone was removed. The old one leads nowhere. */
  link: RoomLink;
  /** The host asks that this side turn a source off. Nothing is done by itself. */
  muterequest: { readonly from: PeerId; readonly source: Source };
}

/**
 * Who may be in the room, and who decides that. The host is whoever was there first, then whoever came next;
 * the server holds everyone to that (SPEC.md, section The door). What only the host may do fails with
 * `not-host` for others.
 */
export interface RoomAdmission extends TypedEvents<AdmissionEvents> {
  readonly access: RoomAccess;
  readonly hasPassword: boolean;
  /** How many the room takes, this peer included. */
  readonly capacity: number;
  /** The most that `capacity` may be. */
  readonly capacityMax: number;
  readonly host: PeerId;
  readonly isHost: boolean;
  /** In the order in which they came; empty for all but the host. */
  readonly waiting: readonly Knock[];
  /** @throws PeerlineError `not-host`, `server-unreachable` */
  setAccess(access: RoomAccess): Promise<void>;
  /**
   * @param password undefined for none; those inside stay in
   * @throws PeerlineError `not-host`, `server-unreachable`, `bad-options`
   */
  setPassword(password: string | undefined): Promise<void>;
  /** @throws PeerlineError `not-host`, `server-unreachable`, `bad-options` */
  setCapacity(capacity: number): Promise<void>;
  /**
   * Takes a peer out for good: it is told, everyone else goes on under a new link (`link`) without a gap, and
   * the old link opens nothing any more.
   *
   * @throws PeerlineError `not-host`, `peer-gone`, `server-unreachable`
   */
  remove(peer: PeerId): Promise<void>;
  /** @throws PeerlineError `not-host`, `peer-gone` */
  requestMute(peer: PeerId, source?: Source): Promise<void>;
}
