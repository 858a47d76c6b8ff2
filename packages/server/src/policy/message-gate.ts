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

/** What may pass on one connection (SPEC.md, RATE1). */
export class MessageGate {
  readonly #messages: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor(limits: MessageGateLimits, nowMs: number) {
    this.#messages = new TokenBucket(limits.messages, nowMs);
    this.#refusals = new TokenBucket(limits.refusals, nowMs);
  }

  judge(nowMs: number): GateVerdict {
    if (this.#messages.take(nowMs)) return { kind: 'pass' };
    const retryAfterMs = this.#messages.waitMs(nowMs);
    return { kind: this.#refusals.take(nowMs) ? 'refuse' : 'disconnect', retryAfterMs };
  }
}
