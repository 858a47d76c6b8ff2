import { Store, type ReadableStore } from './store.ts';

/** RFC 6465 levels of speech lie well above this; breath and fans below. */
const LOUD_LEVEL = 0.03;

/** Pauses between words are shorter than this, so the ring does not flicker. */
const HOLD_MS = 700;

/** Ten times a second is as often as an eye follows. */
export const LEVEL_POLL_MS = 100;

export interface LevelSource {
  readonly id: string;
  readonly level: () => number;
}

/** Who is speaking, from levels polled. */
export class Speaking implements ReadableStore<ReadonlySet<string>> {
  readonly #store = new Store<ReadonlySet<string>>(new Set());
  readonly #lastLoudMs = new Map<string, number>();

  readonly get = (): ReadonlySet<string> => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  poll(sources: Iterable<LevelSource>, nowMs: number): void {
    const speaking = new Set<string>();
    const present = new Set<string>();
    for (const { id, level } of sources) {
      present.add(id);
      if (level() >= LOUD_LEVEL) this.#lastLoudMs.set(id, nowMs);
      const lastMs = this.#lastLoudMs.get(id);
      if (lastMs !== undefined && nowMs - lastMs < HOLD_MS) speaking.add(id);
    }
    for (const id of this.#lastLoudMs.keys()) if (!present.has(id)) this.#lastLoudMs.delete(id);
    const before = this.#store.get();
    const same = before.size === speaking.size && [...speaking].every((id) => before.has(id));
    if (!same) this.#store.set(speaking);
  }
}
