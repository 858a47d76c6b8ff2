import type { Clock } from '../base/clock.ts';
import type { SeededRandom } from './random.ts';

export interface Faults {
  /** Probabilities, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  /** What is sent arrives after 1 to this many milliseconds, so that later may overtake earlier. */
  readonly delayMaxMs: number;
}

/** A one-way path that loses, repeats and reorders, by a seed. */
export class FaultyPath<T> {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #deliver: (item: T) => void;
  faults: Faults;

  constructor(clock: Clock, random: SeededRandom, faults: Faults, deliver: (item: T) => void) {
    this.#clock = clock;
    this.#random = random;
    this.faults = faults;
    this.#deliver = deliver;
  }

  send(item: T): void {
    const random = this.#random;
    if (random.chance(this.faults.loss)) return;
    const copies = random.chance(this.faults.duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = 1 + random.integer(this.faults.delayMaxMs);
      this.#clock.setTimeout(() => this.#deliver(structuredClone(item)), delayMs);
    }
  }
}
