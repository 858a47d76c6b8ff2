import type { RoomPressure } from '../api.ts';
import type { Clock } from '../base/clock.ts';

/** Often enough for ten seconds to tell, and nothing beside what a call costs. */
const LOOK_MS = 500;
/** What a person notices of a page that is late: presses, and sound that is picked up too late. */
const LATE_MS = 100;
/** Of the last ten seconds. */
const LOOKS = 20;
/** Half of them late is no hiccup; it is over when hardly any is. */
const SERIOUS_LATE = 10;
const NOMINAL_LATE = 2;

const NOMINAL: RoomPressure = { status: 'nominal' };

/**
 * Whether this machine keeps up with a room. Browsers say so of their encoders alone, and of small pictures not even
 * then; a page whose timers come late again and again has too little of the processor as well.
 */
export class MachinePressure {
  readonly #clock: Clock;
  readonly #isHidden: () => boolean;
  readonly #onChange: (pressure: RoomPressure) => void;
  #state: RoomPressure = NOMINAL;
  #late: boolean[] = [];
  #areEncodersSpent = false;
  #cancel: (() => void) | undefined;

  /** @param isHidden timers of pages that nobody sees are late on purpose */
  constructor(clock: Clock, isHidden: () => boolean, onChange: (pressure: RoomPressure) => void) {
    this.#clock = clock;
    this.#isHidden = isHidden;
    this.#onChange = onChange;
  }

  get state(): RoomPressure {
    return this.#state;
  }

  /** Begins to look, where it does not yet. */
  start(): void {
    if (this.#cancel === undefined) this.#lookLater();
  }

  /** Nothing is sent or received any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#late = [];
    this.#areEncodersSpent = false;
    this.#judge();
  }

  /** @param areSpent pictures are as small as they get, and encoders still ask for more than there is */
  encoders(areSpent: boolean): void {
    this.#areEncodersSpent = areSpent;
    this.#judge();
  }

  #lookLater(): void {
    const dueMs = this.#clock.nowMs() + LOOK_MS;
    this.#cancel = this.#clock.setTimeout(() => {
      if (this.#isHidden()) this.#late = [];
      else {
        this.#late.push(this.#clock.nowMs() - dueMs >= LATE_MS);
        if (this.#late.length > LOOKS) this.#late.shift();
      }
      this.#lookLater();
      this.#judge();
    }, LOOK_MS);
  }

  #judge(): void {
    const late = this.#late.filter(Boolean).length;
    const wasSerious = this.#state.status === 'serious';
    const isSerious =
      this.#areEncodersSpent || late >= SERIOUS_LATE || (wasSerious && late > NOMINAL_LATE);
    if (isSerious === wasSerious) return;
    this.#state = isSerious ? { status: 'serious', sinceMs: this.#clock.nowMs() } : NOMINAL;
    this.#onChange(this.#state);
  }
}
