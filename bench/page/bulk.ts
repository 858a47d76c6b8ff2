/** Much data from one page to another, the same for every library. */

/** Where a page goes, and whether it is the one that sends. */
export interface ConnectInput {
  readonly server: string;
  readonly room: string;
  readonly name: 'ann' | 'ben';
}

/** A connection of two that is open. */
export interface Wire {
  /** @returns once more may be sent, by what the library says of its buffers */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A library as an application uses it for data alone. */
export interface Carrier {
  newRoom(): string;
  /**
   * Ann is there first; Ben comes, and sends.
   *
   * @param onBytes told how many bytes of a message arrived
   */
  connect(input: ConnectInput, onBytes: (length: number) => void): Promise<Wire>;
}

export class Bulk {
  readonly #carrier: Carrier;
  #wire: Wire | undefined;
  #receivedBytes = 0;
  #lastAtMs = 0;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  newRoom(): string {
    return this.#carrier.newRoom();
  }

  get isOpen(): boolean {
    return this.#wire !== undefined;
  }

  async connect(input: ConnectInput): Promise<void> {
    this.#wire = await this.#carrier.connect(input, (length) => {
      this.#receivedBytes += length;
      this.#lastAtMs = Date.now();
    });
  }

  /** @returns when it began */
  async send(totalBytes: number, messageBytes: number): Promise<number> {
    const wire = this.#wire;
    if (wire === undefined) throw new Error('nobody is connected');
    // Nothing that could be compressed, and nothing that is the same twice.
    const message = new Uint8Array(messageBytes);
    for (let at = 0; at < messageBytes; at += 4_096) {
      crypto.getRandomValues(message.subarray(at, at + 4_096));
    }
    const beganAtMs = Date.now();
    for (let sent = 0; sent < totalBytes; sent += messageBytes) await wire.send(message);
    return beganAtMs;
  }

  /** What has arrived since the last time that this was asked with `true`. */
  received(isReset: boolean): { readonly bytes: number; readonly lastAtMs: number } {
    const bytes = this.#receivedBytes;
    if (isReset) this.#receivedBytes = 0;
    return { bytes, lastAtMs: this.#lastAtMs };
  }
}

/** @returns once an event comes */
export function happens(target: EventTarget, type: string): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
  });
}

/** Sends over a channel and waits where much lies unsent, as RFC 8831 section 6.6 has it. */
export async function sendOver(
  channel: RTCDataChannel,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  channel.send(bytes);
  if (channel.bufferedAmount > HIGH_WATER_BYTES) await happens(channel, 'bufferedamountlow');
}

/** Chromium closes a channel above 16 MiB; half of that never runs dry. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;
const LOW_WATER_BYTES = 1024 * 1024;

declare global {
  interface Window {
    bulk: Bulk;
  }
}
