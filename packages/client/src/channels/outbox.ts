import { PeerlineError } from '../base/errors.ts';
import { Fifo } from '../base/fifo.ts';
import type { FlowControlledChannel } from './flow.ts';
import { cutFrame, cutIntoFrames, fitsOneFrame, type EncodedMessage } from './frames.ts';

/**
 * What is kept for a re-send (SPEC.md, MSG1). Above it the next message waits for acknowledgements:
 * a receiver that stalls must not fill the sender's memory.
 */
const UNACKNOWLEDGED_MAX_BYTES = 16 * 1024 * 1024;

interface Entry {
  readonly number: number;
  readonly message: EncodedMessage;
  readonly settle: {
    readonly resolve: () => void;
    readonly reject: (error: PeerlineError) => void;
  };
  /** Once it was handed to a channel whole, an acknowledgement of its number is believed. */
  wasHanded: boolean;
  givenUp: boolean;
}

/** Messages on their way to one peer over the reliable channel: first in, first out, kept until acknowledged. */
export class Outbox {
  readonly #waiting = new Fifo<Entry>();
  /** The one that is being cut into frames. */
  #cutting: Entry | undefined;
  readonly #handed = new Fifo<Entry>();
  #handedBytes = 0;
  #nextNumber = 1;
  #acknowledged = 0;
  #channel: FlowControlledChannel | undefined;
  #pumping: FlowControlledChannel | undefined;
  #messageMaxBytes: number | undefined;
  #closed: PeerlineError | undefined;

  /** @returns once the last frame was handed to a channel below its high-water mark */
  send(message: EncodedMessage, signal?: AbortSignal): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal?.aborted === true) return Promise.reject(PeerlineError.aborted(signal.reason));
    const { promise, resolve, reject } = withResolvers();
    const entry: Entry = {
      number: this.#nextNumber,
      message,
      settle: { resolve, reject },
      wasHanded: false,
      givenUp: false,
    };
    this.#nextNumber += 1;
    this.#waiting.push(entry);
    const abort = (): void => this.#giveUp(entry, PeerlineError.aborted(signal?.reason));
    signal?.addEventListener('abort', abort, { once: true });
    this.#kick();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** A generation's channel is open: what is not acknowledged goes out (again) from its beginning. */
  use(channel: FlowControlledChannel): void {
    this.#channel = channel;
    const again = this.#handed.takeAll();
    if (this.#cutting !== undefined) again.push(this.#cutting);
    again.push(...this.#waiting.takeAll());
    this.#cutting = undefined;
    this.#handedBytes = 0;
    for (const entry of again) this.#waiting.push(entry);
    this.#kick();
  }

  /**
   * The other side began a new life. What was handed to a channel may have arrived in the former one,
   * so it is not sent to this one again; what waits still goes.
   */
  restart(): void {
    this.#handed.takeAll();
    this.#handedBytes = 0;
  }

  acknowledged(number: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, number);
    for (let first = this.#handed.peek(); first !== undefined; first = this.#handed.peek()) {
      if (first.number > number) break;
      this.#handed.shift();
      this.#handedBytes -= first.message.bytes.length;
    }
    this.#kick();
  }

  /** The receiver told what it takes (SPEC.md, FRAME4). */
  limit(messageMaxBytes: number): void {
    this.#messageMaxBytes = messageMaxBytes;
    this.#kick();
  }

  close(error: PeerlineError): void {
    this.#closed = error;
    this.#channel = undefined;
    this.#cutting?.settle.reject(error);
    for (const entry of this.#waiting.takeAll()) entry.settle.reject(error);
    this.#handed.takeAll();
  }

  #giveUp(entry: Entry, error: PeerlineError): void {
    if (entry.wasHanded) return;
    // Whoever comes across it next leaves it out, or cuts it off where frames have left.
    entry.givenUp = true;
    entry.settle.reject(error);
  }

  #kick(): void {
    const channel = this.#channel;
    if (channel === undefined || this.#pumping === channel) return;
    this.#pumping = channel;
    void this.#pump(channel);
  }

  async #pump(channel: FlowControlledChannel): Promise<void> {
    for (;;) {
      const entry = this.#nextFor(channel);
      if (entry === undefined) break;
      if (await this.#cutInto(channel, entry)) continue;
      // It ended under the entry, which waits for the next one, and so does all behind it.
      if (this.#channel === channel) this.#channel = undefined;
      break;
    }
    // In the turn in which it found nothing to do, so that a send behind it begins it anew.
    if (this.#pumping === channel) this.#pumping = undefined;
  }

  #nextFor(channel: FlowControlledChannel): Entry | undefined {
    for (;;) {
      const entry = this.#waiting.peek();
      if (this.#channel !== channel || entry === undefined || !this.#mayBegin(entry)) {
        return undefined;
      }
      this.#waiting.shift();
      const arrived = entry.wasHanded && entry.number <= this.#acknowledged;
      if (arrived || entry.givenUp) continue;
      const bytes = entry.message.bytes.length;
      if (this.#messageMaxBytes === undefined || bytes <= this.#messageMaxBytes) return entry;
      this.#giveUp(entry, PeerlineError.messageTooLarge(bytes, this.#messageMaxBytes));
    }
  }

  #mayBegin(entry: Entry): boolean {
    if (this.#messageMaxBytes === undefined && !fitsOneFrame(entry.message)) return false;
    const bytes = this.#handedBytes + entry.message.bytes.length;
    return this.#handedBytes === 0 || bytes <= UNACKNOWLEDGED_MAX_BYTES;
  }

  /** @returns false where the channel ended first; the entry then waits for the next one */
  async #cutInto(channel: FlowControlledChannel, entry: Entry): Promise<boolean> {
    this.#cutting = entry;
    let begun = false;
    for (const frame of cutIntoFrames(entry.number, entry.message)) {
      const writable = await channel.writable();
      if (this.#channel !== channel || !writable) return false;
      if (entry.givenUp) {
        if (begun) channel.send(cutFrame(entry.number));
        this.#cutting = undefined;
        return true;
      }
      if (!channel.send(frame)) return false;
      begun = true;
    }
    this.#cutting = undefined;
    this.#handed.push(entry);
    this.#handedBytes += entry.message.bytes.length;
    entry.wasHanded = true;
    entry.settle.resolve();
    return true;
  }
}

/** `Promise.withResolvers` (ES2024) is not in Node 20. */
function withResolvers(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: PeerlineError) => void;
} {
  let resolve: () => void = () => undefined;
  let reject: (error: PeerlineError) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
