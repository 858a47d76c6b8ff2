/** The ways reorder and copy: what is further behind than this was overtaken by far too much (SEAL6). */
const WIDTH = 1_024;

/** Tells counters that come for the first time from those that came before. */
export class ReplayWindow {
  #highest = 0;
  readonly #seen = new Set<number>();

  /** @returns false for one that was taken already, or that is too far behind to tell */
  take(counter: number): boolean {
    if (counter <= this.#highest - WIDTH || this.#seen.has(counter)) return false;
    this.#seen.add(counter);
    if (counter > this.#highest) {
      this.#highest = counter;
      for (const old of this.#seen) if (old <= counter - WIDTH) this.#seen.delete(old);
    }
    return true;
  }
}
