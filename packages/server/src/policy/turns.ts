/**
 * Does what it is given in the order given, one in each turn of the event loop, so that what else waits comes
 * between: of many that come at once each may take long.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  take(act: () => void): void {
    if (this.#isTaken) {
      this.#waiting.push(act);
      return;
    }
    this.#isTaken = true;
    setImmediate(this.#next);
    act();
  }

  readonly #next = (): void => {
    const act = this.#waiting.shift();
    if (act === undefined) {
      this.#isTaken = false;
      return;
    }
    setImmediate(this.#next);
    act();
  };
}
