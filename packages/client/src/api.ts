/** The public face of the SDK, in one place to read. The folders beside this file fulfil it. */
import type {
  JsonValue,
  MediaState,
  PeerId,
  Presence,
  ProblemCode,
  Source,
} from '@peerline/protocol';
import type { JoinToken } from './api-access.ts';
import type { AskOptions, RoomAdmission } from './api-admission.ts';
import type { MessageMap, MessageSchemas } from './api-messages.ts';
import type { PeerQuality, RoomPressure } from './api-quality.ts';
import type {
  IdentityStore,
  LostReason,
  PeerVerification,
  Verification,
} from './api-verification.ts';
import type { TypedEvents } from './base/events.ts';
import type { PeerlineError } from './base/errors.ts';
import type { Diagnosis } from './diagnosis/verdicts.ts';
import type { RoomLink } from './link/room-link.ts';

export type * from './api-access.ts';
export type * from './api-admission.ts';
export type * from './api-messages.ts';
export type * from './api-quality.ts';
export type * from './api-verification.ts';
export type { JsonValue, MediaState, PeerId, Presence, Source };

export interface JoinOptions<M extends MessageMap = MessageMap> extends AskOptions {
  /** The room: a link made by `createRoomLink`, or its text (a whole URL, or `<name>.<key>`). */
  readonly room: RoomLink | string;
  /** Where the signaling server is; by default where the page came from. */
  readonly url?: string;
  /** Needed where the server asks for one: a builder's backend makes it. Asked for anew in time. */
  readonly token?: JoinToken;
  /** What the others see of this peer at once, such as `{ name: 'Ann' }`; at most 4 KB of JSON. */
  readonly presence?: Presence;
  /** Camera, microphone and screen opened beforehand, as in a lobby; by default new and all off. */
  readonly local?: LocalMedia;
  /** What to send and to take, in which codecs and up to which bit rates. */
  readonly media?: MediaPreferences;
  /** `false`: everyone gets pictures in full, however small they are shown. Default `true`. */
  readonly adapt?: boolean;
  /** Checks of what peers send, by message type; what fails is dropped and reported as a `problem`. */
  readonly messages?: MessageSchemas<M>;
  /** WebRTC for programs without a browser: `{ RTCPeerConnection }` of a library. */
  readonly rtc?: RtcEnvironment;
  /** Further STUN and TURN servers, beside those that the server names. */
  readonly iceServers?: readonly RTCIceServer[];
  /**
   * `true`: every connection goes over a TURN server (RFC 8656), so that the others do not learn this
   * machine's addresses, nor this one theirs. Without a TURN server that all reach, named by the
   * server or in `iceServers`, nobody is connected then. Default `false`.
   */
  readonly relayOnly?: boolean;
  /** The largest message taken from a peer, in bytes; 64 MiB unless told. */
  readonly messageMaxBytes?: number;
  /** Where who is verified is kept for later calls (see `peer.verify`); nowhere unless told. */
  readonly identities?: IdentityStore;
  /** Ends the joining, or the membership where it came about already. */
  readonly signal?: AbortSignal;
}

export interface RtcEnvironment {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  /** `RTCRtpReceiver.getCapabilities` is asked for codecs; without it, orders are left as they are. */
  readonly RTCRtpReceiver?: typeof RTCRtpReceiver;
  /** Only needed where tracks are received. */
  readonly MediaStream?: typeof MediaStream;
}

/** The preferences of one kind of source. All of them are wishes that the other side may narrow. */
export interface SourcePreferences {
  /** `false` refuses the source: nobody sends it here. */
  readonly receive?: boolean;
  /** Codecs in order of preference, by name: `['VP9', 'VP8']`, `['opus']`. Others come behind. */
  readonly codecs?: readonly string[];
  /** The most to send to each peer, in bits per second. */
  readonly maxSendBitrate?: number;
  /** The most to be sent by each peer, in bits per second. */
  readonly maxReceiveBitrate?: number;
}

