import type { BucketLimits } from './token-bucket.ts';

/** All bounds that protect the server; every one can be set in `createServer`. */
export interface ServerLimits {
  /** Messages of one connection. */
  readonly messages: BucketLimits;
  /** Messages of one connection that are answered with `rate-limited` before it is disconnected. */
  readonly refusals: BucketLimits;
  /** Packets of one connection, whatever is in them; above it the connection is cut without a word. */
  readonly packets: BucketLimits;
  /** Bytes of one connection, in the same way. */
  readonly bytes: BucketLimits;
  /** Messages of all members of a room; half of it in equal shares of their own. */
  readonly roomMessages: BucketLimits;
  /** Packets from one address, of all its connections; half of it in equal shares. */
  readonly addressPackets: BucketLimits;
  /** Bytes from one address, of all its connections; half of it in equal shares. */
  readonly addressBytes: BucketLimits;
  /** Joins from one address (IPv6: from one /64 network). */
  readonly joins: BucketLimits;
  /** Wrong passwords for one room from one address. */
  readonly passwords: BucketLimits;
  /** HTTP requests from one address: pages, polls and upgrades. */
  readonly requests: BucketLimits;
  /** New connections from one address, joined or not. */
  readonly openings: BucketLimits;
  /** Requests of one address that are told why they are refused; behind them its TCP connections are closed. */
  readonly refusedRequests: BucketLimits;
  /** TCP connections at a time, in all, whether or not anything came on them. */
  readonly socketsMax: number;
  /** TCP connections at a time from one address (IPv6: from one /64 network); not behind a proxy. */
  readonly socketsPerAddressMax: number;
  /** Connections at a time, in all. */
  readonly connectionsMax: number;
  /** Connections at a time from one address (IPv6: from one /64 network). */
  readonly connectionsPerAddressMax: number;
  /** Connections at a time from the network around it (IPv4: /24, IPv6: /48). */
  readonly connectionsPerNetworkMax: number;
  /** STUN requests from one address. */
  readonly stun: BucketLimits;
  /** What may wait to be written to one connection. */
  readonly writeBufferMaxBytes: number;
  readonly writeBufferMaxPackets: number;
  /** What may wait to be written to all connections together. */
  readonly writeBuffersMaxBytes: number;
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

/** Of all together: 32 readers that stall at their own cap, and no load at all in good times. */
const WRITE_BUFFERS_MAX_BYTES = 32 * 1024 * 1024;

/**
 * A sealed offer of eight lines is 16 KB, an answer as much, candidates 8 KB: 64 KB for each peer lets a
 * joiner say all of it one and a half times over.
 */
const BYTES_BURST_PER_PEER = 64 * 1024;
const BYTES_PER_SECOND_PER_PEER = 8 * 1024;
/** Eight of the largest packets that the transport takes at all. */
const BYTES_BURST_MIN = 1024 * 1024;
const BYTES_PER_SECOND_MIN = 128 * 1024;

/** Both sides of a pair; all pairs of a room may be set up anew at once, as when a server comes back. */
const ROOM_MESSAGES_BURST_PER_PAIR = 64;
const ROOM_MESSAGES_PER_SECOND_PER_PAIR = 2;
const ROOM_MESSAGES_BURST_MIN = 2_048;
const ROOM_MESSAGES_PER_SECOND_MIN = 256;

/** A process takes 65,536 descriptors on most systems; 16 KB a connection makes these 256 MB. */
const CONNECTIONS_MAX = 16_384;
/** A school or an office behind one address. */
const CONNECTIONS_PER_ADDRESS_MAX = 512;
/** A carrier puts many customers behind one /24. */
const ADDRESSES_PER_NETWORK = 4;
/** A connection that polls has two, and pages want some as well. */
const SOCKETS_PER_CONNECTION = 2;

type CapsInAll = Pick<ServerLimits, 'connectionsMax' | 'socketsMax'>;
type CapsPerAddress = Pick<
  ServerLimits,
  'connectionsPerAddressMax' | 'connectionsPerNetworkMax' | 'socketsPerAddressMax'
>;

/** What goes with so many connections in all. */
export function capsInAll(connections: number): CapsInAll {
  return { connectionsMax: connections, socketsMax: SOCKETS_PER_CONNECTION * connections };
}

/** What goes with so many connections of one address. */
export function capsPerAddress(connections: number): CapsPerAddress {
  return {
    connectionsPerAddressMax: connections,
    connectionsPerNetworkMax: ADDRESSES_PER_NETWORK * connections,
    socketsPerAddressMax: SOCKETS_PER_CONNECTION * connections,
  };
}

/** @param capacity how many peers a room takes */
export function defaultLimits(capacity: number): ServerLimits {
  const messages = {
    burst: Math.max(MESSAGES_BURST_MIN, capacity * MESSAGES_BURST_PER_PEER),
    perSecond: Math.max(MESSAGES_PER_SECOND_MIN, capacity * MESSAGES_PER_SECOND_PER_PEER),
  };
  const pairs = (capacity * (capacity - 1)) / 2;
  return {
    messages,
    // A client that heeds `retryAfterMs` needs one; 128 forgive what was already on its way.
    refusals: { burst: 128, perSecond: 1 },
    packets: {
      burst: messages.burst * PACKETS_PER_MESSAGE,
      perSecond: messages.perSecond * PACKETS_PER_MESSAGE,
    },
    bytes: {
      burst: Math.max(BYTES_BURST_MIN, capacity * BYTES_BURST_PER_PEER),
      perSecond: Math.max(BYTES_PER_SECOND_MIN, capacity * BYTES_PER_SECOND_PER_PEER),
    },
    roomMessages: {
      burst: Math.max(ROOM_MESSAGES_BURST_MIN, pairs * ROOM_MESSAGES_BURST_PER_PAIR),
      perSecond: Math.max(ROOM_MESSAGES_PER_SECOND_MIN, pairs * ROOM_MESSAGES_PER_SECOND_PER_PAIR),
    },
    // All 512 of a school set up a call of four at once, and talk on: 64 packets and 32 KB each, then 8 packets
    // a second.
    addressPackets: { burst: 32_768, perSecond: 4_096 },
    addressBytes: { burst: 16 * 1024 * 1024, perSecond: 2 * 1024 * 1024 },
    // A page is about 20 requests, a client that polls makes 4 a second for a while.
    requests: { burst: 4_096, perSecond: 256 },
    // Each client may try two ways at once, and 256 join at once (below).
    openings: { burst: 512, perSecond: 32 },
    // Who heeds Retry-After needs one answer; behind these nothing is read or written for it any more.
    refusedRequests: { burst: 128, perSecond: 4 },
    ...capsInAll(CONNECTIONS_MAX),
    ...capsPerAddress(CONNECTIONS_PER_ADDRESS_MAX),
    // A school behind one address comes back at once when the server was restarted.
    joins: { burst: 256, perSecond: 16 },
    // Who mistypes has eight tries; who guesses has 8,640 a day behind them, of passwords that take a second each.
    passwords: { burst: 8, perSecond: 0.1 },
    // A browser asks once per network interface and repeats a lost request seven times at most
    // (RFC 8489 section 6.2.1); the answer is three times as long as the question.
    stun: { burst: 256, perSecond: 64 },
    writeBufferMaxBytes: WRITE_BUFFER_MAX_BYTES,
    writeBufferMaxPackets: WRITE_BUFFER_MAX_PACKETS,
    writeBuffersMaxBytes: WRITE_BUFFERS_MAX_BYTES,
  };
}
