import { addressKey, networkKey } from './address-key.ts';
import { KeyedBuckets } from './keyed-buckets.ts';
import type { ServerLimits } from './limits.ts';
import { Occupancy } from './occupancy.ts';

/** Why a request gets no answer of its own (SPEC.md, RATE3). */
export type GateRefusal =
  /** Too many from there in a short time. */
  { readonly kind: 'too-many'; readonly retryAfterMs: number } | Full;

/** So many are open as may be: from there, or in all. */
export interface Full {
  readonly kind: 'full';
  readonly of: 'address' | 'network' | 'server';
}

export type FrontGateLimits = Pick<
  ServerLimits,
  | 'requests'
  | 'openings'
  | 'refusedRequests'
  | 'connectionsMax'
  | 'connectionsPerAddressMax'
  | 'connectionsPerNetworkMax'
  | 'socketsMax'
  | 'socketsPerAddressMax'
>;

/** Addresses that are remembered; about 200 bytes each. */
const ADDRESSES_MAX = 50_000;

/** A connection that had to be cut has cost as much as so many that behave. */
const CUT_COST = 16;

const EVERYWHERE = 'everywhere';

/**
 * What is looked at before anything is made for a request: how many come from its address, and how many
 * connections there are. Whoever passes has cost a look into two maps.
 */
export class FrontGate {
  readonly #requests: KeyedBuckets;
  readonly #openings: KeyedBuckets;
  /** Those that are told so. */
  readonly #refused: KeyedBuckets;
  readonly #byAddress: Occupancy;
  readonly #byNetwork: Occupancy;
  readonly #inAll: Occupancy;
  readonly #socketsByAddress: Occupancy;
  readonly #socketsInAll: Occupancy;
  readonly #nowMs: () => number;

  constructor(limits: FrontGateLimits, nowMs: () => number) {
    this.#requests = new KeyedBuckets(limits.requests, ADDRESSES_MAX);
    this.#openings = new KeyedBuckets(limits.openings, ADDRESSES_MAX);
    this.#refused = new KeyedBuckets(limits.refusedRequests, ADDRESSES_MAX);
    this.#byAddress = new Occupancy(limits.connectionsPerAddressMax);
    this.#byNetwork = new Occupancy(limits.connectionsPerNetworkMax);
    this.#inAll = new Occupancy(limits.connectionsMax);
    this.#socketsByAddress = new Occupancy(limits.socketsPerAddressMax);
    this.#socketsInAll = new Occupancy(limits.socketsMax);
    this.#nowMs = nowMs;
  }

  /**
   * A TCP connection, with or without a request on it.
   *
   * @param address nothing where it says nothing of the client
   * @returns to be called when it has closed, or why it may not stay
   */
  enterSocket(address: string | undefined): (() => void) | GateRefusal {
    if (!this.#socketsInAll.hasRoom(EVERYWHERE)) return { kind: 'full', of: 'server' };
    if (address === undefined) return this.#socketsInAll.enter(EVERYWHERE);
    const key = addressKey(address);
    // It was told often enough.
    if (!this.#refused.has(key, this.#nowMs())) return { kind: 'too-many', retryAfterMs: 0 };
    if (!this.#socketsByAddress.hasRoom(key)) return { kind: 'full', of: 'address' };
    return both(this.#socketsByAddress.enter(key), this.#socketsInAll.enter(EVERYWHERE));
  }

  /** Any request. @returns why it is refused, if it is */
  request(address: string | undefined): GateRefusal | undefined {
    return this.#tooMany(this.#requests, addressKey(address));
  }

  /** A request that would open a connection. @returns why it is refused, if it is */
  opening(address: string | undefined): GateRefusal | undefined {
    const key = addressKey(address);
    const refusal = this.#tooMany(this.#openings, key);
    if (refusal !== undefined) return refusal;
    if (!this.#byAddress.hasRoom(key)) return { kind: 'full', of: 'address' };
    if (!this.#byNetwork.hasRoom(networkKey(address))) return { kind: 'full', of: 'network' };
    if (!this.#inAll.hasRoom(EVERYWHERE)) return { kind: 'full', of: 'server' };
    return undefined;
  }

  #tooMany(buckets: KeyedBuckets, key: string): GateRefusal | undefined {
    const nowMs = this.#nowMs();
    const retryAfterMs = buckets.take(key, nowMs);
    if (retryAfterMs === 0) return undefined;
    this.#refused.charge(key, nowMs, 1);
    return { kind: 'too-many', retryAfterMs };
  }

  /** A connection from there flooded and was cut: others are taken later. */
  blame(address: string | undefined): void {
    this.#openings.charge(addressKey(address), this.#nowMs(), CUT_COST);
  }

  /** A connection is open. @returns to be called when it has closed */
  enter(address: string | undefined): () => void {
    return both(
      both(this.#byAddress.enter(addressKey(address)), this.#byNetwork.enter(networkKey(address))),
      this.#inAll.enter(EVERYWHERE),
    );
  }
}

function both(one: () => void, other: () => void): () => void {
  return () => {
    one();
    other();
  };
}
