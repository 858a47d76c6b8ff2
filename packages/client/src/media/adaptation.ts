import type { RoomPressure } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { CpuRelief } from './cpu-relief.ts';
import { MachinePressure } from './machine-pressure.ts';
import { pictureLimits, type PictureFacts, type PictureLimits } from './picture-limits.ts';

/** Sends pictures as they are shown, as the room is large, and as this machine bears it. */
export class Adaptation {
  readonly #relief: CpuRelief;
  readonly #pressure: MachinePressure;

  constructor(clock: Clock, onPressure: (pressure: RoomPressure) => void) {
    this.#relief = new CpuRelief(clock);
    const { document } = globalThis as Partial<typeof globalThis>;
    this.#pressure = new MachinePressure(
      clock,
      () => document?.visibilityState === 'hidden',
      onPressure,
    );
  }

  get pressure(): RoomPressure {
    return this.#pressure.state;
  }

  /** @param isLimited what an encoder of some connection says; @returns whether limits changed */
  sample(isLimited: boolean): boolean {
    const isChanged = this.#relief.sample(isLimited);
    this.#pressure.encoders(this.#relief.isSpent);
    return isChanged;
  }

  /** @param receivers how many there are now: with nobody there is nothing to keep up with */
  watch(receivers: number): void {
    if (receivers > 0) this.#pressure.start();
    else this.#pressure.stop();
  }

  limits(facts: Omit<PictureFacts, 'relief'>): PictureLimits {
    return pictureLimits({ ...facts, relief: this.#relief.rungs });
  }
}
