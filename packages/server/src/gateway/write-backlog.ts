/** A connection that has more than a little waiting to be written. */
export interface Backlogged {
  /** As it is now. */
  readonly waitingBytes: () => number;
  readonly cut: () => void;
}

/** Less than this is what any connection has for a moment; it is not counted. */
const COUNTED_FROM_BYTES = 32 * 1024;

/**
 * What waits to be written on all connections together (SPEC.md, SLOW1). Each has a cap of its own, but a
 * thousand readers that stall would hold a thousand times that. Who has the most waiting goes first.
 */
export class WriteBacklog {
  readonly #maxBytes: number;
  readonly #counted = new Map<Backlogged, number>();
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Something was added to what waits on this connection. */
  grew(connection: Backlogged, waitingBytes: number): void {
    if (waitingBytes < COUNTED_FROM_BYTES) return;
    this.#count(connection, waitingBytes);
    if (this.#totalBytes <= this.#maxBytes) return;
    // What was written meanwhile was not told.
    for (const other of [...this.#counted.keys()]) this.#count(other, other.waitingBytes());
    while (this.#totalBytes > this.#maxBytes) {
      const [largest] = [...this.#counted].reduce((most, next) =>
        next[1] > most[1] ? next : most,
      );
      this.forget(largest);
      largest.cut();
    }
  }

  /** The connection has ended. */
  forget(connection: Backlogged): void {
    this.#totalBytes -= this.#counted.get(connection) ?? 0;
    this.#counted.delete(connection);
  }

  #count(connection: Backlogged, waitingBytes: number): void {
    this.forget(connection);
    if (waitingBytes < COUNTED_FROM_BYTES) return;
    this.#counted.set(connection, waitingBytes);
    this.#totalBytes += waitingBytes;
  }
}
