import type { CaptureOptions, Device, LocalDeviceSource, LocalSourceState } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { captureError } from './capture-errors.ts';
import type { DeviceList } from './devices.ts';
import { LocalSource } from './local-source.ts';
import type { MediaPlatform } from './platform.ts';

/**
 * A muted microphone sends nothing at once, yet stays open for this long: people unmute right after
 * they muted, and opening one anew cuts off the first word (a second and more with Bluetooth).
 */
const MICROPHONE_LINGER_MS = 3_000;

const DEFAULTS = {
  camera: {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    facingMode: { ideal: 'user' },
  },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
} as const satisfies Record<string, MediaTrackConstraints>;

const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

type OnState = Extract<LocalSourceState, { status: 'on' }>;

/** An open device, in use or, behind `disable`, about to be closed. */
interface Capture {
  readonly on: OnState;
  readonly options: CaptureOptions;
  readonly unlisten: () => void;
}

/** What the source is to come to. A wish with `lost` is the machine's, to fill in for a device. */
interface Wish {
  readonly options: CaptureOptions;
  readonly lost?: { readonly device: Device | undefined };
}

export interface DeviceSourceDeps {
  readonly platform: MediaPlatform;
  readonly clock: Clock;
  readonly devices: DeviceList;
}

/**
 * A camera or microphone. `enable` and `disable` only say what is wished; one loop at a time brings
 * the device there and looks at the wish anew whenever the browser has answered, so that the last
 * wish wins whatever happens meanwhile. An `enable` that was overtaken shares the outcome of the
 * wish that overtook it; overtaken by `disable` it resolves, with the state `off`.
 *
 * A switch that fails throws and leaves the device that was on in use; only where that one cannot
 * be opened again either is the state `failed`.
 */
export class DeviceSource extends LocalSource implements LocalDeviceSource {
  readonly source: 'camera' | 'microphone';
  readonly #deps: DeviceSourceDeps;
  #wish: Wish | undefined;
  #running: Promise<void> | undefined;
  #capture: Capture | undefined;
  #cancelLinger: () => void = () => undefined;

  constructor(source: 'camera' | 'microphone', deps: DeviceSourceDeps, changed: () => void) {
    super(changed);
    this.source = source;
    this.#deps = deps;
  }

  async enable(options: CaptureOptions = {}): Promise<void> {
    this.checkOpen();
    this.#wish = { options };
    if (this.state.status !== 'on') {
      this.#cancelLinger();
      if (this.#capture !== undefined && fulfils(this.#capture, this.#wish)) {
        this.#capture.on.track.enabled = true;
        this.enter(this.#capture.on);
      } else {
        this.#release();
        this.enter({ status: 'starting' });
      }
    }
    return this.#run();
  }

  disable(): void {
    this.#wish = undefined;
    if (this.source === 'microphone' && this.state.status === 'on' && this.#capture !== undefined) {
      this.#capture.on.track.enabled = false;
      this.#cancelLinger = this.#deps.clock.setTimeout(() => this.#release(), MICROPHONE_LINGER_MS);
    } else if (this.state.status !== 'off') {
      this.#release();
    }
    this.enter({ status: 'off' });
  }

  /** Not every system ends the track of a device that goes away; the list tells of it as well. */
  devicesChanged(devices: readonly Device[]): void {
    const id = this.#capture?.on.device?.id;
    // A list without ids is one that the browser keeps from the page, and says nothing.
    if (id === undefined || id === '' || devices.every((device) => device.id === '')) return;
    const there = devices.some((device) => device.id === id && device.kind === KINDS[this.source]);
    if (this.#capture !== undefined && !there) this.#lose(this.#capture);
  }

  /** Off for good, and the device closed at once. */
  override close(): void {
    super.close();
    this.#cancelLinger();
    this.#release();
  }

  #run(): Promise<void> {
    this.#running ??= this.#settle();
    return this.#running;
  }

  async #settle(): Promise<void> {
    // Nothing below may end before `#running` is set.
    await Promise.resolve();
    try {
      while (this.#wish !== undefined && !this.#fulfilled(this.#wish)) await this.#open(this.#wish);
    } finally {
      this.#running = undefined;
    }
  }

  #fulfilled(wish: Wish): boolean {
    return (
      this.state.status === 'on' && this.#capture !== undefined && fulfils(this.#capture, wish)
    );
  }

