import type { Description, MediaState, Source, Terms, View } from '@peerline/protocol';
import type { MediaPreferences, NegotiatedMedia, RemoteTrack, RoomPressure } from '../api.ts';
import { Emitter } from '../base/events.ts';
import type { Adaptation } from '../media/adaptation.ts';
import { OwnView } from '../media/own-view.ts';
import { planMedia, termsOf, type MediaPlan } from '../media/preferences.ts';
import { packetMs, sparingAudio } from '../media/sparing-audio.ts';
import type { Connection } from './connection.ts';
import { adoptLayout, codecsBySection, layOut, sourcesByMid } from './layout.ts';
import type { MediaPlane, PairMedia, PairMediaOptions } from './media-plane.ts';
import { OutgoingMedia, pendingMedia, type Limits } from './outgoing-media.ts';
import { RemoteTracks } from './remote-tracks.ts';

/** Sends and receives camera, microphone and screen, as both sides want them. */
export class FullMediaPlane extends Emitter<{ pressure: RoomPressure }> implements MediaPlane {
  #plan: MediaPlan;
  readonly #isAdapting: boolean;
  readonly #pairs = new Set<FullPairMedia>();
  #adaptation: Adaptation | undefined;
  #isLoading = false;

  /**
   * @param isAdapting whether pictures are sent as they are shown, and as this machine bears it
   * @throws PeerlineError `bad-options`
   */
  constructor(preferences: MediaPreferences, isAdapting = true) {
    super();
    this.#plan = planMedia(preferences);
    this.#isAdapting = isAdapting;
  }

  get terms(): Terms {
    return termsOf(this.#plan);
  }

  get pressure(): RoomPressure {
    return this.#adaptation?.pressure ?? { status: 'nominal' };
  }

  prefer(preferences: MediaPreferences): void {
    this.#plan = planMedia(preferences);
  }

  createPair(options: PairMediaOptions): PairMedia {
    const pair: FullPairMedia = new FullPairMedia({
      ...options,
      plan: () => this.#plan,
      spare: (sdp) => (this.#isAdapting ? sparingAudio(sdp, packetMs(this.#pairs.size)) : sdp),
      limits: (facts) => this.#adaptation?.limits({ ...facts, receivers: this.#pairs.size }),
      onQuality: (quality) => {
        if (this.#adaptation?.sample(quality.limitedBy === 'cpu') === true) this.#limit();
        options.onQuality(quality);
      },
      onClose: () => {
        this.#pairs.delete(pair);
        this.#limit();
      },
    });
    this.#pairs.add(pair);
    if (this.#isAdapting && !this.#isLoading) void this.#load(options);
    this.#limit();
    return pair;
  }

  /** Nothing of it is needed to get a first picture across. */
  async #load({ clock, onTrouble }: PairMediaOptions): Promise<void> {
    this.#isLoading = true;
    try {
      const { Adaptation } = await import('../media/adaptation.ts');
      this.#adaptation = new Adaptation(clock, (pressure) => this.emit('pressure', pressure));
      this.#limit();
    } catch (error) {
      this.#isLoading = false;
      onTrouble(`pictures are sent in full: ${String(error)}`);
    }
  }

  #limit(): void {
    this.#adaptation?.watch(this.#pairs.size);
    for (const pair of this.#pairs) pair.limit();
  }
}

interface FullPairMediaOptions extends PairMediaOptions {
  readonly plan: () => MediaPlan;
  /** @returns a description's SDP, with what this side sends by it */
  readonly spare: (sdp: string) => string;
  readonly limits: Limits;
  readonly onClose: () => void;
}

class FullPairMedia implements PairMedia {
  readonly #options: FullPairMediaOptions;
  readonly #ownView: OwnView;
  readonly #outgoing: OutgoingMedia;
  readonly #incoming: RemoteTracks;
  #negotiated: NegotiatedMedia = pendingMedia();
  #sampling: AbortController | undefined;

  constructor(options: FullPairMediaOptions) {
    const { local, rtc, clock, plan, limits, onTrack, onTrackEnded, onTrouble, tellView } = options;
    this.#options = options;
    this.#ownView = new OwnView(clock, tellView);
    this.#outgoing = new OutgoingMedia({ local, rtc, clock, plan, limits, onTrouble });
    this.#incoming = new RemoteTracks({
      rtc,
      onTrack,
      onEnded: onTrackEnded,
      onShown: (source, shown) => this.#ownView.show(source, shown),
    });
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

  useDescription({ terms, sdp }: Description): string {
    this.#outgoing.useTerms(terms);
    return this.#options.spare(sdp);
  }

  agreed(connection: Connection, answer: string): void {
    this.#negotiated = this.#outgoing.agreed(codecsBySection(answer));
    this.#incoming.useLayout(connection.layout);
  }

  useMedia(media: MediaState): void {
    this.#incoming.useMedia(media);
  }

  useView(view: View): void {
    this.#outgoing.useView(view);
  }

  channelOpened(): void {
    this.#ownView.opened();
  }

  limit(): void {
    this.#outgoing.limit();
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
    this.#ownView.close();
    this.#outgoing.silence();
    this.#options.onClose();
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
        hasCamera: () => this.tracks.has('camera') && !this.#ownView.isHidden('camera'),
        onQuality,
        onStill,
      });
    } catch (error) {
      onTrouble(`quality is not watched: ${String(error)}`);
    }
  }
}
