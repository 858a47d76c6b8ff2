import type { Device, LocalDeviceSource, LocalMedia, LocalSourceState } from 'peerline';
import { errorCode } from './failures.ts';
import type { PreferenceStore } from './preferences.ts';
import { Store, type ReadableStore } from './store.ts';
import type { Toasts } from './toasts.ts';

/** One's own sources and the devices to choose from, as one value. */
export interface OwnMediaView {
  readonly microphone: LocalSourceState;
  readonly camera: LocalSourceState;
  readonly screen: LocalSourceState;
  readonly devices: readonly Device[];
}

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

const MEDIA_KINDS: { readonly [K in DeviceKind]: MediaDeviceKind } = {
  microphone: 'audioinput',
  camera: 'videoinput',
  speaker: 'audiooutput',
};

const ID_PREFERENCES = {
  microphone: 'microphoneId',
  camera: 'cameraId',
  speaker: 'speakerId',
} as const;

const ON_PREFERENCES = { microphone: 'microphoneOn', camera: 'cameraOn' } as const;

/** On, or on its way there: what a toggle shows as pressed. */
export function isOn(state: LocalSourceState): boolean {
  return state.status === 'on' || state.status === 'starting';
}

/** Devices of a kind that can be chosen: those that the browser names. */
export function devicesOf(view: OwnMediaView, kind: DeviceKind): readonly Device[] {
  return view.devices.filter((device) => device.kind === MEDIA_KINDS[kind] && device.id !== '');
}

/** Camera, microphone and screen with the person's remembered choices, for lobby and call alike. */
export class OwnMedia implements ReadableStore<OwnMediaView> {
  readonly local: LocalMedia;
  readonly #preferences: PreferenceStore;
  readonly #toasts: Toasts;
  readonly #store: Store<OwnMediaView>;
  readonly #ended = new AbortController();
  /** Held down to talk: the microphone goes off again on release. */
  #talking = false;

  constructor(local: LocalMedia, preferences: PreferenceStore, toasts: Toasts) {
    this.local = local;
    this.#preferences = preferences;
    this.#toasts = toasts;
    this.#store = new Store(this.#read());
    const { signal } = this.#ended;
    const refresh = (): void => this.#store.set(this.#read());
    local.on('devices', refresh, { signal });
    local.on('change', refresh, { signal });
    for (const source of [local.camera, local.microphone, local.screen]) {
      source.on('state', refresh, { signal });
    }
    for (const source of [local.camera, local.microphone]) {
      source.on('devicelost', (change) => this.#tellLost(source.source, change), { signal });
    }
  }

  readonly get = (): OwnMediaView => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** Opens what the person had on the last time. What fails says so in its state. */
  async start(): Promise<void> {
    const { microphoneOn, cameraOn } = this.#preferences.get();
    await Promise.all([
      microphoneOn ? this.#enable(this.local.microphone) : undefined,
      cameraOn ? this.#enable(this.local.camera) : undefined,
    ]);
    // Permission has made the names known; without any, the list is still good for counting.
    await this.local.refreshDevices().catch(() => []);
  }

  async toggle(kind: 'microphone' | 'camera'): Promise<void> {
    const source = this.local[kind];
    const on = !isOn(source.state);
    this.#preferences.change({ [ON_PREFERENCES[kind]]: on });
    if (on) await this.#enable(source);
    else source.disable();
  }

  /** Tries a source again that had failed. */
  async retry(kinds: readonly ('microphone' | 'camera')[]): Promise<void> {
    await Promise.all(kinds.map((kind) => this.#enable(this.local[kind])));
    await this.local.refreshDevices().catch(() => []);
  }

  /** Remembers the choice, and switches at once where the source is on. */
  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#preferences.change({ [ID_PREFERENCES[kind]]: deviceId });
    if (kind === 'speaker') return;
    const source = this.local[kind];
    // A failed source is tried with the new device: choosing another is the way out of most failures.
    if (isOn(source.state) || source.state.status === 'failed') await this.#enable(source);
  }

  /** The chosen device of a kind: the one in use, else the remembered one, else the first. */
  chosen(kind: DeviceKind): string | undefined {
    const view = this.get();
    const listed = devicesOf(view, kind);
    if (kind !== 'speaker') {
      const state = view[kind];
      if (state.status === 'on' && state.device !== undefined) return state.device.id;
    }
    const remembered = this.#preferences.get()[ID_PREFERENCES[kind]];
    const known = listed.find(({ id }) => id === remembered) ?? listed[0];
    return known?.id;
  }

  async toggleScreen(): Promise<void> {
    const { screen } = this.local;
    if (isOn(screen.state)) {
      screen.disable();
      return;
    }
    try {
      await screen.enable({ audio: true });
    } catch (error) {
      // Closing the browser's own dialog is a choice, and no failure to tell about.
      const code = errorCode(error);
      if (code === 'share-cancelled' || code === 'aborted') return;
      const text =
        code === 'permission-denied'
          ? 'The browser or system did not allow sharing the screen.'
          : 'Sharing the screen did not start. Try again.';
      this.#toasts.show(text, 'warning');
    }
  }

  /** Opens the microphone for as long as a key is held; nothing where it is on anyway. */
  talk(): void {
    if (this.#talking || isOn(this.local.microphone.state)) return;
    this.#talking = true;
    void this.#enable(this.local.microphone);
  }

  stopTalking(): void {
    if (!this.#talking) return;
    this.#talking = false;
    this.local.microphone.disable();
  }

  /** Turns everything off; `start` turns on again what the person had on. */
  stop(): void {
    this.#talking = false;
    this.local.screen.disable();
    this.local.camera.disable();
    this.local.microphone.disable();
  }

  dispose(): void {
    this.#ended.abort();
    this.local.close();
  }

  async #enable(source: LocalDeviceSource): Promise<void> {
    const deviceId = this.#preferences.get()[ID_PREFERENCES[source.source]];
    try {
      await source.enable(deviceId === undefined ? {} : { deviceId });
    } catch (error) {
      if (errorCode(error) === 'device-not-found' && deviceId !== undefined) {
        await this.#enableAny(source);
      }
      // Anything else stands in the source's state, where lobby and call show it.
    }
  }

  /** The remembered device is not there today: any other will do, and the choice stays remembered. */
  async #enableAny(source: LocalDeviceSource): Promise<void> {
    try {
      await source.enable();
    } catch {
      // Stands in the source's state as well.
    }
  }

  #tellLost(
    source: 'camera' | 'microphone',
    change: { readonly lost: Device | undefined; readonly fallback: Device | undefined },
  ): void {
    const lost = change.lost?.label || `Your ${source}`;
    const text =
      change.fallback === undefined
        ? `${lost} was unplugged. Your ${source} is off now.`
        : `${lost} was unplugged. Now using ${change.fallback.label || `another ${source}`}.`;
    this.#toasts.show(text, 'warning');
  }

  #read(): OwnMediaView {
    const { microphone, camera, screen, devices } = this.local;
    return {
      microphone: microphone.state,
      camera: camera.state,
      screen: screen.state,
      devices,
    };
  }
}
