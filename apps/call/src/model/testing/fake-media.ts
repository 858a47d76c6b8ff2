import {
  PeerlineError,
  type CaptureOptions,
  type Device,
  type LocalDeviceSource,
  type LocalMedia,
  type LocalMediaEvents,
  type LocalScreen,
  type LocalSourceEvents,
  type LocalSourceState,
  type PeerlineErrorCode,
  type Source,
} from 'peerline';
import { FakeEvents } from './fake-events.ts';
import { fakeTracks, type TrackFactory } from './fake-tracks.ts';

export const FAKE_DEVICES: readonly Device[] = [
  { id: 'mic-1', kind: 'audioinput', label: 'Built-in microphone' },
  { id: 'mic-2', kind: 'audioinput', label: 'Headset' },
  { id: 'cam-1', kind: 'videoinput', label: 'FaceTime HD camera' },
  { id: 'cam-2', kind: 'videoinput', label: 'Desk camera' },
  { id: 'spk-1', kind: 'audiooutput', label: 'Built-in speakers' },
  { id: 'spk-2', kind: 'audiooutput', label: 'Headset' },
];

const KINDS = { microphone: 'audioinput', camera: 'videoinput' } as const;

export class FakeDeviceSource extends FakeEvents<LocalSourceEvents> implements LocalDeviceSource {
  readonly source: 'camera' | 'microphone';
  state: LocalSourceState = { status: 'off' };
  /** What the next tries end in; undefined to let them succeed. */
  failure: PeerlineErrorCode | undefined;
  /** The options of every `enable`, in order. */
  readonly asked: CaptureOptions[] = [];
  readonly #media: FakeLocalMedia;

  constructor(source: 'camera' | 'microphone', media: FakeLocalMedia) {
    super();
    this.source = source;
    this.#media = media;
  }

  async enable(options: CaptureOptions = {}): Promise<void> {
    this.asked.push(options);
    this.become({ status: 'starting' });
    await Promise.resolve();
    const device = this.#find(options.deviceId);
    const failure = this.failure ?? (device === undefined ? 'device-not-found' : undefined);
    if (failure !== undefined) {
      const error = new PeerlineError(failure, `the fake was told to fail with ${failure}`);
      this.become({ status: 'failed', error });
      throw error;
    }
    if (this.state.status !== 'starting') return;
    this.#turnOn(device);
  }

  disable(): void {
    this.become({ status: 'off' });
  }

  /** Pulls the plug of the device in use. */
  unplug(fallbackId?: string): void {
    const lost = this.state.status === 'on' ? this.state.device : undefined;
    const fallback = fallbackId === undefined ? undefined : this.#find(fallbackId);
    if (fallback !== undefined) this.#turnOn(fallback);
    else this.become({ status: 'failed', error: new PeerlineError('device-lost', 'unplugged') });
    this.emit('devicelost', { lost, fallback });
  }

  become(state: LocalSourceState): void {
    this.state = state;
    this.emit('state', state);
    this.#media.emit('change', this.source);
  }

  #find(id: string | undefined): Device | undefined {
    const kind = KINDS[this.source];
    return this.#media.plugged.find(
      (known) => known.kind === kind && (id ?? known.id) === known.id,
    );
  }

  #turnOn(device: Device | undefined): void {
    const kind = this.source === 'camera' ? 'video' : 'audio';
    const track = this.#media.tracks.track(kind, 'You');
    this.become({ status: 'on', track, stream: this.#media.tracks.stream([track]), device });
  }
}

export class FakeScreen extends FakeEvents<LocalSourceEvents> implements LocalScreen {
  readonly source = 'screen';
  readonly audioTrack = undefined;
  state: LocalSourceState = { status: 'off' };
  failure: PeerlineErrorCode | undefined;
  readonly #media: FakeLocalMedia;

  constructor(media: FakeLocalMedia) {
    super();
    this.#media = media;
  }

  async enable(): Promise<Disposable> {
    await Promise.resolve();
    if (this.failure !== undefined) throw new PeerlineError(this.failure, 'told to fail');
    const track = this.#media.tracks.track('video', 'Your screen');
    const stream = this.#media.tracks.stream([track]);
    this.#become({ status: 'on', track, stream, device: undefined });
    return { [Symbol.dispose]: () => this.disable() };
  }

  disable(): void {
    this.#become({ status: 'off' });
  }

  #become(state: LocalSourceState): void {
    this.state = state;
    this.emit('state', state);
    this.#media.emit('change', 'screen');
  }
}

/** Camera, microphone and screen without a browser. */
export class FakeLocalMedia extends FakeEvents<LocalMediaEvents> implements LocalMedia {
  readonly tracks: TrackFactory;
  /** What the machine has, whether or not the page was told yet. */
  plugged: readonly Device[] = FAKE_DEVICES;
  devices: readonly Device[] = [];
  closed = false;
  readonly camera: FakeDeviceSource;
  readonly microphone: FakeDeviceSource;
  readonly screen: FakeScreen;

  constructor(tracks: TrackFactory = fakeTracks) {
    super();
    this.tracks = tracks;
    this.camera = new FakeDeviceSource('camera', this);
    this.microphone = new FakeDeviceSource('microphone', this);
    this.screen = new FakeScreen(this);
  }

  refreshDevices(): Promise<readonly Device[]> {
    this.devices = this.plugged;
    this.emit('devices', this.devices);
    return Promise.resolve(this.devices);
  }

  track(source: Source): MediaStreamTrack | undefined {
    if (source === 'screenAudio') return undefined;
    const { state } = this[source];
    return state.status === 'on' ? state.track : undefined;
  }

  close(): void {
    this.closed = true;
    this.camera.disable();
    this.microphone.disable();
    this.screen.disable();
  }
}
