import {
  knockEndedShape,
  knockShape,
  settingsShape,
  type Knock,
  type KnockEnded,
  type RoomSettings,
} from './door.ts';
import { JOIN_REFUSAL_CODES, PROBLEM_CODES } from './errors.ts';
import { cardShape, peerIdShape } from './ids.ts';
import { ROOM_PEERS_MAX, SIGNAL_BODY_MAX_BYTES } from './limits.ts';
import { parseWith, type Parsed } from './parse.ts';
import { integer, list, object, oneOf, optional, text, variant, type ValueOf } from './shape.ts';

/** One entry of `RTCConfiguration.iceServers` (webrtc-pc section 4.2.4). */
const iceServerShape = object({
  urls: list(text(512), 16, 1),
  username: optional(text(1024)),
  credential: optional(text(1024)),
});
export type IceServer = ValueOf<typeof iceServerShape>;

/** One is the server's own, the others are configured. */
const iceServersShape = list(iceServerShape, 16);

/** What a server says in words, for logs. */
const TEXT_MAX_CHARACTERS = 1024;

const roomVersion = integer(0);

/** Who is there, with what it brought to be sealed for; the server has not looked at it. */
const introduction = { peer: peerIdShape, card: cardShape } as const;
const introductionShape = object(introduction);
export type Introduction = ValueOf<typeof introductionShape>;

/** The first event behind an accepted join: the room as it is (SPEC.md, JOIN4). */
const welcomeShape = object({
  protocol: integer(1),
  /** Counts the room's changes of membership; `joined` and `left` carry the number they made. */
  version: roomVersion,
  /** The others in the room, in the order in which they came. */
  peers: list(introductionShape, ROOM_PEERS_MAX),
  settings: settingsShape,
  iceServers: iceServersShape,
  /** For how long their credentials are taken; absent where they last for good (SPEC.md, ICE1). */
  ttlMs: optional(integer(1)),
});
export type Welcome = ValueOf<typeof welcomeShape>;

const joinedShape = object({ ...introduction, version: roomVersion });
export type Joined = ValueOf<typeof joinedShape>;

/**
 * `left`: the peer said so. `lost`: its connection to the server was closed without a word. `silent`: it
 * stopped answering, as a machine does that sleeps or has lost its network (SPEC.md, LEAVE1).
 */
const leftShape = object({
  peer: peerIdShape,
  version: roomVersion,
  reason: oneOf(['left', 'lost', 'silent']),
});
export type Left = ValueOf<typeof leftShape>;

/** A relayed signal; `from` is stamped by the server (SPEC.md, RELAY2). */
const relayedShape = object({
  from: peerIdShape,
  body: text(SIGNAL_BODY_MAX_BYTES, 1),
  /** The sender's, where it is a visitor: nobody else has introduced it (SPEC.md, VISIT3). */
  card: optional(cardShape),
});
export type Relayed = ValueOf<typeof relayedShape>;

/** The same servers with new credentials, in place of those named before (SPEC.md, ICE3). */
const iceServersUpdateShape = object({ iceServers: iceServersShape, ttlMs: integer(1) });
export type IceServersUpdate = ValueOf<typeof iceServersUpdateShape>;

/** The token that this client joined with ends soon; a fresh one is asked for (SPEC.md, TOKEN5). */
const tokenExpiringShape = object({ ttlMs: integer(1) });
export type TokenExpiring = ValueOf<typeof tokenExpiringShape>;

/** A message of this client's that the server did not act on (SPEC.md, PROBLEM1). */
const problemShape = object({
  code: oneOf(PROBLEM_CODES),
  message: text(TEXT_MAX_CHARACTERS),
  /** The event it is about, where it is about one. */
  event: optional(text(TEXT_MAX_CHARACTERS)),
  /** The peer it is about, where it is about one. */
  peer: optional(peerIdShape),
  retryAfterMs: optional(integer(0)),
});
export type Problem = ValueOf<typeof problemShape>;

/** `data` of the Socket.IO CONNECT_ERROR packet (SPEC.md, JOIN5). */
const joinRefusalShape = object({
  code: oneOf(JOIN_REFUSAL_CODES),
  message: text(TEXT_MAX_CHARACTERS),
  retryAfterMs: optional(integer(0)),
});
export type JoinRefusal = ValueOf<typeof joinRefusalShape>;

/** The host was asked to let this client in (SPEC.md, DOOR4). */
const waitingShape = object({});
export type Waiting = ValueOf<typeof waitingShape>;

/** Messages that a server may send, by event name. */
export interface ServerMessages {
  readonly waiting: Waiting;
  readonly settings: RoomSettings;
  readonly knock: Knock;
  readonly 'knock-ended': KnockEnded;
  readonly welcome: Welcome;
  /** In the place of the welcome, for a visitor (SPEC.md, VISIT1). */
  readonly lobby: Welcome;
  readonly joined: Joined;
  readonly left: Left;
  readonly signal: Relayed;
  readonly problem: Problem;
  readonly 'ice-servers': IceServersUpdate;
  readonly 'token-expiring': TokenExpiring;
}
export type ServerEvent = keyof ServerMessages;

/** The same as a union, for code that handles them all. */
export type ServerMessage = {
  [E in ServerEvent]: { readonly event: E; readonly data: ServerMessages[E] };
}[ServerEvent];

const serverMessageShape = variant('event', {
  waiting: { data: waitingShape },
  settings: { data: settingsShape },
  knock: { data: knockShape },
  'knock-ended': { data: knockEndedShape },
  welcome: { data: welcomeShape },
  lobby: { data: welcomeShape },
  joined: { data: joinedShape },
  left: { data: leftShape },
  signal: { data: relayedShape },
  problem: { data: problemShape },
  'ice-servers': { data: iceServersUpdateShape },
  'token-expiring': { data: tokenExpiringShape },
});

/** Parses an event and its first argument as a client gets them from the server. */
export function parseServerMessage(event: unknown, data: unknown): Parsed<ServerMessage> {
  return parseWith(serverMessageShape, { event, data });
}

export function parseJoinRefusal(input: unknown): Parsed<JoinRefusal> {
  return parseWith(joinRefusalShape, input);
}
