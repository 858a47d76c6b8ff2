import { doorKeyShape, peerIdShape } from './ids.ts';
import {
  CANDIDATE_MAX_BYTES,
  CANDIDATES_PER_SIGNAL_MAX,
  ID_CHARACTERS,
  IDENTITY_TAGS_MAX,
  PRESENCE_MAX_BYTES,
  SIGNAL_BODY_MAX_BYTES,
} from './limits.ts';
import { parseJsonWith, parseWith, utf8Bytes, type JsonValue, type Parsed } from './parse.ts';
import {
  boolean,
  fail,
  integer,
  isRecord,
  list,
  nullable,
  object,
  oneOf,
  optional,
  text,
  variant,
  type Shape,
  type ValueOf,
} from './shape.ts';

/** What a peer can send, in the order of the m-lines of the fixed layout (SPEC.md, NEG2). */
export const SOURCES = ['microphone', 'camera', 'screen', 'screenAudio'] as const;
export type Source = (typeof SOURCES)[number];

const counter = integer(1);
const counterOrNone = integer(0);

/** `RTCIceCandidateInit` (webrtc-pc section 4.8.1.1) without what the layout makes needless. */
const candidateShape = object({
  candidate: text(CANDIDATE_MAX_BYTES),
  sdpMid: nullable(text(32)),
  sdpMLineIndex: nullable(integer(0, 64)),
  usernameFragment: optional(nullable(text(256))),
});
export type Candidate = ValueOf<typeof candidateShape>;

const candidatesShape = list(candidateShape, CANDIDATES_PER_SIGNAL_MAX);

/** What the sender of the terms takes of one source: nothing, or at most so many bits a second. */
const sourceTermsShape = object({
  receive: boolean,
  maxBitrate: optional(integer(1_000)),
});
export type SourceTerms = ValueOf<typeof sourceTermsShape>;

/** SPEC.md, TERMS1: codec order stands in the SDP, everything else stands here. */
const termsShape = object({
  microphone: sourceTermsShape,
  camera: sourceTermsShape,
  screen: sourceTermsShape,
  screenAudio: sourceTermsShape,
});
export type Terms = ValueOf<typeof termsShape>;

/** Which sources are live. The greater revision is the newer, whichever way it came (MEDIA1). */
const mediaStateShape = object({
  revision: counterOrNone,
  microphone: boolean,
  camera: boolean,
  screen: boolean,
  screenAudio: boolean,
});
export type MediaState = ValueOf<typeof mediaStateShape>;

/** Physical pixels; beyond any wall of screens. */
const pixels = integer(0, 32_768);
const shownShape = object({ width: pixels, height: pixels });
/** How large a picture is shown; nothing where its height is none. */
export type Shown = ValueOf<typeof shownShape>;

/** How large the receiver shows the sender's pictures (SPEC.md, VIEW1). */
const viewShape = object({ camera: optional(shownShape), screen: optional(shownShape) });
export type View = ValueOf<typeof viewShape>;

const jsonShape: Shape<JsonValue> = (input, path) => {
  if (Array.isArray(input)) return input.map((item) => jsonShape(item, path));
  if (isRecord(input)) return jsonObjectShape(input, path);
  const plain =
    input === null ||
    typeof input === 'string' ||
    typeof input === 'boolean' ||
    (typeof input === 'number' && Number.isFinite(input));
  return plain ? input : fail('expected JSON', path);
};

const jsonObjectShape: Shape<{ [key: string]: JsonValue }> = (input, path) => {
  if (!isRecord(input)) return fail('expected an object', path);
  // Made of entries, so that a key like `__proto__` is a key and no more.
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, jsonShape(value, path)]),
  );
};

/** What a peer tells about itself: `name`, and whatever a builder adds. Never shown to the server. */
const presenceShape: Shape<{ [key: string]: JsonValue }> = (input, path) => {
  const presence = jsonObjectShape(input, path);
  return utf8Bytes(JSON.stringify(presence)) <= PRESENCE_MAX_BYTES
    ? presence
    : fail(`presence of more than ${PRESENCE_MAX_BYTES} bytes`, path);
};
export type Presence = ValueOf<typeof presenceShape>;