export type MediaPreferences = { readonly [S in Source]?: SourcePreferences };

export interface Device {
  /** Empty as long as the person gave no permission. */
  readonly id: string;
  readonly kind: MediaDeviceKind;
  /** As the browser names it; empty as long as the person gave no permission. */
  readonly label: string;
}

/** Where one of one's own sources stands. */
export type LocalSourceState =
  | { readonly status: 'off' }
  | { readonly status: 'starting' }
  | {
      readonly status: 'on';
      readonly track: MediaStreamTrack;
      /** A stream of this track alone, for a preview. */
      readonly stream: MediaStream;
      /** The device in use, where there is one and the browser says. */
      readonly device: Device | undefined;
    }
  /** Could not be opened, or went away and nothing could take its place. Enable to try again. */
  | { readonly status: 'failed'; readonly error: PeerlineError };

export interface CaptureOptions {
  /** One of `local.devices`; the browser's default unless told. */
  readonly deviceId?: string;
  /** Further wishes, as `getUserMedia` takes them, all of them as ideals. */
  readonly constraints?: MediaTrackConstraints;
}

export interface LocalSourceEvents {
  state: LocalSourceState;
  /** The device went away while on; `fallback` is the one that took its place. */
  devicelost: { readonly lost: Device | undefined; readonly fallback: Device | undefined };
}

/** A camera or a microphone. */
export interface LocalDeviceSource extends TypedEvents<LocalSourceEvents> {
  readonly source: 'camera' | 'microphone';
  readonly state: LocalSourceState;
  /**
   * Opens the device (asking the person where needed) and sends it to everyone. While on with
   * another device, switches without a gap and without renegotiation.
   *
   * @throws PeerlineError `permission-denied`, `device-not-found`, `device-in-use`,
   *   `insecure-context`, `media-unsupported`, `media-failed`; the state is then `failed`, unless
   *   another device was on and goes on
   */
  enable(options?: CaptureOptions): Promise<void>;
  /**
   * Stops sending at once. The camera's light goes out at once too; the microphone is closed 3 s
   * later, so that who unmutes soon is heard from the first word on.
   */
  disable(): void;
}

/** A screen, a window or a tab. */
export interface LocalScreen extends TypedEvents<LocalSourceEvents> {
  readonly source: 'screen';
  readonly state: LocalSourceState;
  /** The sound of what is shared, where the person chose to share it. */
  readonly audioTrack: MediaStreamTrack | undefined;
  /**
   * Asks the person what to share, and shares it. Ends when the returned value is disposed of, on
   * `disable`, or when the person stops it in the browser's own bar.
   *
   * @throws PeerlineError `share-cancelled`, `permission-denied`, `media-unsupported`, `media-failed`
   */
  enable(options?: { readonly audio?: boolean }): Promise<Disposable>;
  disable(): void;
}

export interface LocalMediaEvents {
  /** Something was plugged in or out, or permission made the labels known. */
  devices: readonly Device[];
  /** A source went on or off, or its track changed. */
  change: Source;
}

/** One's own camera, microphone and screen. May be opened before a room is joined, and outlive it. */
export interface LocalMedia extends TypedEvents<LocalMediaEvents> {
  readonly camera: LocalDeviceSource;
  readonly microphone: LocalDeviceSource;
  readonly screen: LocalScreen;
  /** The newest list known; empty until `refreshDevices` or the first `enable`. */
  readonly devices: readonly Device[];
  refreshDevices(): Promise<readonly Device[]>;
  /** What goes out for a source right now, undefined while it is off. */
  track(source: Source): MediaStreamTrack | undefined;
  /** Turns everything off and stops listening to the browser. */
  close(): void;
}

