import { parseControl, type Control } from '@peerline/protocol';
import type { Payload, SendOptions } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { FlowControlledChannel } from './flow.ts';
import { cutIntoFrames, decodeFrame, fitsOneFrame, FRAME_MAX_BYTES } from './frames.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { decodePayload, encodeMessage } from './payload.ts';

/** Acknowledgements gather this long: a stream of small messages is answered 50 times a second. */
const ACKNOWLEDGE_MS = 20;

/** The two channels of one generation (SPEC.md, CHAN1). */
export interface ChannelPair {
  readonly reliable: RTCDataChannel;
  readonly unreliable: RTCDataChannel;
}

export interface MessengerOptions {
  readonly clock: Clock;
  readonly messageMaxBytes: number;
  readonly onMessage: (type: string, payload: Payload) => void;
  /** A control message other than those the messenger deals with itself. */
  readonly onControl: (control: Control) => void;
  /** The reliable channel of the newest generation opened, or is not open any more. */
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onGarbage: () => void;
}

/** Messages and control messages of one pair, over as many generations of channels as it takes. */
export class Messenger {
  readonly #options: MessengerOptions;
  readonly #inbox: Inbox;
  readonly #outbox = new Outbox();
  #reliable: FlowControlledChannel | undefined;
  #unreliable: FlowControlledChannel | undefined;
  #detach: (() => void) | undefined;
  #unreliableNumber = 0;
  #acknowledge = 0;
  #cancelAcknowledge: (() => void) | undefined;

  constructor(options: MessengerOptions) {
    this.#options = options;
    this.#inbox = new Inbox({
      messageMaxBytes: options.messageMaxBytes,
      onMessage: options.onMessage,
      onProgress: (number) => this.#scheduleAcknowledgement(number),
      onRefused: (message) => this.control({ type: 'refuse', message, code: 'too-large' }),
      onGarbage: options.onGarbage,
    });
  }

  /** Whether control messages and signals can go this way now. */
  get open(): boolean {
    return this.#reliable?.open === true;
  }

  /** Listens to the channels of a new generation; those of the old one are forgotten. */
  use(pair: ChannelPair): void {
    this.#detach?.();
    const { reliable, unreliable } = pair;
    const flow = new FlowControlledChannel(reliable, this.#options.clock);
    const unreliableFlow = new FlowControlledChannel(unreliable, this.#options.clock);
    this.#reliable = flow;
    this.#unreliable = unreliableFlow;
    this.#inbox.reset();
    const opened = (): void => {
      this.control({ type: 'limits', messageMaxBytes: this.#options.messageMaxBytes });
      this.#outbox.use(flow);
      this.#options.onOpen();
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    reliable.binaryType = 'arraybuffer';
    unreliable.binaryType = 'arraybuffer';
    reliable.addEventListener('open', opened, { signal });
    reliable.addEventListener('close', () => this.#options.onClose(), { signal });
    reliable.addEventListener('message', (event) => this.#receive(event.data), { signal });
    unreliable.addEventListener('message', (event) => this.#receiveUnreliable(event.data), {
      signal,
    });
    this.#detach = () => {
      listeners.abort();
      flow.detach();
      unreliableFlow.detach();
    };
    if (flow.open) opened();
  }

  /** The other side began a new life and knows nothing of the former one (SPEC.md, DELIV4). */
  restart(): void {
    this.#inbox.restart();
    this.#outbox.restart();
  }

  /** Goes out at once, ahead of messages that wait. @returns false while no channel is open */
  control(control: Control): boolean {
    return this.#reliable?.send(JSON.stringify(control)) ?? false;
  }

  async send(type: string, payload: Payload, options: SendOptions = {}): Promise<void> {
    const message = encodeMessage(type, payload);
    if (options.reliable !== false) {
      await this.#outbox.send(message, options.signal);
      return;
    }
    if (!fitsOneFrame(message)) {
      throw PeerlineError.messageTooLarge(message.bytes.length, FRAME_MAX_BYTES);
    }
    this.#unreliableNumber += 1;
    for (const frame of cutIntoFrames(this.#unreliableNumber, message)) {
      this.#unreliable?.send(frame);
    }
  }

  close(error: PeerlineError): void {
    this.#detach?.();
    this.#reliable = undefined;
    this.#unreliable = undefined;
    this.#cancelAcknowledge?.();
    this.#outbox.close(error);
  }

  #receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.#inbox.receive(data);
      return;
    }
    const parsed = typeof data === 'string' ? parseControl(data) : undefined;
    if (parsed?.ok !== true) {
      this.#options.onGarbage();
      return;
    }
    const control = parsed.value;
    if (control.type === 'limits') this.#outbox.limit(control.messageMaxBytes);
    else if (control.type === 'ack') this.#outbox.acknowledged(control.message);
    else this.#options.onControl(control);
  }

  #receiveUnreliable(data: unknown): void {
    const frame = data instanceof ArrayBuffer ? decodeFrame(data) : undefined;
    const decoded = frame?.kind === 'whole' ? decodePayload(frame.format, frame.bytes) : undefined;
    if (frame?.kind !== 'whole' || decoded === undefined) this.#options.onGarbage();
    else this.#options.onMessage(frame.type, decoded.payload);
  }

  /** One acknowledgement for all that came meanwhile. */
  #scheduleAcknowledgement(number: number): void {
    this.#acknowledge = number;
    this.#cancelAcknowledge ??= this.#options.clock.setTimeout(() => {
      this.#cancelAcknowledge = undefined;
      this.control({ type: 'ack', message: this.#acknowledge });
    }, ACKNOWLEDGE_MS);
  }
}
