import type {
  Device,
  LocalMedia,
  LocalMediaEvents,
  LocalSourceEvents,
  LocalSourceState,
} from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter } from '../base/events.ts';

/** Stands in where a program sends no media of its own, and spares it the code that would. */
export function createNoMedia(): LocalMedia {
  return new NoMedia();
}

const unsupported = (): Promise<never> =>
  Promise.reject(
    new PeerlineError(
      'media-unsupported',
      'no capture in `peerline/core`; pass `local: createLocalMedia()` of `peerline`',
    ),
  );

class NoSource<S extends 'camera' | 'microphone' | 'screen'> extends Emitter<LocalSourceEvents> {
  readonly source: S;
  readonly state: LocalSourceState = { status: 'off' };
  readonly audioTrack = undefined;
  readonly enable = unsupported;

  constructor(source: S) {
    super();
    this.source = source;
  }

  disable(): void {}
}

class NoMedia extends Emitter<LocalMediaEvents> implements LocalMedia {
  readonly camera = new NoSource('camera');
  readonly microphone = new NoSource('microphone');
  readonly screen = new NoSource('screen');
  readonly devices: readonly Device[] = [];
  readonly refreshDevices = unsupported;
  track(): undefined {}
  close(): void {}
}
