import type { Device } from '../api.ts';
import type { MediaPlatform } from '../media/platform.ts';

interface FakeTrackInit {
  readonly kind: 'audio' | 'video';
  readonly label?: string;
  readonly settings?: MediaTrackSettings;
}

let tracksMade = 0;

/** A track without a picture or sound; `end` is what an unplugged device does to it. */
export class FakeTrack extends EventTarget implements MediaStreamTrack {
  contentHint = '';
  enabled = true;
  readonly id: string;
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readonly muted = false;
  onended = null;
  onmute = null;
  onunmute = null;
  readonly #settings: MediaTrackSettings;
  #readyState: MediaStreamTrackState = 'live';

  constructor({ kind, label = '', settings = {} }: FakeTrackInit) {
    super();
    tracksMade += 1;
    this.id = `track-${tracksMade}`;
    this.kind = kind;
    this.label = label;
    this.#settings = settings;
  }

  get readyState(): MediaStreamTrackState {
    return this.#readyState;
  }

  /** Ends without an event, as in a browser. */
  stop(): void {
    this.#readyState = 'ended';
  }

  /** Ends from outside, with the event. */
  end(): void {
    if (this.#readyState === 'ended') return;
    this.#readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  clone(): FakeTrack {
    return new FakeTrack({ kind: this.kind, label: this.label, settings: this.#settings });
  }

  getSettings(): MediaTrackSettings {
    return this.#settings;
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }
}

/** A stream that holds tracks and does nothing else. */
export class FakeStream extends EventTarget implements MediaStream {
  readonly id = 'stream';
  onaddtrack = null;
  onremovetrack = null;
  readonly #tracks: Set<MediaStreamTrack>;

  constructor(tracks: Iterable<MediaStreamTrack> = []) {
    super();
    this.#tracks = new Set(tracks);
  }

  get active(): boolean {
    return this.getTracks().some(({ readyState }) => readyState === 'live');
  }

  addTrack(track: MediaStreamTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    this.#tracks.delete(track);
  }

  clone(): FakeStream {
    return new FakeStream(this.getTracks().map((track) => track.clone()));
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video');
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.getTracks().find((track) => track.id === id) ?? null;
  }
}

export const FAKE_DEVICES: readonly Device[] = [
  { id: 'cam-1', kind: 'videoinput', label: 'Front camera' },
  { id: 'cam-2', kind: 'videoinput', label: 'Desk camera' },
  { id: 'mic-1', kind: 'audioinput', label: 'Built-in microphone' },
  { id: 'mic-2', kind: 'audioinput', label: 'Headset' },
  { id: 'out-1', kind: 'audiooutput', label: 'Speakers' },
];

/** A question to the person that waits for its answer. */
export interface HeldCapture {
  allow(): void;
  refuse(error: unknown): void;
}

/**
 * A browser's capture with devices that a test plugs in and out. It answers at once, unless `hold`
 * says otherwise, and names devices only once something was opened.
 */
export class FakeMediaPlatform implements MediaPlatform {
  secure = true;
  displayAllowed = true;
  /** As on phones: a second device of a kind cannot be opened while the first one is. */
  oneAtATime = false;
  /** Thrown by the next captures, one each, before anything else is looked at. */
  readonly failures: unknown[] = [];
  readonly userRequests: MediaStreamConstraints[] = [];
  readonly displayRequests: DisplayMediaStreamOptions[] = [];
  /** Every track ever given out, the newest last. */
  readonly tracks: FakeTrack[] = [];
  /** What waits for an answer while `hold` is set, the oldest first. */
  readonly held: HeldCapture[] = [];
  hold = false;
  enumerations = 0;
  readonly #listeners = new Set<() => void>();
  #devices: readonly Device[];
  #permitted = false;

  constructor(devices: readonly Device[] = FAKE_DEVICES) {
    this.#devices = devices;
  }

  get live(): readonly FakeTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  /** How many listen for devices; zero once everything was closed. */
  get listening(): number {
    return this.#listeners.size;
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<readonly FakeTrack[]> {
    this.userRequests.push(constraints);
    await this.#answer();
    const [kind, wish] =
      constraints.video === undefined
        ? (['audioinput', constraints.audio] as const)
        : (['videoinput', constraints.video] as const);
    const id = exactId(wish);
    const device = this.#devices.find(
      (other) => other.kind === kind && (id === undefined || other.id === id),
    );
    if (device === undefined) {
      throw new DOMException('', id === undefined ? 'NotFoundError' : 'OverconstrainedError');
    }
    const media = kind === 'audioinput' ? 'audio' : 'video';
    if (this.oneAtATime && this.live.some((track) => track.kind === media)) {
      throw new DOMException('', 'NotReadableError');
    }
    this.#permitted = true;
    const { label, id: deviceId } = device;
    return [this.#made(new FakeTrack({ kind: media, label, settings: { deviceId } }))];
  }

  async getDisplayMedia(options: DisplayMediaStreamOptions): Promise<readonly FakeTrack[]> {
    this.displayRequests.push(options);
    await this.#answer();
    const video = this.#made(new FakeTrack({ kind: 'video', label: 'Screen 1' }));
    if (options.audio === false || options.audio === undefined) return [video];
    return [video, this.#made(new FakeTrack({ kind: 'audio', label: 'System audio' }))];
  }

  enumerateDevices(): Promise<readonly Device[]> {
    this.enumerations += 1;
    const named = this.#devices.map((device) =>
      this.#permitted ? device : { ...device, id: '', label: '' },
    );
    return Promise.resolve(named);
  }

  onDeviceChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  streamOf(track: MediaStreamTrack): FakeStream {
    return new FakeStream([track]);
  }

  plugIn(device: Device): void {
    this.#devices = [...this.#devices, device];
    this.#deviceChange();
  }

  /** Takes a device away: its tracks end, unless `silently`, and the page hears of it. */
  unplug(id: string, how: 'ending-tracks' | 'silently' = 'ending-tracks'): void {
    this.#devices = this.#devices.filter((device) => device.id !== id);
    for (const track of how === 'silently' ? [] : this.live) {
      if (track.getSettings().deviceId === id) track.end();
    }
    this.#deviceChange();
  }

  #deviceChange(): void {
    for (const listener of this.#listeners) listener();
  }

  #made(track: FakeTrack): FakeTrack {
    this.tracks.push(track);
    return track;
  }

  async #answer(): Promise<void> {
    if (this.hold) {
      await new Promise<void>((allow, refuse) => {
        this.held.push({ allow, refuse });
      });
    }
    if (this.failures.length > 0) throw this.failures.shift();
  }
}

function exactId(wish: boolean | MediaTrackConstraints | undefined): string | undefined {
  if (typeof wish !== 'object' || typeof wish.deviceId !== 'object') return undefined;
  if (!('exact' in wish.deviceId)) return undefined;
  const { exact } = wish.deviceId;
  return typeof exact === 'string' ? exact : undefined;
}
