import type {
  Device,
  LocalDeviceSource,
  LocalMedia,
  LocalMediaEvents,
  LocalScreen,
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

class NoSource extends Emitter<LocalSourceEvents> {
  readonly state: LocalSourceState = { status: 'off' };
  readonly enable = unsupported;
  disable(): void {}
}

class NoDevice<S extends 'camera' | 'microphone'> extends NoSource implements LocalDeviceSource {
  readonly source: S;
  constructor(source: S) {
    super();
    this.source = source;
  }
}

class NoScreen extends NoSource implements LocalScreen {
  readonly source = 'screen';
  readonly audioTrack = undefined;
}

class NoMedia extends Emitter<LocalMediaEvents> implements LocalMedia {
  readonly camera = new NoDevice('camera');
  readonly microphone = new NoDevice('microphone');
  readonly screen = new NoScreen();
  readonly devices: readonly Device[] = [];
  readonly refreshDevices = unsupported;
  track(): undefined {}
  close(): void {}
}
