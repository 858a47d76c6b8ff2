import type { Clock } from '../base/clock.ts';

/** An offer that has arrived and is not answered in this time is made again (SPEC.md, NEG7). */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * A new connection in the place of one whose offers were not answered gives them twice the time, up to this: a page that
 * is short of power has them all to work through, and more with each that is made again.
 */
const ANSWER_TIMEOUT_MAX_MS = 40_000;

/** An offer younger than this may just not be acknowledged yet; an older one went into a dead path. */
const OVERTAKE_AFTER_MS = 1_500;

export interface PendingOfferOptions {
  readonly negotiation: number;
  readonly iceRestart: boolean;
  readonly clock: Clock;
  /** Whether all that was sent has arrived. */
  readonly isDelivered: () => boolean;
  /** How many before it were not answered: of each connection an offer, and the one that repeats it. */
  readonly unanswered: number;
  /** It arrived, and no answer came. */
  readonly onUnanswered: () => void;
}

/** An offer that is out and not answered yet. */
export class PendingOffer {
  readonly negotiation: number;
  readonly iceRestart: boolean;
  readonly #options: PendingOfferOptions;
  readonly #sentMs: number;
  #cancel: () => void = () => undefined;

  constructor(options: PendingOfferOptions) {
    this.negotiation = options.negotiation;
    this.iceRestart = options.iceRestart;
    this.#options = options;
    this.#sentMs = options.clock.nowMs();
    this.#wait();
  }

  /** It should have arrived long ago, and has not. */
  get isOverdue(): boolean {
    const { clock, isDelivered } = this.#options;
    return clock.nowMs() - this.#sentMs > OVERTAKE_AFTER_MS && !isDelivered();
  }

  /** It is answered, or of no use any more. */
  settle(): void {
    this.#cancel();
  }

  #wait(): void {
    const { clock, isDelivered, unanswered, onUnanswered } = this.#options;
    const waitMs = ANSWER_TIMEOUT_MS * 2 ** Math.floor(unanswered / 2);
    this.#cancel = clock.setTimeout(
      () => {
        // Where nobody has had the chance to answer the path is to blame, and someone else's concern.
        if (isDelivered()) onUnanswered();
        else this.#wait();
      },
      Math.min(waitMs, ANSWER_TIMEOUT_MAX_MS),
    );
  }
}
