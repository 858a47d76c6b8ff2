import type { Clock } from '../base/clock.ts';
import { isCryptoPending } from './pending-crypto.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, ms: number): () => void {
    this.#order += 1;
    const timer = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Goes on, running what falls due in its order; timers set meanwhile count as well. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers
        .filter((timer) => timer.atMs <= untilMs)
        .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.run();
    }
    this.#nowMs = untilMs;
  }

  /** Time passes while nothing runs, as on a machine that is busy elsewhere. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }

  /** The same, giving promises room to settle behind every timer. */
  async advanceAsync(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const nextMs = Math.min(...this.#timers.map((timer) => timer.atMs));
      if (!(nextMs <= untilMs)) break;
      this.advance(Math.max(0, nextMs - this.#nowMs));
      await settle();
    }
    this.#nowMs = untilMs;
  }
}

/** Lets every promise that can settle do so: turns of the event loop, until WebCrypto owes nothing. */
export async function settle(): Promise<void> {
  do await turn();
  while (isCryptoPending());
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
