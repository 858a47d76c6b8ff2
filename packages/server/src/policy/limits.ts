import type { BucketLimits } from './token-bucket.ts';

/** All bounds that protect the server; every one can be set in `createServer`. */
export interface ServerLimits {
  /** Messages of one connection. */
  readonly messages: BucketLimits;
  /** Messages of one connection that are answered with `rate-limited` before it is disconnected. */
  readonly refusals: BucketLimits;
  /** Packets of one connection, whatever is in them; above it the connection is cut without a word. */
  readonly packets: BucketLimits;
  /** Joins from one address (IPv6: from one /64 network). */
  readonly joins: BucketLimits;
  /** STUN requests from one address. */
  readonly stun: BucketLimits;
  /** What may wait to be written to one connection. */
  readonly writeBufferMaxBytes: number;
  readonly writeBufferMaxPackets: number;
}

/**
 * Setting up one pair takes an offer or answer, about ten batches of candidates and as many
 * acknowledgements; the burst lets a joiner do that with everyone at once, and half as much again.
 */
const MESSAGES_BURST_PER_PEER = 32;

/** What a pair needs later is an ICE restart now and then: well below one message a second. */
const MESSAGES_PER_SECOND_PER_PEER = 4;

/** A mesh of eight stays far from this floor, however small the room is configured. */
const MESSAGES_BURST_MIN = 512;
const MESSAGES_PER_SECOND_MIN = 64;

/** Packets are messages, pongs and refusals; four times the messages is out of reach for all three. */
const PACKETS_PER_MESSAGE = 4;

/** A SDP of an eight-line offer is about 8 KB; 1 MiB is more than a hundred of them unread. */
const WRITE_BUFFER_MAX_BYTES = 1024 * 1024;

/** Small packets cost more memory than their bytes; 4,096 are minutes of a busy room unread. */
const WRITE_BUFFER_MAX_PACKETS = 4096;

/** @param capacity how many peers a room takes */
export function defaultLimits(capacity: number): ServerLimits {
  const messages = {
    burst: Math.max(MESSAGES_BURST_MIN, capacity * MESSAGES_BURST_PER_PEER),
    perSecond: Math.max(MESSAGES_PER_SECOND_MIN, capacity * MESSAGES_PER_SECOND_PER_PEER),
  };
  return {
    messages,
    // A client that heeds `retryAfterMs` needs one; 128 forgive what was already on its way.
    refusals: { burst: 128, perSecond: 1 },
    packets: {
      burst: messages.burst * PACKETS_PER_MESSAGE,
      perSecond: messages.perSecond * PACKETS_PER_MESSAGE,
    },
    // A school behind one address comes back at once when the server was restarted.
    joins: { burst: 256, perSecond: 16 },
    // A browser asks once per network interface and repeats a lost request seven times at most
    // (RFC 8489 section 6.2.1); the answer is three times as long as the question.
    stun: { burst: 256, perSecond: 64 },
    writeBufferMaxBytes: WRITE_BUFFER_MAX_BYTES,
    writeBufferMaxPackets: WRITE_BUFFER_MAX_PACKETS,
  };
}
