interface Waiter<T> {
  resolve(item: T): void;
  reject(error: Error): void;
}

/** Hands out what arrives in its order, to whoever waits. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  readonly #waiters: Waiter<T>[] = [];
  #end: Error | undefined;

  push(item: T): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#items.push(item);
    else waiter.resolve(item);
  }

  /** Nothing more will come: who waits, or asks later, gets the error. */
  finish(error: Error): void {
    this.#end ??= error;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#end);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async nextWhere(fits: (item: T) => boolean): Promise<T> {
    for (;;) {
      const item = await this.next();
      if (fits(item)) return item;
    }
  }
}
