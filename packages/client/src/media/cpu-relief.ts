import type { Clock } from '../base/clock.ts';

/** Encoders say so for a moment whenever something else happens on the machine. */
const LIMITED_FOR_MS = 4_000;
/** A rung has to show what it brings before another one is taken. */
const APART_MS = 8_000;
/** More comes back only behind a time of ease, and behind a longer one each time that it was too much. */
const EASE_MS = 30_000;
const EASE_MAX_MS = 240_000;
const RUNGS_MAX = 3;

/** How many rungs lower pictures are sent, by what the browser says of its encoders (webrtc-stats section 8.4). */
export class CpuRelief {
  readonly #clock: Clock;
  #rungs = 0;
  #changedAtMs: number;
  #limitedSinceMs: number | undefined;
  #limitedAtMs = -Infinity;
  #easeMs = EASE_MS;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#changedAtMs = clock.nowMs();
  }

  get rungs(): number {
    return this.#rungs;
  }

  /** Nothing is left to be given up, and it is still too much. */
  get isSpent(): boolean {
    const sinceMs = this.#limitedSinceMs ?? Infinity;
    return this.#rungs === RUNGS_MAX && this.#clock.nowMs() - sinceMs >= LIMITED_FOR_MS;
  }

  /** A sample of any of the connections. @returns whether `rungs` changed */
  sample(isLimited: boolean): boolean {
    const nowMs = this.#clock.nowMs();
    if (isLimited) {
      this.#limitedAtMs = nowMs;
      this.#limitedSinceMs ??= nowMs;
    } else if (nowMs - this.#limitedAtMs >= LIMITED_FOR_MS) this.#limitedSinceMs = undefined;
    const sinceChangeMs = nowMs - this.#changedAtMs;
    const isTooMuch =
      this.#limitedSinceMs !== undefined && nowMs - this.#limitedSinceMs >= LIMITED_FOR_MS;
    if (isTooMuch && this.#rungs < RUNGS_MAX && sinceChangeMs >= APART_MS) {
      return this.#change(1);
    }
    const restMs = nowMs - Math.max(this.#limitedAtMs, this.#changedAtMs);
    return this.#rungs > 0 && restMs >= this.#easeMs ? this.#change(-1) : false;
  }

  #change(by: 1 | -1): true {
    this.#rungs += by;
    if (by < 0) this.#easeMs = Math.min(this.#easeMs * 2, EASE_MAX_MS);
    this.#changedAtMs = this.#clock.nowMs();
    this.#limitedSinceMs = undefined;
    return true;
  }
}