const presenceUpdateShape = object({ revision: counterOrNone, value: presenceShape });
export type PresenceUpdate = ValueOf<typeof presenceUpdateShape>;

const sdpShape = text(SIGNAL_BODY_MAX_BYTES, 1);

const description = {
  generation: counter,
  negotiation: counter,
  sdp: sdpShape,
  candidates: candidatesShape,
  terms: termsShape,
  media: mediaStateShape,
  presence: presenceUpdateShape,
} as const;

/** What two peers say to each other to connect (SPEC.md, section Negotiation). */
const signalShape = variant('type', {
  offer: description,
  answer: description,
  candidates: { generation: counter, negotiation: counter, candidates: candidatesShape },
  'need-offer': {
    /** The newest that the sender knows, 0 for none. */
    generation: counterOrNone,
    /** The last negotiation that the sender has applied, so that an offer on its way is not asked for. */
    negotiation: counterOrNone,
    want: oneOf(['exchange', 'ice-restart', 'rebuild']),
    /** It is void where the offerer's connection of that generation is up (SPEC.md, NEG13). */
    unlessUp: optional(boolean),
  },
  rejected: { generation: counter, negotiation: counter, message: text(512) },
  refresh: {},
  hail: {},
});
export type Signal = ValueOf<typeof signalShape>;
export type Description = Extract<Signal, { type: 'offer' | 'answer' }>;

/** The numbered frame that carries a signal, or an acknowledgement alone (SPEC.md, DELIV1). */
const envelopeShape = object({
  epoch: counter,
  toEpoch: counterOrNone,
  seq: counterOrNone,
  base: counter,
  ack: counterOrNone,
  signal: optional(signalShape),
});
export type Envelope = ValueOf<typeof envelopeShape>;

/** Parses what a relayed signal was found to hold. */
export function parseEnvelope(body: string): Parsed<Envelope> {
  return parseJsonWith(envelopeShape, body);
}

/** An envelope as the way over a third peer sees it. */
const sealedShape = text(SIGNAL_BODY_MAX_BYTES, 1);

const DIGEST_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** 32 bytes in base64url (SPEC.md, WORDS1). */
const digestShape: Shape<string> = (input, path) =>
  typeof input === 'string' && DIGEST_PATTERN.test(input)
    ? input
    : fail('expected 32 bytes in base64url', path);

/** A turn of the exchange that two peers' words to compare come of (SPEC.md, section Words). */
const wordsTurnShape = variant('step', {
  ask: {},
  commit: { hash: digestShape },
  nonce: { nonce: digestShape },
  reveal: { nonce: digestShape },
});
export type WordsTurn = ValueOf<typeof wordsTurnShape>;

/** What lets a device be known again by those whose words it compared (SPEC.md, section Identity). */
const identityTurnShape = variant('step', {
  known: { tags: list(digestShape, IDENTITY_TAGS_MAX) },
  kept: { tag: digestShape },
});

/** What travels as text on the pair's own data channel (SPEC.md, CTRL1). */
const controlShape = variant('type', {
  media: { media: mediaStateShape },
  presence: { presence: presenceUpdateShape },
  signal: { envelope: envelopeShape },
  limits: { messageMaxBytes: counter },
  ack: { message: counter },
  view: { view: viewShape },
  refuse: { message: counter, code: oneOf(['too-large']) },
  ping: { id: counter },
  pong: { id: counter },
  forward: { to: peerIdShape, body: sealedShape },
  forwarded: { from: peerIdShape, body: sealedShape },
  words: { turn: wordsTurnShape },
  identity: { turn: identityTurnShape },
  'mute-request': { source: oneOf(SOURCES) },
  rekey: {
    link: object({ name: text(64, 1), key: text(ID_CHARACTERS, ID_CHARACTERS) }),
    door: optional(doorKeyShape),
    removed: peerIdShape,
  },
  enter: {},
  away: {},
  bye: {},
});
export type Control = ValueOf<typeof controlShape>;

export function parseControl(frame: string): Parsed<Control> {
  return parseJsonWith(controlShape, frame);
}

export function parsePresence(input: unknown): Parsed<Presence> {
  return parseWith(presenceShape, input);
}
