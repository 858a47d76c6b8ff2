import type { Envelope, Signal } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';

/** An acknowledgement waits this long for a signal to ride on; most ride, so most relays are spared. */
const ACK_DELAY_MS = 1_000;

/** First re-send. A relayed round trip with `ACK_DELAY_MS` is below it, but over two satellites. */
const RESEND_FIRST_MS = 2_000;

/** Re-sends slow down to this: the other side may be away for minutes. */
const RESEND_MAX_MS = 24_000;

/** Signals ahead of a gap that wait for it to close; a negotiation has a dozen (SPEC.md, DELIV2). */
const HELD_MAX = 128;

/**
 * `every`: it went out before and was not acknowledged, so the path that seemed best may be dead. `channel`: the pair's
 * own has just opened, and is as alive as can be.
 */
export type Way = 'best' | 'every' | 'channel';

export interface MailboxOptions {
  /** Grows with each life of the pair's state (SPEC.md, DELIV4). */
  readonly epoch: number;
  readonly clock: Clock;
  /** Hands an envelope to whatever path lives; may lose it. */
  readonly transmit: (envelope: Envelope, way: Way) => void;
  /** What went out is not acknowledged in its time: the path that it took may be dead. */
  readonly onOverdue: () => void;
  /** A signal of the other side's: each once, in order. */
  readonly onSignal: (signal: Signal) => void;
  /** The other side began anew and knows nothing of what was said before. */
  readonly onRestart: () => void;
}

/**
 * One end of the numbered, acknowledged exchange of signals between two peers (SPEC.md, section
 * Delivery). The path between may lose, repeat and reorder; the server keeps nothing.
 */
export class Mailbox {
  readonly #options: MailboxOptions;
  #remoteEpoch = 0;
  #nextSeq = 1;
  #unacked: { readonly seq: number; signal: Signal }[] = [];
  #expected = 1;
  readonly #held = new Map<number, Signal>();
  #cancelAck: (() => void) | undefined;
  #cancelResend: (() => void) | undefined;
  #resendMs = RESEND_FIRST_MS;
  #closed = false;

  constructor(options: MailboxOptions) {
    this.#options = options;
  }

  /** Signals that the other side has not acknowledged. */
  get waiting(): number {
    return this.#unacked.length;
  }

  /**
   * Sends a signal, and goes on sending it until it is acknowledged.
   *
   * @param voidsEarlier what was sent before and has not arrived is of no use beside this one
   */
  post(signal: Signal, { voidsEarlier = false }: { readonly voidsEarlier?: boolean } = {}): void {
    if (this.#closed) return;
    if (voidsEarlier) this.#unacked = [];
    const entry = { seq: this.#nextSeq, signal };
    this.#nextSeq += 1;
    this.#unacked.push(entry);
    this.#transmit(entry);
    this.#armResend();
  }

  /** Says something else in place of what has not arrived and is of no use any more. */
  replace(isOver: (signal: Signal) => boolean, signal: Signal): void {
    for (const entry of this.#unacked) if (isOver(entry.signal)) entry.signal = signal;
  }

  /** A path returned: what is not acknowledged goes out again at once. */
  resume(way: Way = 'every'): void {
    this.#resendMs = RESEND_FIRST_MS;
    this.#resend(way);
  }

  receive(envelope: Envelope): void {
    if (this.#closed || envelope.epoch < this.#remoteEpoch) return;
    const restarted = this.#remoteEpoch !== 0 && envelope.epoch > this.#remoteEpoch;
    if (envelope.epoch > this.#remoteEpoch) {
      this.#remoteEpoch = envelope.epoch;
      this.#expected = envelope.base;
      this.#held.clear();
    }
    if (restarted) {
      this.#unacked = [];
      this.#options.onRestart();
    }
    if (envelope.toEpoch !== 0 && envelope.toEpoch !== this.#options.epoch) {
      // It speaks to a former life of ours; an acknowledgement tells it of this one (DELIV5).
      this.#transmit(undefined);
      return;
    }
    if (envelope.toEpoch !== 0) this.#acknowledged(envelope.ack);
    this.#skipTo(envelope.base);
    if (envelope.signal !== undefined && envelope.seq > 0)
      this.#take(envelope.seq, envelope.signal);
  }

  close(): void {
    this.#closed = true;
    this.#unacked = [];
    this.#held.clear();
    this.#cancelAck?.();
    this.#cancelResend?.();
  }

  #take(seq: number, signal: Signal): void {
    this.#armAck();
    if (seq < this.#expected || seq >= this.#expected + HELD_MAX) return;
    this.#held.set(seq, signal);
    this.#release();
  }

  #skipTo(base: number): void {
    if (base <= this.#expected) return;
    for (const seq of this.#held.keys()) {
      if (seq < base) this.#held.delete(seq);
    }
    this.#expected = base;
    this.#release();
  }

  #release(): void {
    for (;;) {
      const signal = this.#held.get(this.#expected);
      if (signal === undefined || this.#closed) return;
      this.#held.delete(this.#expected);
      this.#expected += 1;
      this.#options.onSignal(signal);
    }
  }

  #acknowledged(ack: number): void {
    const before = this.#unacked.length;
    this.#unacked = this.#unacked.filter((entry) => entry.seq > ack);
    if (this.#unacked.length === before) return;
    this.#resendMs = RESEND_FIRST_MS;
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    if (this.#unacked.length > 0) this.#armResend();
  }

  #resend(way: Way): void {
    for (const entry of this.#unacked) this.#transmit(entry, way);
    if (this.#unacked.length > 0) this.#armResend();
  }

  #armResend(): void {
    if (this.#cancelResend !== undefined || this.#closed) return;
    this.#cancelResend = this.#options.clock.setTimeout(() => {
      this.#cancelResend = undefined;
      this.#resendMs = Math.min(this.#resendMs * 2, RESEND_MAX_MS);
      this.#resend('every');
      this.#options.onOverdue();
    }, this.#resendMs);
  }

  #armAck(): void {
    if (this.#cancelAck !== undefined || this.#closed) return;
    this.#cancelAck = this.#options.clock.setTimeout(() => {
      this.#cancelAck = undefined;
      this.#transmit(undefined);
    }, ACK_DELAY_MS);
  }

  #transmit(
    entry: { readonly seq: number; readonly signal: Signal } | undefined,
    way: Way = 'best',
  ): void {
    // Whatever goes out carries the acknowledgement, so none needs to follow.
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    const envelope: Envelope = {
      epoch: this.#options.epoch,
      toEpoch: this.#remoteEpoch,
      seq: entry?.seq ?? 0,
      base: this.#unacked[0]?.seq ?? this.#nextSeq,
      ack: this.#expected - 1,
      ...(entry && { signal: entry.signal }),
    };
    this.#options.transmit(envelope, way);
  }
}
