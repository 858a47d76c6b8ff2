/**
 * A lifetime: whatever begins in it hands over how it ends, and all of it ends at once. An
 * `AbortSignal` would do the same, but Node warns of a leak where one has more than ten listeners.
 */
export class Scope {
  readonly #teardowns = new Set<() => void>();
  #ended = false;

  /** @returns how to end this one thing earlier */
  add(teardown: () => void): () => void {
    if (this.#ended) {
      teardown();
      return teardown;
    }
    this.#teardowns.add(teardown);
    return () => {
      if (this.#teardowns.delete(teardown)) teardown();
    };
  }

  end(): void {
    this.#ended = true;
    const teardowns = [...this.#teardowns].toReversed();
    this.#teardowns.clear();
    for (const teardown of teardowns) teardown();
  }
}
