import { TokenBucket, type BucketLimits } from './token-bucket.ts';

/** One token bucket for each key, in bounded memory. */
export class KeyedBuckets {
  readonly #limits: BucketLimits;
  readonly #keysMax: number;
  /** In the order of last use, the longest unused one first. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limits: BucketLimits, keysMax: number) {
    this.#limits = limits;
    this.#keysMax = keysMax;
  }

  /** @returns 0 when the key may go on, else how long it has to wait, in milliseconds */
  take(key: string, nowMs: number): number {
    const bucket = this.#use(key, nowMs);
    return bucket.take(nowMs) ? 0 : bucket.waitMs(nowMs);
  }

  /** Takes what is there of a cost. */
  charge(key: string, nowMs: number, cost: number): void {
    this.#use(key, nowMs).charge(nowMs, cost);
  }

  /** Whether something is there for the key. */
  has(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key);
    return bucket === undefined || bucket.waitMs(nowMs) === 0;
  }

  /** What was taken was not for that. */
  giveBack(key: string, nowMs: number): void {
    this.#use(key, nowMs).charge(nowMs, -1);
  }

  #use(key: string, nowMs: number): TokenBucket {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#limits, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#shrink(nowMs);
    return bucket;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * A full bucket says nothing that a new one would not say, so those go first. When memory is short
   * the longest unused goes even if it is not full: better a stranger let in than no bound.
   */
  #shrink(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#buckets.size <= this.#keysMax && !bucket.isFull(nowMs)) return;
      if (this.#buckets.size <= 1) return;
      this.#buckets.delete(key);
    }
  }
}