/** What both sides agreed on for one source, seen from here (SPEC.md, TERMS1–2). */
export interface NegotiatedSource {
  /** `refused-by-peer` and `refused-here` say who does not want it; `pending` until the first answer. */
  readonly send: 'agreed' | 'refused-by-peer' | 'refused-here' | 'pending';
  readonly receive: 'agreed' | 'refused-by-peer' | 'refused-here' | 'pending';
  /** Codec names in the agreed order, the first one in use: `['VP9', 'VP8']`. */
  readonly codecs: readonly string[];
  /** The cap in force on what is sent, in bits per second: the smaller of both sides' caps. */
  readonly maxBitrate: number | undefined;
}
export type NegotiatedMedia = { readonly [S in Source]: NegotiatedSource };

/** Where the room's connection to the server stands. Calls go on in every state but `left`. */
export type RoomState =
  | { readonly status: 'joined' }
  | { readonly status: 'reconnecting'; readonly sinceMs: number; readonly attempt: number }
  | { readonly status: 'left'; readonly reason: LeaveReason };

export type LeaveReason =
  | { readonly code: 'requested' }
  | { readonly code: 'taken-over' }
  | { readonly code: 'refused'; readonly error: PeerlineError };

/**
 * Where the connection with one peer stands. The object survives everything but `lost`. `sinceMs` is a
 * moment on the clock of `performance.now()`.
 */
export type PeerState =
  | { readonly status: 'connecting'; readonly sinceMs: number }
  | { readonly status: 'connected'; readonly generation: number }
  /** Nothing comes from the peer, and it is being looked for. Its last frames stay where they are. */
  | { readonly status: 'recovering'; readonly sinceMs: number }
  /**
   * The server does not see the peer either, or its page said that it would be frozen. It may come back
   * within two minutes, as the same object; behind that it is `lost`.
   */
  | { readonly status: 'away'; readonly sinceMs: number }
  | { readonly status: 'lost'; readonly reason: LostReason };

export interface Message<
  M extends MessageMap = MessageMap,
  T extends keyof M & string = keyof M & string,
> {
  readonly type: T;
  readonly payload: M[T];
  readonly from: Peer<M>;
}

/** The union of all messages, to be told apart by `type`. */
export type AnyMessage<M extends MessageMap> = {
  [T in keyof M & string]: Message<M, T>;
}[keyof M & string];

export interface SendOptions {
  /** `false`: not sent again when lost, not in order, at most 60 KB. */
  readonly reliable?: boolean;
  /** Gives up waiting; a message of which a part has left is cut off. */
  readonly signal?: AbortSignal;
}

export interface RoomSendOptions extends SendOptions {
  /** One peer or several; everyone unless told. */
  readonly to?: PeerId | readonly PeerId[];
}

/** A track of a peer's, there from when the peer turned the source on until it turned it off. */
export interface RemoteTrack {
  readonly source: Source;
  /** What element it wants: `document.createElement(track.kind)`. */
  readonly kind: 'audio' | 'video';
  readonly track: MediaStreamTrack;
  /** A stream of this track alone. */
  readonly stream: MediaStream;
  /** Shows or plays the track in an element, until the returned function is called. */
  attach(element: HTMLMediaElement): () => void;
  /**
   * Loudness of an audio track, 0 to 1 (webrtc-pc section 5.3), 0 while silent or unknown. Chromium
   * measures it only while the track is attached to an element.
   */
  level(): number;
}

export interface PeerEvents {
  state: PeerState;
  /** The peer turned a source on or off. */
  media: MediaState;
  presence: Presence;
  track: RemoteTrack;
  trackended: RemoteTrack;
  negotiated: NegotiatedMedia;
  quality: PeerQuality;
  verification: PeerVerification;
}

