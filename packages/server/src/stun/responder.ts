import { addressKey } from '../policy/address-key.ts';
import { KeyedBuckets } from '../policy/keyed-buckets.ts';
import type { BucketLimits } from '../policy/token-bucket.ts';
import { parseBindingRequest } from './request.ts';
import { encodeAnswer, type Source } from './response.ts';

/** Sources whose rate is remembered. They may be forged, hence the bound. */
const SOURCES_MAX = 20_000;

/**
 * Answers Binding requests and nothing else (RFC 8489 section 6.3). Per source it answers so few that
 * it is of no use to who forges the source's address.
 */
export class StunResponder {
  readonly #rates: KeyedBuckets;
  readonly #nowMs: () => number;

  constructor(limits: BucketLimits, nowMs: () => number) {
    this.#rates = new KeyedBuckets(limits, SOURCES_MAX);
    this.#nowMs = nowMs;
  }

  /** @returns what to send back to the source, or nothing. Never throws. */
  answer(datagram: Uint8Array, source: Source): Uint8Array | undefined {
    const request = parseBindingRequest(datagram);
    if (request === undefined) return undefined;
    if (this.#rates.take(addressKey(source.address), this.#nowMs()) > 0) return undefined;
    return encodeAnswer(request, source);
  }
}
