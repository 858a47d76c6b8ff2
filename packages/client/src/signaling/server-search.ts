import type { Clock } from '../base/clock.ts';

/**
 * Behind an outage TCP repeats a lost packet only after seconds, so each question is a new one. Every 0.3 s
 * was tried, and Firefox found the server later: it hands a question that was given up on to the next …
 */
const ASK_EVERY_MS = 500;

/** … of which as many are under way at a time as browsers open connections to a server. */
const ANSWER_MAX_MS = 3_000;

/** Who was told that the server is there is given time to connect: a handshake takes five round trips. */
const FOUND_PAUSE_MS = 4_000;

/**
 * Looks for a server that cannot be reached, by plain HTTP: browsers hold back WebSockets that fail
 * in a row (Chromium for up to 5 s), just when the network is back.
 */
export class ServerSearch {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #found: () => void;
  #cancel: (() => void) | undefined;
  /** Questions from before the last answer are still under way behind it, and say nothing new. */
  #round = 0;

  /** @param found the server answered */
  constructor(url: string, clock: Clock, found: () => void) {
    this.#url = url;
    this.#clock = clock;
    this.#found = found;
  }

  start(): void {
    if (this.#cancel === undefined) this.#askIn(ASK_EVERY_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#round += 1;
  }

  #askIn(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#clock.setTimeout(() => {
      void this.#ask();
      this.#askIn(ASK_EVERY_MS);
    }, ms);
  }

  async #ask(): Promise<void> {
    const signal = AbortSignal.timeout(ANSWER_MAX_MS);
    const round = this.#round;
    try {
      // Whatever it answers, it is there; where it is another origin's, nothing of it is read.
      await fetch(this.#url, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', signal });
    } catch {
      return;
    }
    if (round !== this.#round) return;
    this.#round += 1;
    this.#askIn(FOUND_PAUSE_MS);
    this.#found();
  }
}
