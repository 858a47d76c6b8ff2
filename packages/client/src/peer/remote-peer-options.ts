import type { Control, Envelope, MediaState, PeerId, PresenceUpdate } from '@peerline/protocol';
import type {
  Payload,
  PeerVerification,
  RoomProblem,
  RtcEnvironment,
  Verification,
} from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Happening } from '../base/happening.ts';
import type { MediaPlane, SharedTracks } from './media-plane.ts';
import type { Extras } from './negotiator-options.ts';
import type { RecoveryPolicy } from './recovery.ts';

/** A word on the data channel is out within a few milliseconds, and over a slow link within this. */
export const BYE_LINGER_MS = 200;

/** The ways to the other side that are not the pair's own connection. */
export interface SignalWays {
  /** Whether any of them leads there now, as far as is known. */
  isOpen(): boolean;
  /** Hands an envelope to the best of them. @param all to every one, since the best may be dead */
  send(envelope: Envelope, options: { readonly all: boolean }): void;
  /** The other side asks for an envelope to be handed on, or hands one on (SPEC.md, FWD1, FWD3). */
  carry(control: Extract<Control, { type: 'forward' | 'forwarded' }>): void;
}

/** The pair's end of the comparison of words, and what came of it (SPEC.md, sections Words and Identity). */
export interface PairVerification {
  state(): PeerVerification;
  verify(): Promise<Verification>;
  take(happening: Happening): void;
  close(): void;
}

/** What the other side gets and learns of this one: nothing while either is in the lobby (SPEC.md, VISIT5). */
export interface Share extends SharedTracks {
  media(): MediaState;
  presence(): PresenceUpdate;
}

/** What only a host says. */
export type DoorControl = Extract<Control, { type: 'rekey' | 'mute-request' }>;

export interface RemotePeerOptions {
  readonly selfId: PeerId;
  readonly id: PeerId;
  /** Grows with each object made for the same id (SPEC.md, DELIV4). */
  readonly epoch: number;
  readonly clock: Clock;
  /** Another number with each address that this side may have got. */
  readonly address: () => number;
  readonly rtc: RtcEnvironment;
  readonly configuration: () => RTCConfiguration;
  readonly policy: RecoveryPolicy;
  readonly share: Share;
  readonly plane: MediaPlane;
  readonly messageMaxBytes: number;
  readonly ways: SignalWays;
  readonly verification: PairVerification;
  readonly onMessage: (type: string, payload: Payload) => void;
  /** The peer says something that is for the host alone (SPEC.md, DOOR6, DOOR7). */
  readonly onDoor: (control: DoorControl) => void;
  /** The peer, a visitor so far, says that it is in (SPEC.md, VISIT5). */
  readonly onEnter: () => void;
  /** The peer said that it leaves. */
  readonly onBye: () => void;
  /** How the pair's own connection does: see `Pulse`. */
  readonly onPulse: () => void;
  /** Something came behind a silence, though ICE may not have found the path again: there is a network. */
  readonly onSign: () => void;
  /** Nothing came for a moment, though it should have: is it this machine that nobody reaches? */
  readonly onDoubt: () => void;
  /** The connection is not the one that was agreed on; it is not tried again. */
  readonly onImpostor: () => void;
  readonly onTrouble: (message: string, code?: RoomProblem['code']) => void;
}

export function extrasOf({ plane, share }: RemotePeerOptions): Extras {
  return { terms: plane.terms, media: share.media(), presence: share.presence() };
}

/** A control message that is the room's business, not the pair's. */
export function handOver(control: Control, options: RemotePeerOptions): void {
  switch (control.type) {
    case 'refuse':
      return options.onTrouble(`message ${control.message} refused: ${control.code}`);
    case 'forward':
    case 'forwarded':
      return options.ways.carry(control);
    case 'words':
    case 'identity':
      return options.verification.take(control);
    case 'rekey':
    case 'mute-request':
      return options.onDoor(control);
    case 'enter':
      return options.onEnter();
    case 'bye':
      return options.onBye();
    default: // the pair, or its messenger, dealt with it
  }
}
