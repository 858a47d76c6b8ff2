import type { RemoteTrack } from 'peerline';
import { PICTURE_HEIGHT, PICTURE_WIDTH, readPicture, type PictureSource } from './barcode.ts';

/** How a watched picture has fared so far. */
export interface PictureReport {
  readonly frames: number;
  /** The longest time without a new frame, the one running now included. */
  readonly longestGapMs: number;
  /** What the newest frame shows. */
  readonly source: PictureSource | undefined;
}

/** Counts the frames of a video element, and reads who sends them. */
export class PictureWatch {
  readonly #video: HTMLVideoElement;
  /** By the wall clock. A call of hours would want a shorter memory; tests last minutes. */
  readonly #frameTimesMs: number[] = [];
  #longestGapMs = 0;
  #lastFrameAtMs: number;
  #handle: number;

  /** Time counts from now, so a picture that never comes is one long gap. */
  constructor(video: HTMLVideoElement) {
    this.#video = video;
    this.#lastFrameAtMs = performance.now();
    const frame = (): void => {
      this.#frameTimesMs.push(Date.now());
      this.#noteGap();
      this.#lastFrameAtMs = performance.now();
      this.#handle = video.requestVideoFrameCallback(frame);
    };
    this.#handle = video.requestVideoFrameCallback(frame);
  }

  report(): PictureReport {
    this.#noteGap();
    return {
      frames: this.#frameTimesMs.length,
      longestGapMs: this.#longestGapMs,
      source: readVideo(this.#video),
    };
  }

  /** When each frame was painted, by the wall clock. */
  get frameTimesMs(): readonly number[] {
    return this.#frameTimesMs;
  }

  /** @returns when the first frame came that was painted after a time, both by the wall clock */
  firstFrameAfter(timeMs: number): number | undefined {
    return this.#frameTimesMs.find((atMs) => atMs > timeMs);
  }

  /**
   * When the picture came to flow again: the frame that ended the last gap behind a time, by the wall
   * clock. What was under way when a path broke still comes, so a first frame alone would prove little.
   *
   * @param drainMs what comes so soon behind `timeMs` was under way before
   * @returns undefined until the picture has flowed for `calmMs` without a gap longer than `gapMs`
   */
  flowsSince(
    timeMs: number,
    { drainMs, gapMs, calmMs }: { drainMs: number; gapMs: number; calmMs: number },
  ): number | undefined {
    const times = this.#frameTimesMs.filter((atMs) => atMs > timeMs + drainMs);
    const since = times.findLast(
      (atMs, index) => index === 0 || atMs - (times[index - 1] ?? 0) > gapMs,
    );
    const lastMs = times.at(-1);
    if (since === undefined || lastMs === undefined) return undefined;
    return Date.now() - lastMs <= gapMs && lastMs - since >= calmMs ? since : undefined;
  }

  stop(): void {
    this.#video.cancelVideoFrameCallback(this.#handle);
  }

  /** Stops, and takes the element off the page. */
  remove(): void {
    this.stop();
    this.#video.srcObject = null;
    this.#video.remove();
  }

  #noteGap(): void {
    this.#longestGapMs = Math.max(this.#longestGapMs, performance.now() - this.#lastFrameAtMs);
  }
}

/** @returns who sends what the element shows, undefined where it shows no barcode */
export function readVideo(video: HTMLVideoElement): PictureSource | undefined {
  if (video.videoWidth === 0) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE_WIDTH;
  canvas.height = PICTURE_HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('the browser draws no canvas');
  context.drawImage(video, 0, 0, PICTURE_WIDTH, PICTURE_HEIGHT);
  return readPicture(context.getImageData(0, 0, PICTURE_WIDTH, PICTURE_HEIGHT));
}

/**
 * Shows a track in an element of its own, at a size that browsers still paint.
 *
 * @param remote shows it as the SDK does
 */
export function showTrack(
  track: MediaStreamTrack,
  remote?: Pick<RemoteTrack, 'attach'>,
): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.width = PICTURE_WIDTH;
  video.height = PICTURE_HEIGHT;
  if (remote === undefined) video.srcObject = new MediaStream([track]);
  else remote.attach(video);
  document.body.append(video);
  // An element that is taken away while it starts rejects; the watch tells whether it plays.
  video.play().catch(() => undefined);
  return video;
}
