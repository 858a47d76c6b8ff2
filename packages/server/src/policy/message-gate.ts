import type { Share } from './shared-budgets.ts';
import { TokenBucket, type BucketLimits } from './token-bucket.ts';

export interface MessageGateLimits {
  /** Messages that are acted on. */
  readonly messages: BucketLimits;
  /** Refusals that are answered; who needs more of them is disconnected. */
  readonly refusals: BucketLimits;
}

export type GateVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse'; readonly retryAfterMs: number }
  | { readonly kind: 'disconnect'; readonly retryAfterMs: number };

/** What may pass on one connection (SPEC.md, RATE1), within what its room may use (RATE2). */
export class MessageGate {
  readonly #messages: TokenBucket;
  readonly #refusals: TokenBucket;
  readonly #ofRoom: Share;

  constructor(limits: MessageGateLimits, ofRoom: Share, nowMs: number) {
    this.#ofRoom = ofRoom;
    this.#messages = new TokenBucket(limits.messages, nowMs);
    this.#refusals = new TokenBucket(limits.refusals, nowMs);
  }

  judge(nowMs: number): GateVerdict {
    const isOwnSpent = !this.#messages.take(nowMs);
    if (!isOwnSpent && this.#ofRoom.take(nowMs)) return { kind: 'pass' };
    const retryAfterMs = (isOwnSpent ? this.#messages : this.#ofRoom).waitMs(nowMs);
    return { kind: this.#refusals.take(nowMs) ? 'refuse' : 'disconnect', retryAfterMs };
  }

  /** The connection has ended. */
  close(): void {
    this.#ofRoom.close();
  }
}
