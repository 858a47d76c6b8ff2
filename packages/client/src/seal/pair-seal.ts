import { concatenate } from '../base/bytes.ts';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { pack, unpack } from './packing.ts';
import { ReplayWindow } from './replay-window.ts';
import type { Opened, PairSealing } from './sealing.ts';

/** The format's first byte (SPEC.md, SEAL4). */
const VERSION = 1;

const HEAD_BYTES = 9;
const TAG_BYTES = 16;

/** Sizes that a signal is filled up to: the server learns one of these, not what is said (SEAL5). */
const SIZES = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 24_000];

/** In front of what is packed: its length, since zeros follow it. */
const LENGTH_BYTES = 2;

const FORGED: Opened = { kind: 'forged' };

/** One way between two peers: its key, and what else the tag vouches for. */
export interface Direction {
  readonly key: CryptoKey;
  readonly context: Uint8Array<ArrayBuffer>;
}

export interface PairSealOptions {
  readonly secret: CryptoKey;
  readonly outgoing: Direction;
  readonly incoming: Direction;
}

/** A counter is used once for each key. */
export class PairSeal implements PairSealing {
  readonly secret: CryptoKey;
  readonly #options: PairSealOptions;
  readonly #window = new ReplayWindow();
  #counter = 0;

  constructor(options: PairSealOptions) {
    this.#options = options;
    this.secret = options.secret;
  }

  async seal(json: string): Promise<string | undefined> {
    const { key, context } = this.#options.outgoing;
    const packed = await pack(json);
    const size = SIZES.find((one) => one >= LENGTH_BYTES + packed.length);
    if (size === undefined) return undefined;
    const padded = new Uint8Array(size);
    new DataView(padded.buffer).setUint16(0, packed.length);
    padded.set(packed, LENGTH_BYTES);
    this.#counter += 1;
    const head = headOf(this.#counter);
    const sealed = await crypto.subtle.encrypt(algorithm(head, context), key, padded);
    return toBase64Url(concatenate([head, new Uint8Array(sealed)]));
  }

  async open(body: string): Promise<Opened> {
    const { key, context } = this.#options.incoming;
    try {
      const whole = fromBase64Url(body);
      const head = whole.slice(0, HEAD_BYTES);
      if (whole.length < HEAD_BYTES + TAG_BYTES || head[0] !== VERSION) return FORGED;
      const padded = await crypto.subtle.decrypt(
        algorithm(head, context),
        key,
        whole.slice(HEAD_BYTES),
      );
      // Only what is genuine may move the window.
      if (!this.#window.take(counterOf(head))) return { kind: 'repeated' };
      const length = new DataView(padded).getUint16(0);
      const packed = new Uint8Array(padded).slice(LENGTH_BYTES, LENGTH_BYTES + length);
      return { kind: 'genuine', text: await unpack(packed) };
    } catch {
      return FORGED;
    }
  }
}

function headOf(counter: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, VERSION);
  view.setBigUint64(1, BigInt(counter));
  return head;
}

function counterOf(head: Uint8Array<ArrayBuffer>): number {
  return Number(new DataView(head.buffer).getBigUint64(1));
}

/** NIST SP 800-38D section 8.2.1: the counter is the nonce, so that no two are alike under one key. */
function algorithm(head: Uint8Array<ArrayBuffer>, context: Uint8Array<ArrayBuffer>): AesGcmParams {
  const iv = new Uint8Array(12);
  iv.set(head.subarray(1), 4);
  return { name: 'AES-GCM', iv, additionalData: context };
}
