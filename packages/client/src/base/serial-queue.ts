/**
 * Runs tasks one after another in the order given. A task that fails rejects its own promise and
 * holds nobody up; after `close` nothing is begun any more.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @returns what the task gives, or undefined where the queue was closed before its turn */
  run<T>(task: () => Promise<T>): Promise<T | undefined> {
    const turn = this.#tail.then(() => (this.#closed ? undefined : task()));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#closed = true;
  }
}
