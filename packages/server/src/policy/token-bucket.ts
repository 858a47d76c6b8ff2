/** How many at once, and how many a second in the long run. */
export interface BucketLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket; the time is handed in, so that it holds no timer and no clock. */
export class TokenBucket {
  readonly #limits: BucketLimits;
  #tokens: number;
  #countedAtMs: number;

  constructor(limits: BucketLimits, nowMs: number) {
    this.#limits = limits;
    this.#tokens = limits.burst;
    this.#countedAtMs = nowMs;
  }

  /**
   * @param cost tokens; more than the burst are never there
   * @returns whether they were there; they are gone then
   */
  take(nowMs: number, cost = 1): boolean {
    this.#refill(nowMs);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Takes a cost, or what there is where that is less; a negative one gives back. */
  charge(nowMs: number, cost: number): void {
    this.#refill(nowMs);
    this.#tokens = Math.min(this.#limits.burst, Math.max(0, this.#tokens - cost));
  }

  /** @returns how long until {@link take} succeeds, in whole milliseconds */
  waitMs(nowMs: number, cost = 1): number {
    this.#refill(nowMs);
    if (this.#tokens >= cost) return 0;
    return Math.ceil(((cost - this.#tokens) / this.#limits.perSecond) * 1_000);
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#limits.burst;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
    const gained = (elapsedMs / 1_000) * this.#limits.perSecond;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + gained);
  }
}