  async #open(wish: Wish): Promise<void> {
    try {
      if (wish.lost === undefined) this.#adopt(await this.#request(wish.options));
      else await this.#replaceLost(wish, wish.lost.device);
    } catch (thrown) {
      if (this.#wish !== wish) return;
      const error = this.#typed(thrown);
      if (this.#capture === undefined) this.#fail(error);
      else if (error.code === 'device-in-use') return this.#swap(wish, this.#capture);
      else this.#wish = { options: this.#capture.options };
      throw error;
    }
  }

  /** For where only one device of a kind can be open: closes the old one first, returns to it if need be. */
  async #swap(wish: Wish, old: Capture): Promise<void> {
    this.#release();
    this.enter({ status: 'starting' });
    try {
      this.#adopt(await this.#request(wish.options));
    } catch (thrown) {
      if (this.#wish !== wish) return;
      const error = this.#typed(thrown);
      const back: Wish = { options: { ...old.options, ...idOf(old.on.device) } };
      this.#wish = back;
      await this.#request(back.options).then(
        (capture) => this.#adopt(capture),
        () => {
          if (this.#wish === back) this.#fail(error);
        },
      );
      throw error;
    }
  }

  /** On with another device of the kind, since it was on; asks nobody for further permission. */
  async #replaceLost(wish: Wish, lost: Device | undefined): Promise<void> {
    const devices = await this.#deps.devices.refreshQuietly();
    const others = devices.filter(
      ({ id, kind }) => kind === KINDS[this.source] && id !== '' && id !== lost?.id,
    );
    let error = new PeerlineError(
      'device-lost',
      `the ${this.source} went away and there is no other one; plug one in, then turn it on again`,
    );
    for (const device of others) {
      if (this.#wish !== wish) return;
      try {
        this.#adopt(await this.#request({ ...wish.options, ...idOf(device) }));
        if (this.#wish === wish) this.emit('devicelost', { lost, fallback: device });
        return;
      } catch (thrown) {
        const typed = this.#typed(thrown);
        if (typed.code !== 'permission-denied') continue;
        error = typed;
        break;
      }
    }
    if (this.#wish !== wish) return;
    this.#fail(error);
    this.emit('devicelost', { lost, fallback: undefined });
  }

  async #request(options: CaptureOptions): Promise<Capture> {
    const constraints: MediaTrackConstraints = { ...DEFAULTS[this.source], ...options.constraints };
    if (options.deviceId !== undefined) constraints.deviceId = { exact: options.deviceId };
    const [track] = await this.#deps.platform.getUserMedia(
      this.source === 'camera' ? { video: constraints } : { audio: constraints },
    );
    if (track === undefined) {
      throw new PeerlineError(
        'media-failed',
        `the browser gave no track for the ${this.source}; try again`,
      );
    }
    // Permission makes labels known; nothing here waits for them.
    void this.#deps.devices.refreshQuietly();
    const { deviceId } = track.getSettings();
    const device =
      deviceId === undefined
        ? undefined
        : { id: deviceId, kind: KINDS[this.source], label: track.label };
    const ended = (): void => this.#lose(capture);
    // Fires where the browser or the device ends the track, never for our own `stop`.
    track.addEventListener('ended', ended);
    const capture: Capture = {
      on: { status: 'on', track, stream: this.#deps.platform.streamOf(track), device },
      options,
      unlisten: () => track.removeEventListener('ended', ended),
    };
    return capture;
  }

  #adopt(capture: Capture): void {
    if (this.#wish === undefined || !fulfils(capture, this.#wish)) {
      close(capture);
      return;
    }
    this.#release();
    this.#capture = capture;
    this.enter(capture.on);
  }

  #lose(capture: Capture): void {
    if (this.#capture !== capture) return;
    this.#release();
    if (this.state.status !== 'on') return;
    // While a switch is under way, the device that it opens takes the place anyway.
    if (this.#running === undefined) {
      const { constraints } = capture.options;
      this.#wish = {
        options: constraints === undefined ? {} : { constraints },
        lost: { device: capture.on.device },
      };
      this.#run().catch(() => undefined);
    }
    this.enter({ status: 'starting' });
  }

  #release(): void {
    if (this.#capture === undefined) return;
    close(this.#capture);
    this.#capture = undefined;
  }

  #fail(error: PeerlineError): void {
    this.#wish = undefined;
    this.enter({ status: 'failed', error });
  }

  #typed(thrown: unknown): PeerlineError {
    return captureError(thrown, this.source, this.#deps.platform.secure);
  }
}

function fulfils({ on, options }: Capture, wish: Wish): boolean {
  const { deviceId, constraints } = wish.options;
  return (
    (deviceId === undefined || deviceId === on.device?.id || deviceId === options.deviceId) &&
    (constraints === undefined ||
      JSON.stringify(constraints) === JSON.stringify(options.constraints))
  );
}

function idOf(device: Device | undefined): { deviceId: string } | undefined {
  return device === undefined ? undefined : { deviceId: device.id };
}

function close(capture: Capture): void {
  capture.unlisten();
  capture.on.track.stop();
}
