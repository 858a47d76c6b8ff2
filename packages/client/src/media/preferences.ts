import type { Source, SourceTerms, Terms } from '@peerline/protocol';
import type { MediaPreferences, NegotiatedSource } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { perSource } from './per-source.ts';

/** The preferences of one source, with nothing left to guess. */
export interface SourcePlan {
  readonly receive: boolean;
  /** Codec names in order of preference; none leaves the order to the browser. */
  readonly codecs: readonly string[];
  /** In bits per second; undefined leaves it to the browser. */
  readonly maxSendBitrate: number | undefined;
  readonly maxReceiveBitrate: number | undefined;
}
export type MediaPlan = { readonly [S in Source]: SourcePlan };

/**
 * What goes to each peer at most, in bits per second, unless the builder says otherwise. In a mesh
 * every peer gets a picture of its own, so these are what a call of four can upload at home.
 * Speech is left to Opus, which takes about 32 kbit/s.
 */
const DEFAULT_MAX_SEND_BITRATE: { readonly [S in Source]: number | undefined } = {
  microphone: undefined,
  camera: 1_500_000,
  screen: 2_500_000,
  screenAudio: 128_000,
};

/** Below this a cap is surely kilobits taken for bits; the protocol takes none either. */
const BITRATE_MIN = 1_000;

/**
 * @throws PeerlineError `bad-options` where a bit rate is none
 */
export function planMedia(preferences: MediaPreferences = {}): MediaPlan {
  return perSource((source) => {
    const {
      receive = true,
      codecs = [],
      maxSendBitrate = DEFAULT_MAX_SEND_BITRATE[source],
      maxReceiveBitrate,
    } = preferences[source] ?? {};
    return {
      receive,
      codecs,
      maxSendBitrate: bitrate(maxSendBitrate, `${source}.maxSendBitrate`),
      maxReceiveBitrate: bitrate(maxReceiveBitrate, `${source}.maxReceiveBitrate`),
    };
  });
}

/** What the other side is told (SPEC.md, TERMS1). */
export function termsOf(plan: MediaPlan): Terms {
  return perSource((source): SourceTerms => {
    const { receive, maxReceiveBitrate } = plan[source];
    return maxReceiveBitrate === undefined
      ? { receive }
      : { receive, maxBitrate: maxReceiveBitrate };
  });
}

/** The cap in force: the smaller of the sender's own and the receiver's (SPEC.md, TERMS2). */
export function mergeCaps(own: number | undefined, remote: number | undefined): number | undefined {
  if (own === undefined || remote === undefined) return own ?? remote;
  return Math.min(own, remote);
}

/** What carries repairs, pauses or tones for other codecs and is never a choice by itself. */
const HELPERS: ReadonlySet<string> = new Set([
  'rtx',
  'red',
  'ulpfec',
  'flexfec-03',
  'cn',
  'telephone-event',
]);

/** `VP8` of `video/VP8`. */
export function codecName(codec: { readonly mimeType: string }): string {
  return codec.mimeType.slice(codec.mimeType.indexOf('/') + 1);
}

/** The names of what was negotiated, in its order, each once, without helpers such as rtx. */
export function codecNames(codecs: readonly { readonly mimeType: string }[]): readonly string[] {
  const names = codecs.map(codecName).filter((name) => !HELPERS.has(name.toLowerCase()));
  return [...new Set(names)];
}

/**
 * Capabilities in the preferred order, for `setCodecPreferences`: the named ones, then the others as
 * they were, then the helpers. None is dropped, since what is left out can never be negotiated; all
 * profiles of a name (H264 has many) keep their order.
 */
export function orderCodecs<C extends { readonly mimeType: string }>(
  capabilities: readonly C[],
  names: readonly string[],
): C[] {
  const wanted = names.map((name) => name.toLowerCase());
  const rank = (codec: C): number => {
    const name = codecName(codec).toLowerCase();
    if (HELPERS.has(name)) return wanted.length + 1;
    const index = wanted.indexOf(name);
    return index < 0 ? wanted.length : index;
  };
  return capabilities.toSorted((a, b) => rank(a) - rank(b));
}

/** What is known of one source on one connection. */
export interface NegotiationFacts {
  readonly own: SourcePlan;
  /** The other side's terms; undefined until they arrived. */
  readonly remote: SourceTerms | undefined;
  /** As the transceiver has them (webrtc-pc section 5.4). */
  readonly direction: RTCRtpTransceiverDirection;
  readonly currentDirection: RTCRtpTransceiverDirection | null;
  /** What the sender or receiver lists as negotiated, in its order. */
  readonly codecs: readonly { readonly mimeType: string }[];
}

/**
 * What both sides agreed on, seen from here. The terms decide (SPEC.md, TERMS2); where they agree
 * and the SDP does not yet, its negotiation is under way.
 */
export function negotiatedSource(facts: NegotiationFacts): NegotiatedSource {
  const { own, remote, direction, currentDirection } = facts;
  const agreed = (way: 'send' | 'recv'): 'agreed' | 'pending' | 'refused-by-peer' => {
    // A stopped transceiver means that the answer rejected the m-line.
    if (currentDirection === 'stopped') return 'refused-by-peer';
    return currentDirection !== null && flows(currentDirection, way) ? 'agreed' : 'pending';
  };
  const send = (): NegotiatedSource['send'] => {
    if (remote?.receive === false) return 'refused-by-peer';
    if (direction !== 'stopped' && !flows(direction, 'send')) return 'refused-here';
    return remote === undefined ? 'pending' : agreed('send');
  };
  const receive = (): NegotiatedSource['receive'] => {
    if (!own.receive) return 'refused-here';
    return remote === undefined ? 'pending' : agreed('recv');
  };
  return {
    send: send(),
    receive: receive(),
    codecs: codecNames(facts.codecs),
    maxBitrate: mergeCaps(own.maxSendBitrate, remote?.maxBitrate),
  };
}

function flows(direction: RTCRtpTransceiverDirection, way: 'send' | 'recv'): boolean {
  return direction === 'sendrecv' || direction === `${way}only`;
}

function bitrate(value: number | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (value >= BITRATE_MIN && value <= Number.MAX_SAFE_INTEGER) return Math.round(value);
  throw new PeerlineError(
    'bad-options',
    `${name} is ${value}; give bits per second, at least ${BITRATE_MIN}, or leave it out`,
  );
}
