import type { Clock } from '../base/clock.ts';
import { CpuRelief } from './cpu-relief.ts';
import { pictureLimits, type PictureFacts, type PictureLimits } from './picture-limits.ts';

/** Sends pictures as they are shown, as the room is large, and as this machine bears it. */
export class Adaptation {
  readonly #relief: CpuRelief;

  constructor(clock: Clock) {
    this.#relief = new CpuRelief(clock);
  }

  /** @param isLimited what an encoder of some connection says; @returns whether limits changed */
  sample(isLimited: boolean): boolean {
    return this.#relief.sample(isLimited);
  }

  limits(facts: Omit<PictureFacts, 'relief'>): PictureLimits {
    return pictureLimits({ ...facts, relief: this.#relief.rungs });
  }
}
