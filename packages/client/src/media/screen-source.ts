import type { LocalScreen, LocalSourceState } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { shareError } from './capture-errors.ts';
import { LocalSource } from './local-source.ts';
import type { MediaPlatform } from './platform.ts';

/** Sound of a film or a slide is to be heard as it is; the filters are made for voices. */
const AUDIO: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** More than 30 pictures a second costs every peer's upload, and text gains nothing by it. */
const VIDEO: MediaTrackConstraints = { frameRate: { max: 30 } };

interface Share {
  readonly on: Extract<LocalSourceState, { status: 'on' }>;
  readonly tracks: readonly MediaStreamTrack[];
  readonly listening: AbortController;
}

/**
 * A shared screen. While one is shared, `enable` asks anew and replaces it; should the person cancel
 * then, the old one goes on. The newest `enable` or `disable` wins.
 */
export class ScreenSource extends LocalSource implements LocalScreen {
  readonly source = 'screen';
  readonly #platform: MediaPlatform;
  readonly #changed: () => void;
  #share: Share | undefined;
  #audioTrack: MediaStreamTrack | undefined;
  /** Counts what was asked for, so that an answer to something older is known as such. */
  #newest = 0;

  constructor(platform: MediaPlatform, changed: () => void) {
    super(changed);
    this.#platform = platform;
    this.#changed = changed;
  }

  get audioTrack(): MediaStreamTrack | undefined {
    return this.#audioTrack;
  }

  async enable(options: { readonly audio?: boolean } = {}): Promise<Disposable> {
    this.checkOpen();
    this.#newest += 1;
    const asked = this.#newest;
    if (this.#share === undefined) this.enter({ status: 'starting' });
    let share: Share | undefined;
    try {
      share = this.#shareOf(
        await this.#platform.getDisplayMedia({
          video: VIDEO,
          audio: options.audio === true ? AUDIO : false,
        }),
      );
    } catch (thrown) {
      const error = shareError(thrown, this.#platform.secure, this.#platform.displayAllowed);
      if (asked === this.#newest && this.#share === undefined) {
        // Who thinks better of it has not met with a failure.
        this.enter(
          error.code === 'share-cancelled' ? { status: 'off' } : { status: 'failed', error },
        );
      }
      throw error;
    }
    const ours = share;
    if (asked === this.#newest) this.#begin(ours);
    else end(ours);
    return {
      [Symbol.dispose]: () => {
        if (this.#share === ours) this.disable();
      },
    };
  }

  disable(): void {
    this.#newest += 1;
    this.#release();
    this.enter({ status: 'off' });
  }

  #shareOf(tracks: readonly MediaStreamTrack[]): Share {
    const track = tracks.find(({ kind }) => kind === 'video');
    if (track === undefined) {
      for (const other of tracks) other.stop();
      throw new PeerlineError(
        'media-failed',
        'the browser gave no picture of the screen; try again',
      );
    }
    // Sharp text before smooth motion (mst-content-hint); such a track keeps its resolution.
    track.contentHint = 'detail';
    const stream = this.#platform.streamOf(track);
    return {
      on: { status: 'on', track, stream, device: undefined },
      tracks,
      listening: new AbortController(),
    };
  }

  #begin(share: Share): void {
    this.#release();
    const audio = share.tracks.find(({ kind }) => kind === 'audio');
    if (audio !== undefined) audio.contentHint = 'music';
    this.#share = share;
    this.#audioTrack = audio;
    const { signal } = share.listening;
    // The browser's own bar ends the tracks, and so does the shared window when it is closed.
    share.on.track.addEventListener('ended', () => this.disable(), { signal });
    audio?.addEventListener(
      'ended',
      () => {
        this.#audioTrack = undefined;
        this.#changed();
      },
      { signal },
    );
    this.enter(share.on);
  }

  #release(): void {
    if (this.#share !== undefined) end(this.#share);
    this.#share = undefined;
    this.#audioTrack = undefined;
  }
}

function end(share: Share): void {
  share.listening.abort();
  for (const track of share.tracks) track.stop();
}
