import type { PeerQuality } from '../api.ts';
import { sampleQuality, type QualitySampling } from './quality-sampler.ts';
import { readStats } from './quality.ts';
import { StillPicture } from './still-picture.ts';

export interface PairWatching extends Omit<QualitySampling, 'onSample'> {
  /** Whether the other side has its camera on, and it is taken here. */
  readonly hasCamera: () => boolean;
  readonly onQuality: (quality: PeerQuality) => void;
  /** The picture is to be asked for. */
  readonly onStill: () => void;
}

/**
 * Where the first key frame was lost Chromium asks for another one behind 3 s. Encoding takes its time, the
 * way there and back as well; asking for a second one too soon would hold up a slow path.
 */
const LOOK_MS = 250;
const FIRST_FRAME_MAX_MS = 2_500;
const ENCODED_WITHIN_MS = 200;

/** Watches over one connection for as long as packets flow. */
export function watchPair(watching: PairWatching): void {
  const { hasCamera, onQuality, onStill, ...sampling } = watching;
  const camera = new StillPicture();
  sampleQuality({
    ...sampling,
    onSample: (quality, { frames }) => {
      onQuality(quality);
      // A screen that is shared may well stand still; a camera that is on does not.
      if (camera.sample(hasCamera() ? (frames.get('camera')?.received ?? 0) : undefined)) onStill();
    },
  });
  void awaitFirstFrame(watching);
}

async function awaitFirstFrame(watching: PairWatching): Promise<void> {
  const { clock, signal, read, sources, hasCamera, onStill } = watching;
  const beginMs = clock.nowMs();
  let askedMs = beginMs;
  let cancel = (): void => undefined;
  signal.addEventListener('abort', () => cancel(), { once: true });
  const nextLook = (): Promise<void> =>
    new Promise((resolve) => {
      cancel = clock.setTimeout(resolve, LOOK_MS);
    });
  while (clock.nowMs() - beginMs < FIRST_FRAME_MAX_MS) {
    await nextLook();
    const report = await read().catch(() => undefined);
    if (signal.aborted || report === undefined) return;
    const { frames, rttMs = 0 } = readStats(report, sources());
    const camera = frames.get('camera');
    if (camera !== undefined && camera.decoded > 0) return;
    if (!hasCamera() || clock.nowMs() - askedMs < ENCODED_WITHIN_MS + rttMs) continue;
    askedMs = clock.nowMs();
    onStill();
  }
}
