/**
 * What may lie unsent in the browser. Chromium closes a channel above 16 MiB; 1 MiB keeps a fast
 * link busy over a round trip of 100 ms at 80 Mbit/s.
 */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Writing goes on below this: a quarter, so that the browser never runs dry meanwhile. */
const LOW_WATER_BYTES = 256 * 1024;

/** A data channel with awaited backpressure (RFC 8831 section 6.6, webrtc-pc section 6.2). */
export class FlowControlledChannel {
  readonly #channel: RTCDataChannel;
  #waiters: (() => void)[] = [];
  readonly #wake = (): void => {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  };

  constructor(channel: RTCDataChannel) {
    this.#channel = channel;
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    for (const type of ['bufferedamountlow', 'open', 'close', 'error'] as const) {
      channel.addEventListener(type, this.#wake);
    }
  }

  get open(): boolean {
    return this.#channel.readyState === 'open';
  }

  get #writable(): boolean {
    return this.open && this.#channel.bufferedAmount < HIGH_WATER_BYTES;
  }

  /** @returns false where the channel will never take another byte */
  async writable(): Promise<boolean> {
    while (!this.#writable) {
      const { readyState } = this.#channel;
      if (readyState === 'closing' || readyState === 'closed') return false;
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
    }
    return true;
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
