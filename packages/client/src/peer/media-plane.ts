import type { Description, MediaState, Source, Terms, View } from '@peerline/protocol';
import type {
  LocalMedia,
  MediaPreferences,
  NegotiatedMedia,
  PeerQuality,
  RemoteTrack,
  RoomPressure,
  RtcEnvironment,
} from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Connection } from './connection.ts';

/** The tracks that one peer gets. */
export type SharedTracks = Pick<LocalMedia, 'track'>;

/** What the media of one pair are made with. */
export interface PairMediaOptions {
  readonly local: SharedTracks;
  readonly rtc: RtcEnvironment;
  readonly clock: Clock;
  readonly onTrack: (track: RemoteTrack) => void;
  readonly onTrackEnded: (track: RemoteTrack) => void;
  readonly onQuality: (quality: PeerQuality) => void;
  /** The other side's camera is on, packets flow, and no frame comes. */
  readonly onStill: () => void;
  /** @returns false where no channel is open */
  readonly tellView: (view: View) => boolean;
  readonly onTrouble: (message: string) => void;
}

/** The media of one pair, over as many generations of its connection as it takes. */
export interface PairMedia {
  readonly tracks: ReadonlyMap<Source, RemoteTrack>;
  readonly negotiated: NegotiatedMedia;
  /** Brings a connection's transceivers in line with preferences and local tracks. */
  prepare(connection: Connection, stage: 'before-offer' | 'before-answer'): Promise<void>;
  /** The other side's description came. @returns its SDP, as it is to be applied */
  useDescription(description: Description): string;
  /** Offer and answer are applied; `answer` is the answer's SDP. */
  agreed(connection: Connection, answer: string): void;
  /** The other side told which of its sources are on. */
  useMedia(media: MediaState): void;
  /** The other side told how large it shows one's own pictures (SPEC.md, VIEW1). */
  useView(view: View): void;
  /** A channel to the other side opened. */
  channelOpened(): void;
  /** One of one's own sources went on or off, or changed its track. */
  localChanged(source: Source): void;
  /** The connection carries packets: quality is sampled from now on. */
  flows(connection: Connection): void;
  /** It does not any more. */
  stalled(): void;
  /** ICE finds no path: until packets flow again no picture is sent. */
  pause(): void;
  /** Packets were lost in numbers: every picture sent begins again with a key frame. */
  refresh(): void;
  close(): void;
}

/** A room's media: what it wants, and how pairs send and receive it. */
export interface MediaPlane {
  /** What the others are told (SPEC.md, TERMS1). */
  readonly terms: Terms;
  /** @throws PeerlineError `bad-options` */
  prefer(preferences: MediaPreferences): void;
  createPair(options: PairMediaOptions): PairMedia;
  /** Whether this machine keeps up with it. */
  readonly pressure: RoomPressure;
  /** Told of each change of it. @returns the teardown */
  on(event: 'pressure', listener: (pressure: RoomPressure) => void): () => void;
}
