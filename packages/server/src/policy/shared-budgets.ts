import { TokenBucket, type BucketLimits } from './token-bucket.ts';

/** What one participant of a group may still use. */
export interface Share {
  /** @returns whether it was there; it is used then */
  take(nowMs: number, cost?: number): boolean;
  /** @returns how long until {@link take} succeeds, in milliseconds */
  waitMs(nowMs: number, cost?: number): number;
  /** The participant has gone. */
  close(): void;
}

interface Group {
  readonly common: TokenBucket;
  participants: number;
}

/**
 * A budget for each group, half of it in equal shares that nobody else can use up, half for whoever comes
 * first. So one participant who floods takes what the group has in common, and no more.
 *
 * Groups last as long as they have participants, so memory is bounded by the number of those.
 */
export class SharedBudgets {
  readonly #half: BucketLimits;
  readonly #own: BucketLimits;
  readonly #groups = new Map<string, Group>();

  /** @param participantsMax of one group: so many shares its half is divided into */
  constructor(limits: BucketLimits, participantsMax: number) {
    this.#half = { burst: limits.burst / 2, perSecond: limits.perSecond / 2 };
    this.#own = {
      burst: Math.max(1, this.#half.burst / participantsMax),
      perSecond: this.#half.perSecond / participantsMax,
    };
  }

  get size(): number {
    return this.#groups.size;
  }

  open(key: string, nowMs: number): Share {
    const group = this.#groups.get(key) ?? {
      common: new TokenBucket(this.#half, nowMs),
      participants: 0,
    };
    group.participants += 1;
    this.#groups.set(key, group);
    const own = new TokenBucket(this.#own, nowMs);
    let isOpen = true;
    return {
      take: (now, cost) => own.take(now, cost) || group.common.take(now, cost),
      waitMs: (now, cost) => Math.min(own.waitMs(now, cost), group.common.waitMs(now, cost)),
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        group.participants -= 1;
        if (group.participants === 0) this.#groups.delete(key);
      },
    };
  }
}
