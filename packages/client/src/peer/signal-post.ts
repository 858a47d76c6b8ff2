import type { Envelope } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import type { Way } from '../delivery/mailbox.ts';
import type { SignalWays } from './remote-peer-options.ts';

/** An ICE restart is through within this. */
const DOUBTED_FOR_MS = 3_000;

export interface SignalPostOptions {
  readonly clock: Clock;
  readonly ways: SignalWays;
  /** The pair's own data channel. @returns false where it is not open */
  readonly channel: (envelope: Envelope) => boolean;
  readonly isUp: () => boolean;
  /** Whether the other side was heard over it just now. */
  readonly isSure: () => boolean;
}

/** Chooses the way that an envelope goes. */
export class SignalPost {
  readonly #options: SignalPostOptions;
  #doubtedUntilMs = -Infinity;

  constructor(options: SignalPostOptions) {
    this.#options = options;
  }

  /** An envelope came by another way than the channel. */
  cameByWays({ signal }: Envelope): void {
    const { isUp } = this.#options;
    // Though the channel is well as seen from here, the other side chose otherwise: its end may be dead.
    const isChoice = signal !== undefined && signal.type !== 'candidates';
    if (isUp() && isChoice) this.doubt();
  }

  /** The channel may be slow or dead, as SCTP is behind an outage (RFC 9260 section 6.3.3). */
  doubt(): void {
    this.#doubtedUntilMs = this.#options.clock.nowMs() + DOUBTED_FOR_MS;
  }

  /**
   * In band where the pair is connected: quicker, and nothing for the server to see. Where either side
   * doubts that, the other ways as well; what went in vain goes every way (DELIV2 drops the copies).
   */
  send(envelope: Envelope, way: Way): void {
    const { clock, ways, channel, isUp, isSure } = this.#options;
    const sent = (isUp() || !ways.isOpen()) && channel(envelope);
    if (sent && way === 'channel') return;
    const isDoubted = !isSure() || clock.nowMs() < this.#doubtedUntilMs;
    const all = way === 'every';
    if (!sent || isDoubted || all) ways.send(envelope, { all });
  }
}
