import type { Clock } from '../base/clock.ts';

/**
 * What may lie unsent in the browser goes out in about this time: a page that is busy comes back to it late, and
 * what is said behind it (a ping, an offer) waits for all of it.
 */
const DRAIN_MS = 200;

/** For that the speed has to be known; until then it is right for 40 Mbit/s. */
const FIRST_HIGH_WATER_BYTES = 1024 * 1024;

/** Two frames, so that one is there while the next is being made. */
const HIGH_WATER_MIN_BYTES = 128 * 1024;

/** Chromium closes a channel above 16 MiB. */
const HIGH_WATER_MAX_BYTES = 8 * 1024 * 1024;

/** Once it was written to the brim. */
interface Draining {
  readonly sinceMs: number;
  readonly bytes: number;
}

/** A data channel with awaited backpressure (RFC 8831 section 6.6, webrtc-pc section 6.2). */
export class FlowControlledChannel {
  readonly #channel: RTCDataChannel;
  readonly #clock: Clock;
  #waiters: (() => void)[] = [];
  #highWaterBytes = FIRST_HIGH_WATER_BYTES;
  #draining: Draining | undefined;
  readonly #wake = (): void => {
    this.#adapt();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  };

  constructor(channel: RTCDataChannel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
    channel.bufferedAmountLowThreshold = lowWater(this.#highWaterBytes);
    for (const type of ['bufferedamountlow', 'open', 'close', 'error'] as const) {
      channel.addEventListener(type, this.#wake);
    }
  }

  get open(): boolean {
    return this.#channel.readyState === 'open';
  }

  get #writable(): boolean {
    return this.open && this.#channel.bufferedAmount < this.#highWaterBytes;
  }

  /** @returns false where the channel will never take another byte */
  async writable(): Promise<boolean> {
    while (!this.#writable) {
      const { readyState } = this.#channel;
      if (readyState === 'closing' || readyState === 'closed') return false;
      this.#draining ??= { sinceMs: this.#clock.nowMs(), bytes: this.#channel.bufferedAmount };
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
    }
    return true;
  }

  /** How fast it drained tells how much it should hold: at most twice as much as it did. */
  #adapt(): void {
    const { bufferedAmount } = this.#channel;
    if (this.#draining === undefined || !this.#writable) return;
    const { sinceMs, bytes } = this.#draining;
    this.#draining = undefined;
    // A timer of the browser's may be as coarse as this.
    const tookMs = Math.max(this.#clock.nowMs() - sinceMs, 1);
    const fitting = ((bytes - bufferedAmount) / tookMs) * DRAIN_MS;
    const atMost = Math.min(this.#highWaterBytes * 2, HIGH_WATER_MAX_BYTES);
    this.#highWaterBytes = Math.max(HIGH_WATER_MIN_BYTES, Math.min(fitting, atMost));
    this.#channel.bufferedAmountLowThreshold = lowWater(this.#highWaterBytes);
  }

  /** @returns false where the channel is not open (any more) */
  send(data: string | Uint8Array<ArrayBuffer>): boolean {
    if (!this.open) return false;
    try {
      if (typeof data === 'string') this.#channel.send(data);
      else this.#channel.send(data);
      return true;
    } catch {
      // It closed between the look and the send (InvalidStateError); the close event follows.
      return false;
    }
  }

  /** Stops listening; who waits is told that nothing will come of it once the channel is closed. */
  detach(): void {
    for (const type of ['bufferedamountlow', 'open', 'close', 'error'] as const) {
      this.#channel.removeEventListener(type, this.#wake);
    }
    this.#wake();
  }
}

/** Writing goes on below this, so that the browser never runs dry meanwhile. */
function lowWater(highWaterBytes: number): number {
  return Math.floor(highWaterBytes / 4);
}
