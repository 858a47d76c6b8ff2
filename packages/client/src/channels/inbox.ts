import type { Payload } from '../api.ts';
import { concatenate } from '../base/bytes.ts';
import { decodeFrame, type Intro } from './frames.ts';
import { decodePayload } from './payload.ts';

export interface InboxOptions {
  /** Larger messages are refused without being stored. */
  readonly messageMaxBytes: number;
  readonly onMessage: (type: string, payload: Payload) => void;
  /** A message was handed on; the other side may forget it (SPEC.md, MSG1). */
  readonly onProgress: (number: number) => void;
  readonly onRefused: (number: number, bytes: number) => void;
  /** Something came that is no frame, or no JSON where JSON was said. */
  readonly onGarbage: () => void;
}

type Assembly =
  | { readonly status: 'between' }
  | {
      readonly status: 'within';
      readonly intro: Intro;
      readonly parts: Uint8Array[];
      gotBytes: number;
    }
  | { readonly status: 'dropping'; readonly number: number };

/** Puts frames of the reliable channel together again, each message once (SPEC.md, FRAME1–4, MSG1). */
export class Inbox {
  readonly #options: InboxOptions;
  #assembly: Assembly = { status: 'between' };
  #handedOn = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** A new generation's channel begins: half a message from the old one comes again as a whole. */
  reset(): void {
    this.#assembly = { status: 'between' };
  }

  /** The other side began a new life, and counts from 1 again. */
  restart(): void {
    this.reset();
    this.#handedOn = 0;
  }

  receive(data: ArrayBuffer): void {
    const frame = decodeFrame(data);
    if (frame === undefined) {
      this.#options.onGarbage();
      return;
    }
    switch (frame.kind) {
      case 'whole':
      case 'first':
        this.#begin(frame.kind, frame);
        return;
      case 'next':
      case 'last':
        this.#continue(frame.kind, frame);
        return;
      case 'cut':
        this.#assembly = { status: 'between' };
        this.#settle(frame.number);
    }
  }

  #begin(kind: 'whole' | 'first', frame: Intro): void {
    if (frame.number <= this.#handedOn) {
      // Came again behind a new generation although its acknowledgement was lost.
      this.#assembly = { status: 'dropping', number: frame.number };
      this.#options.onProgress(this.#handedOn);
      return;
    }
    if (frame.totalBytes > this.#options.messageMaxBytes) {
      this.#assembly = { status: 'dropping', number: frame.number };
      this.#options.onRefused(frame.number, frame.totalBytes);
      this.#settle(frame.number);
      return;
    }
    if (kind === 'whole') {
      this.#assembly = { status: 'between' };
      this.#deliver(frame, frame.bytes);
      return;
    }
    this.#assembly = {
      status: 'within',
      intro: frame,
      parts: [frame.bytes],
      gotBytes: frame.bytes.length,
    };
  }

  #continue(
    kind: 'next' | 'last',
    frame: { readonly number: number; readonly bytes: Uint8Array },
  ): void {
    const assembly = this.#assembly;
    if (assembly.status === 'dropping' && assembly.number === frame.number) return;
    if (assembly.status !== 'within' || assembly.intro.number !== frame.number) {
      this.#options.onGarbage();
      return;
    }
    assembly.parts.push(frame.bytes);
    assembly.gotBytes += frame.bytes.length;
    const { intro, parts, gotBytes } = assembly;
    const complete = gotBytes === intro.totalBytes;
    if (gotBytes > intro.totalBytes || (kind === 'last') !== complete) {
      this.#assembly = { status: 'dropping', number: frame.number };
      this.#options.onGarbage();
      return;
    }
    if (!complete) return;
    this.#assembly = { status: 'between' };
    this.#deliver(intro, concatenate(parts));
  }

  #deliver(intro: Intro, bytes: Uint8Array): void {
    const decoded = decodePayload(intro.format, bytes);
    if (decoded === undefined) this.#options.onGarbage();
    else this.#options.onMessage(intro.type, decoded.payload);
    this.#settle(intro.number);
  }

  #settle(number: number): void {
    this.#handedOn = Math.max(this.#handedOn, number);
    this.#options.onProgress(this.#handedOn);
  }
}
