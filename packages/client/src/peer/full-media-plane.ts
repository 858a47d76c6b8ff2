import type { MediaState, Source, Terms } from '@peerline/protocol';
import type { MediaPreferences, NegotiatedMedia, RemoteTrack } from '../api.ts';
import { planMedia, termsOf, type MediaPlan } from '../media/preferences.ts';
import type { Connection } from './connection.ts';
import { adoptLayout, codecsBySection, layOut, sourcesByMid } from './layout.ts';
import type { MediaPlane, PairMedia, PairMediaOptions } from './media-plane.ts';
import { OutgoingMedia, pendingMedia } from './outgoing-media.ts';
import { RemoteTracks } from './remote-tracks.ts';

/** Sends and receives camera, microphone and screen, as both sides want them. */
export class FullMediaPlane implements MediaPlane {
  #plan: MediaPlan;

  /** @throws PeerlineError `bad-options` */
  constructor(preferences: MediaPreferences) {
    this.#plan = planMedia(preferences);
  }

  get terms(): Terms {
    return termsOf(this.#plan);
  }

  prefer(preferences: MediaPreferences): void {
    this.#plan = planMedia(preferences);
  }

  createPair(options: PairMediaOptions): PairMedia {
    return new FullPairMedia(options, () => this.#plan);
  }
}

class FullPairMedia implements PairMedia {
  readonly #options: PairMediaOptions;
  readonly #outgoing: OutgoingMedia;
  readonly #incoming: RemoteTracks;
  #negotiated: NegotiatedMedia = pendingMedia();
  #sampling: AbortController | undefined;

  constructor(options: PairMediaOptions, plan: () => MediaPlan) {
    const { local, rtc, clock, onTrack, onTrackEnded, onTrouble } = options;
    this.#options = options;
    this.#outgoing = new OutgoingMedia({ local, rtc, clock, plan, onTrouble });
    this.#incoming = new RemoteTracks({ rtc, onTrack, onEnded: onTrackEnded });
  }

  get tracks(): ReadonlyMap<Source, RemoteTrack> {
    return this.#incoming.current;
  }

  get negotiated(): NegotiatedMedia {
    return this.#negotiated;
  }

  async prepare(connection: Connection, stage: 'before-offer' | 'before-answer'): Promise<void> {
    if (connection.layout.size === 0) {
      const { rtc } = this.#options;
      connection.layout =
        stage === 'before-offer' ? layOut(connection.pc, rtc) : adoptLayout(connection.pc, rtc);
    }
    await this.#outgoing.use(connection.layout);
  }

  useTerms(terms: Terms): void {
    this.#outgoing.useTerms(terms);
  }

  agreed(connection: Connection, answer: string): void {
    this.#negotiated = this.#outgoing.agreed(codecsBySection(answer));
    this.#incoming.useLayout(connection.layout);
  }

  useMedia(media: MediaState): void {
    this.#incoming.useMedia(media);
  }

  localChanged(source: Source): void {
    void this.#outgoing.sync(source);
  }

  flows(connection: Connection): void {
    this.stalled();
    this.#outgoing.pause(false);
    const sampling = new AbortController();
    this.#sampling = sampling;
    void this.#watch(connection, sampling.signal);
  }

  stalled(): void {
    this.#sampling?.abort();
  }

  pause(): void {
    this.#outgoing.pause(true);
  }

  refresh(): void {
    this.#outgoing.refresh();
  }

  close(): void {
    this.stalled();
    this.#incoming.clear();
    this.#outgoing.silence();
  }

  /** Loaded once packets flow: nothing of it is needed to get there. */
  async #watch(connection: Connection, signal: AbortSignal): Promise<void> {
    const { clock, onQuality, onStill, onTrouble } = this.#options;
    try {
      const { watchPair } = await import('../stats/watch-pair.ts');
      watchPair({
        clock,
        signal,
        read: () => connection.pc.getStats(),
        sources: () => sourcesByMid(connection.layout),
        hasCamera: () => this.tracks.has('camera'),
        onQuality,
        onStill,
      });
    } catch (error) {
      onTrouble(`quality is not watched: ${String(error)}`);
    }
  }
}
