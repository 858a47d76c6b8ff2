import { SOURCES } from '@peerline/protocol';
import type { Device, LocalMedia, LocalMediaEvents, LocalSourceState, Source } from '../api.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { Emitter } from '../base/events.ts';
import { captureError } from './capture-errors.ts';
import { DeviceSource } from './device-source.ts';
import { DeviceList } from './devices.ts';
import { browserPlatform, type MediaPlatform } from './platform.ts';
import { ScreenSource } from './screen-source.ts';

/**
 * One's own camera, microphone and screen, all off. May be made anywhere, on a server too; only
 * turning something on needs a browser.
 *
 * `disable` of the microphone silences it at once and closes the device 3 s later, so that who
 * unmutes soon is heard from the first word on; the camera is closed at once.
 */
export function createLocalMedia(
  platform: MediaPlatform = browserPlatform(),
  clock: Clock = systemClock,
): LocalMedia {
  return new CapturedMedia(platform, clock);
}

class CapturedMedia extends Emitter<LocalMediaEvents> implements LocalMedia {
  readonly camera: DeviceSource;
  readonly microphone: DeviceSource;
  readonly screen: ScreenSource;
  readonly #platform: MediaPlatform;
  readonly #devices: DeviceList;
  readonly #told = new Map<Source, MediaStreamTrack | undefined>();

  constructor(platform: MediaPlatform, clock: Clock) {
    super();
    this.#platform = platform;
    const devices = new DeviceList(platform, clock, (list) => {
      this.camera.devicesChanged(list);
      this.microphone.devicesChanged(list);
      this.emit('devices', list);
    });
    const changed = (): void => this.#tell();
    this.#devices = devices;
    const deps = { platform, clock, devices };
    this.camera = new DeviceSource('camera', deps, changed);
    this.microphone = new DeviceSource('microphone', deps, changed);
    this.screen = new ScreenSource(platform, changed);
  }

  get devices(): readonly Device[] {
    return this.#devices.current;
  }

  async refreshDevices(): Promise<readonly Device[]> {
    try {
      return await this.#devices.refresh();
    } catch (error) {
      throw captureError(error, 'camera', this.#platform.secure);
    }
  }

  track(source: Source): MediaStreamTrack | undefined {
    return source === 'screenAudio' ? this.screen.audioTrack : trackOf(this[source].state);
  }

  close(): void {
    this.camera.close();
    this.microphone.close();
    this.screen.close();
    this.#devices.close();
  }

  /** Tells of the sources whose track is another one than was told of last. */
  #tell(): void {
    for (const source of SOURCES) {
      const track = this.track(source);
      if (this.#told.get(source) === track) continue;
      this.#told.set(source, track);
      this.emit('change', source);
    }
  }
}

function trackOf(state: LocalSourceState): MediaStreamTrack | undefined {
  return state.status === 'on' ? state.track : undefined;
}
