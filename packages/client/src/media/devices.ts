import type { Clock } from '../base/clock.ts';
import type { Device } from '../api.ts';
import type { MediaPlatform } from './platform.ts';

/** A headset makes several `devicechange` events in a row, one for each of its devices. */
const DEVICE_CHANGE_SETTLE_MS = 200;

/** The newest list of devices; from its first refresh on it follows what is plugged in and out. */
export class DeviceList {
  readonly #platform: MediaPlatform;
  readonly #clock: Clock;
  readonly #changed: (devices: readonly Device[]) => void;
  #devices: readonly Device[] = [];
  #newestRefresh = 0;
  #cancelTimer: () => void = () => undefined;
  #unlisten: (() => void) | undefined;
  #closed = false;

  constructor(
    platform: MediaPlatform,
    clock: Clock,
    changed: (devices: readonly Device[]) => void,
  ) {
    this.#platform = platform;
    this.#clock = clock;
    this.#changed = changed;
  }

  get current(): readonly Device[] {
    return this.#devices;
  }

  async refresh(): Promise<readonly Device[]> {
    if (!this.#closed) this.#unlisten ??= this.#platform.onDeviceChange(() => this.#refreshSoon());
    this.#newestRefresh += 1;
    const refresh = this.#newestRefresh;
    const devices = await this.#platform.enumerateDevices();
    // Answers may overtake each other; only the one asked for last is kept.
    if (refresh !== this.#newestRefresh || this.#closed) return devices;
    if (JSON.stringify(devices) !== JSON.stringify(this.#devices)) {
      this.#devices = devices;
      this.#changed(devices);
    }
    return devices;
  }

  /** For when the list is only nice to have; what is known stays where the browser refuses. */
  refreshQuietly(): Promise<readonly Device[]> {
    return this.refresh().catch(() => this.#devices);
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#unlisten?.();
  }

  #refreshSoon(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.setTimeout(() => {
      void this.refreshQuietly();
    }, DEVICE_CHANGE_SETTLE_MS);
  }
}
