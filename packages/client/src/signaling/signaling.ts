import type {
  ClientEvent,
  ClientMessages,
  IceServersUpdate,
  JoinDoor,
  JoinRefusal,
  JoinRequest,
  Joined,
  Knock,
  KnockEnded,
  Left,
  PeerId,
  Problem,
  Relayed,
  RoomSettings,
  Waiting,
  Welcome,
} from '@peerline/protocol';
import type { PeerlineError } from '../base/errors.ts';
import type { TypedEvents } from '../base/events.ts';
import type { TokenSource } from './token-source.ts';

/** Why this side is not in, or not any more: by the server's answer to its join, or by the host's. */
export interface Refusal extends Omit<JoinRefusal, 'code'> {
  readonly code: JoinRefusal['code'] | 'declined' | 'removed';
}

/** Whether signals go through. */
export function isThrough({ status }: SignalingState): boolean {
  return status === 'joined' || status === 'visiting';
}

/** Where the way to the server stands. */
export type SignalingState =
  | { readonly status: 'idle' }
  /** `attempt` counts from 1 and begins again with every connection lost. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'joined' }
  /** In the room's lobby: signals go through, and nobody is told (SPEC.md, VISIT1). */
  | { readonly status: 'visiting' }
  /** The server said no. It is asked again where `retrying`, else this is the end. */
  | { readonly status: 'refused'; readonly refusal: Refusal; readonly retrying: boolean }
  | { readonly status: 'taken-over' }
  | { readonly status: 'closed' };

export interface SignalingEvents {
  state: SignalingState;
  /** In the lobby as well. */
  welcome: Welcome;
  joined: Joined;
  left: Left;
  signal: Relayed;
  problem: Problem;
  'ice-servers': IceServersUpdate;
  /** The host is asked to let this side in. */
  waiting: Waiting;
  settings: RoomSettings;
  knock: Knock;
  'knock-ended': KnockEnded;
  /** A probe was answered. */
  echo: null;
  /** The program gave no token (`token-failed`). It is asked again by and by. */
  'token-failed': PeerlineError;
  /** The server sent what the protocol does not know. */
  garbage: { readonly event: string; readonly message: string };
}

/**
 * The port to a signaling server. An implementation connects, joins with every connection, and
 * reconnects by itself until it is closed, taken over or refused for good. It keeps no messages:
 * what cannot go now is not sent. Contract: `testing/signaling-contract.ts`.
 */
export interface Signaling extends TypedEvents<SignalingEvents> {
  readonly state: SignalingState;
  /**
   * Joins, and joins again with every reconnect. Called once.
   *
   * @param tokens asked for one with each connection, and before the one in use ends
   */
  connect(join: JoinRequest, tokens?: TokenSource): void;
  /** @returns false where there is no joined connection now */
  relay(to: PeerId, body: string): boolean;
  /** Says anything else that a client may. @returns false where there is no connection now */
  say<E extends ClientEvent>(event: E, data: ClientMessages[E]): boolean;
  /** From the lobby: this side comes in, and later connections join (SPEC.md, VISIT4). The welcome follows. */
  comeIn(): void;
  /** What later joins say at the door. */
  reviseDoor(door: JoinDoor): void;
  /** Tells the server and closes for good. */
  leave(): void;
  /** Closes for good without a word: to the others it looks like an outage. */
  drop(): void;
  /** The network may be back or another one: tries at once, or sees whether the connection still holds. */
  retryNow(): void;
  /**
   * There is reason to doubt the network: asks the server whether it still hears us.
   *
   * @param isOnlyWay nothing else leads to anyone, so where it does not answer it is connected to anew
   */
  probe(isOnlyWay?: boolean): void;
  /** A probe is out, or was not answered: what is relayed may go nowhere. */
  readonly isDoubted: boolean;
  /**
   * Nothing comes from anyone any more (or something does again): it may be the network here that is down.
   * A server that does not answer a probe is connected to anew then, and while it cannot be, looked for
   * as often as can be: it has no crowd to fear.
   */
  setCutOff(isCutOff: boolean): void;
}