export interface Peer<M extends MessageMap = MessageMap> extends TypedEvents<PeerEvents> {
  readonly id: PeerId;
  readonly presence: Presence;
  readonly state: PeerState;
  /** Which of its sources the peer has on. */
  readonly media: MediaState;
  /** Tracks of the sources that are on. `on('track')` replays them. */
  readonly tracks: ReadonlyMap<Source, RemoteTrack>;
  readonly negotiated: NegotiatedMedia;
  /** The newest sample; undefined before the first. Sampled every 2 s while connected. */
  readonly quality: PeerQuality | undefined;
  /** Who the peer is known to be. */
  readonly verification: PeerVerification;
  send<T extends keyof M & string>(type: T, payload: M[T], options?: SendOptions): Promise<void>;
  /** The browser's own statistics of the pair's connection. */
  stats(): Promise<RTCStatsReport>;
  /**
   * Looks for other paths at once (RFC 8445 section 9). The room does so by itself where it is of use;
   * this is for a button, or for news that only the program has.
   */
  restartIce(): void;
  /**
   * Words to compare with the other person, by voice or face to face. Where they are the same on both
   * sides nobody stands between the two, not even someone who holds the link and runs the server.
   * The same words for as long as the peer is in the room; the other side is not disturbed.
   *
   * @returns once the pair is connected
   * @throws PeerlineError `peer-gone`, `not-verified`
   */
  verify(): Promise<Verification>;
}

/**
 * Something went wrong that the room deals with itself: the server did not act on a message
 * (its code), sent nonsense, or what no holder of the link made (`not-genuine`), a peer's connection
 * met trouble, or no fresh token came (`token-failed`). For logs, not for people.
 */
export interface RoomProblem {
  readonly code:
    | ProblemCode
    | 'bad-server-message'
    | 'bad-peer-message'
    | 'peer-trouble'
    | 'not-genuine'
    | 'token-failed';
  readonly message: string;
}

export interface RoomEvents<M extends MessageMap> {
  /** Someone is there; `on('peer')` replays those present. */
  peer: Peer<M>;
  peerleft: Peer<M>;
  state: RoomState;
  message: AnyMessage<M>;
  problem: RoomProblem;
  /** This machine does not keep up with the room any more, or does again. Needs `adapt`. */
  pressure: RoomPressure;
}

export interface Room<M extends MessageMap = MessageMap>
  extends TypedEvents<RoomEvents<M>>, AsyncDisposable {
  /** This peer's own id. */
  readonly id: PeerId;
  /** Another one behind a removal; see `admission`. */
  readonly link: RoomLink;
  /** Who may be here, and who decides that. */
  readonly admission: RoomAdmission;
  readonly state: RoomState;
  /** How many the room takes, this peer included. */
  readonly capacity: number;
  readonly peers: ReadonlyMap<PeerId, Peer<M>>;
  readonly local: LocalMedia;
  /** Whether this machine keeps up; always `nominal` without media, or with `adapt: false`. */
  readonly pressure: RoomPressure;
  readonly presence: Presence;
  /** Tells everyone; throws `bad-presence` above 4 KB of JSON. */
  setPresence(presence: Presence): void;
  /** What to take from now on; the answer shows in each peer's `negotiated`. */
  setMediaPreferences(media: MediaPreferences): void;
  /**
   * Sends to everyone present, or to those named. Resolves once the message is handed to every
   * receiver's channel below its high-water mark, so awaiting it is all the backpressure there is.
   *
   * @throws PeerlineError `peer-gone` where a named receiver is not there (any more),
   *   `message-too-large`, `aborted`, `room-left`
   */
  send<T extends keyof M & string>(
    type: T,
    payload: M[T],
    options?: RoomSendOptions,
  ): Promise<void>;
  /** Messages of one type, from when it is called, for as long as the loop runs. */
  messages<T extends keyof M & string>(
    type: T,
    options?: { signal?: AbortSignal },
  ): AsyncIterable<Message<M, T>>;
  /**
   * Says what works and what does not: the server, UDP, each TURN server, the connection with each
   * peer, camera and microphone. Takes less than a second where all is well, and at most 8 s.
   *
   * @throws PeerlineError `aborted`, `room-left`
   */
  diagnose(options?: { readonly signal?: AbortSignal }): Promise<Diagnosis>;
  leave(): Promise<void>;
}
