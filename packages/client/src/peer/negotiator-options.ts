import type { Description, Signal } from '@peerline/protocol';
import type { RoomProblem } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Connection } from './connection.ts';

/** What a description carries beside the SDP. */
export type Extras = Pick<Description, 'terms' | 'media' | 'presence'>;

export interface NegotiatorOptions {
  /** Who makes the offers of the pair (SPEC.md, NEG1). */
  readonly role: 'offerer' | 'answerer';
  readonly clock: Clock;
  /** Another number with each address that this side may have got. */
  readonly address: () => number;
  /** Whether anything comes from the other side. */
  readonly isHeard: () => boolean;
  /** @param voidsEarlier what was sent before and has not arrived need not be sent any more */
  readonly send: (signal: Signal, options?: { readonly voidsEarlier: boolean }) => void;
  /** Whether all that was sent has arrived. */
  readonly isDelivered: () => boolean;
  /** Makes the connection of a generation; the negotiator closes it. */
  readonly open: (generation: number) => Connection;
  /** Brings the connection's transceivers in line with preferences and local tracks. */
  readonly prepare: (
    connection: Connection,
    stage: 'before-offer' | 'before-answer',
  ) => Promise<void>;
  readonly extras: () => Extras;
  /** The other side's description is about to be applied. @returns the SDP to apply */
  readonly onDescription: (description: Description) => string;
  /** Offer and answer are applied; `answer` is the answer's SDP. */
  readonly onNegotiated: (connection: Connection, answer: string) => void;
  /** The other side or the browser refused something; a way on is already being taken. */
  readonly onTrouble: (message: string, code?: RoomProblem['code']) => void;
}
