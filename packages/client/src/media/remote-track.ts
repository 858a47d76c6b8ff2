import type { Shown } from '@peerline/protocol';
import type { RemoteTrack, Source } from '../api.ts';
import { systemClock, type Clock } from '../base/clock.ts';

/** What of an `RTCRtpReceiver` is used; libraries without a browser may lack the levels. */
export interface LevelReceiver {
  readonly track: MediaStreamTrack;
  getSynchronizationSources?(): readonly LevelSource[];
  getContributingSources?(): readonly LevelSource[];
}

type LevelSource = Pick<RTCRtpContributingSource, 'audioLevel' | 'source' | 'timestamp'>;

/**
 * Browsers list a source for 10 s after its last packet (webrtc-pc section 5.3); who has been quiet
 * for this long is silent. Longer than the pauses that Opus makes between comfort noise (400 ms).
 */
const LEVEL_STALE_MS = 500;

export interface ReceivedTrackOptions {
  readonly clock?: Clock;
  /** The largest of the elements that show a picture changed, or went. */
  readonly onShown?: (shown: Shown) => void;
}

const NOT_SHOWN: Shown = { width: 0, height: 0 };

/** A peer's track as the SDK hands it out; the `stream` has to be of this track alone. */
export class ReceivedTrack implements RemoteTrack {
  readonly source: Source;
  readonly stream: MediaStream;
  readonly #receiver: LevelReceiver;
  readonly #clock: Clock;
  readonly #onShown: ((shown: Shown) => void) | undefined;
  readonly #shown = new Map<HTMLMediaElement, Shown>();
  #newestTimestamp = -Infinity;
  #newestSeenMs = -Infinity;

  constructor(
    source: Source,
    receiver: LevelReceiver,
    stream: MediaStream,
    { clock = systemClock, onShown }: ReceivedTrackOptions = {},
  ) {
    this.source = source;
    this.stream = stream;
    this.#receiver = receiver;
    this.#clock = clock;
    this.#onShown = onShown;
  }

  get kind(): 'audio' | 'video' {
    return this.#receiver.track.kind === 'audio' ? 'audio' : 'video';
  }

  get track(): MediaStreamTrack {
    return this.#receiver.track;
  }

  /**
   * The element plays by its `autoplay`, so a browser that allows no sound before a click leaves it
   * `paused` rather than throwing: look at `element.paused` and call `element.play()` on a click.
   *
   * A browser that freezes the page pauses its elements, and leaves them so (measured in Chromium 156): what
   * played before plays again behind it.
   */
  attach(element: HTMLMediaElement): () => void {
    element.autoplay = true;
    // Else iPhones show every video full-screen.
    if ('playsInline' in element) element.playsInline = true;
    element.srcObject = this.stream;
    const page = element.ownerDocument;
    const listeners = new AbortController();
    const { signal } = listeners;
    let played = false;
    // Page Lifecycle, section 3: before anything is stopped, and once all of it goes on.
    page.addEventListener('freeze', () => (played = !element.paused), { signal });
    const resumed = (): void => {
      if (played) element.play().catch(() => undefined);
    };
    page.addEventListener('resume', resumed, { signal });
    void this.#watch(element, signal);
    return () => {
      listeners.abort();
      if (element.srcObject === this.stream) element.srcObject = null;
    };
  }

  /** Loaded once there is something to watch. Where it cannot be, the picture is sent in full. */
  async #watch(element: HTMLMediaElement, signal: AbortSignal): Promise<void> {
    if (this.kind !== 'video' || this.#onShown === undefined || !canWatch()) return;
    const watching = await import('./tile-watch.ts').catch(() => undefined);
    if (watching === undefined || signal.aborted) return;
    const stop = watching.watchTile(element, (shown) => {
      this.#shown.set(element, shown);
      this.#tellShown();
    });
    signal.addEventListener('abort', () => {
      stop();
      this.#shown.delete(element);
      this.#tellShown();
    });
  }

  #tellShown(): void {
    const largest = [...this.#shown.values()].reduce(
      (most, shown) => ({
        width: Math.max(most.width, shown.width),
        height: Math.max(most.height, shown.height),
      }),
      NOT_SHOWN,
    );
    this.#onShown?.(largest);
  }

  level(): number {
    const sources = [
      ...(this.#receiver.getSynchronizationSources?.() ?? []),
      ...(this.#receiver.getContributingSources?.() ?? []),
    ];
    // Browsers disagree on what timestamps count from, so only that they move is looked at.
    const newest = Math.max(-Infinity, ...sources.map(({ timestamp }) => timestamp));
    if (newest > this.#newestTimestamp) {
      this.#newestTimestamp = newest;
      this.#newestSeenMs = this.#clock.nowMs();
    }
    if (this.#clock.nowMs() - this.#newestSeenMs >= LEVEL_STALE_MS) return 0;
    return Math.max(0, ...sources.map(({ audioLevel }) => audioLevel ?? 0));
  }
}

/** Programs without a browser show their pictures in ways that nobody knows. */
function canWatch(): boolean {
  return typeof ResizeObserver === 'function' && typeof IntersectionObserver === 'function';
}
