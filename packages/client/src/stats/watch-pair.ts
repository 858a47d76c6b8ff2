import { sampleQuality, type QualitySampling } from './quality-sampler.ts';
import { StillPicture } from './still-picture.ts';
import type { PeerQuality } from '../api.ts';

export interface PairWatching extends Omit<QualitySampling, 'onSample'> {
  /** Whether the other side has its camera on, and it is taken here. */
  readonly hasCamera: () => boolean;
  readonly onQuality: (quality: PeerQuality) => void;
  readonly onStill: () => void;
}

/** Watches over one connection for as long as packets flow. */
export function watchPair({ hasCamera, onQuality, onStill, ...sampling }: PairWatching): void {
  const camera = new StillPicture();
  sampleQuality({
    ...sampling,
    onSample: (quality, { frames }) => {
      onQuality(quality);
      // A screen that is shared may well stand still; a camera that is on does not.
      if (camera.sample(hasCamera() ? (frames.get('camera') ?? 0) : undefined)) onStill();
    },
  });
}
