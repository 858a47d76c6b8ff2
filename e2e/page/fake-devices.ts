import { drawPicture, PICTURE_HEIGHT, PICTURE_WIDTH, type PictureSource } from './barcode.ts';

/** What a page's fake devices are like, fixed before it loads. */
export interface FakeDeviceOptions {
  /** 1 to 15; every picture and tone of this page carries it. */
  readonly participant: number;
  readonly cameras: number;
  readonly microphones: number;
  /** `denied`: the person has blocked camera and microphone. */
  readonly permission: 'granted' | 'denied';
  /** `cancelled`: the person closes the browser's chooser. */
  readonly screen: 'shared' | 'cancelled';
  /** Of cameras and screens. Each peer's picture is encoded anew, which many of them cannot afford. */
  readonly framesPerSecond: number;
  /** How many times 160 × 120 pictures are wide and high. */
  readonly pictureScale: number;
  /**
   * Where tones come from. `browser`: from the browser's own fake microphone, since Firefox runs no
   * `AudioContext` on a machine without a sound card. `turns`: each participant's is heard for 2 s in every
   * 16, one after the other, as people speak. `none`: microphones are there and deliver
   * nothing, since each peer's sound is encoded anew, which costs far more than a small picture.
   */
  readonly tones: 'oscillator' | 'turns' | 'browser' | 'none';
}

/** The tone of a participant's microphone, in hertz; far enough apart to be told by an analyser. */
export function toneHz(participant: number, microphone: number): number {
  return 400 + participant * 180 + microphone * 90;
}

interface FakeDevice {
  readonly info: MediaDeviceInfo;
  readonly index: number;
  readonly live: Set<MediaStreamTrack>;
}

/** Stands in for the browser's devices, and lets a test plug them in and out. */
export class FakeDevices {
  readonly #options: FakeDeviceOptions;
  readonly #devices = new Map<string, FakeDevice>();
  readonly #shares = new Set<MediaStreamTrack>();
  #permission: 'granted' | 'denied' | 'prompt';
  readonly #native: MediaDevices['getUserMedia'] | undefined;
  #audio: AudioContext | undefined;

  constructor(options: FakeDeviceOptions) {
    this.#options = options;
    this.#permission = options.permission === 'denied' ? 'denied' : 'prompt';
    // An insecure page has no devices, fake or not.
    this.#native = window.isSecureContext
      ? navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
      : undefined;
    // Making one blocks the page for up to 80 ms, which no real microphone does when it is opened.
    if (this.#sounds && options.permission === 'granted') this.#prepareAudio();
    for (let i = 0; i < options.cameras; i += 1) this.#add('videoinput', i);
    for (let i = 0; i < options.microphones; i += 1) this.#add('audioinput', i);
  }

  install(): void {
    const target = navigator.mediaDevices;
    const replace = (name: string, value: unknown): void => {
      Object.defineProperty(target, name, { configurable: true, value });
    };
    replace('getUserMedia', (constraints?: MediaStreamConstraints) => this.#capture(constraints));
    replace('getDisplayMedia', (options?: DisplayMediaStreamOptions) => this.#share(options));
    replace('enumerateDevices', () => Promise.resolve(this.#list()));
    const query = navigator.permissions.query.bind(navigator.permissions);
    Object.defineProperty(navigator.permissions, 'query', {
      configurable: true,
      value: (descriptor: PermissionDescriptor) =>
        ['camera', 'microphone'].includes(descriptor.name)
          ? Promise.resolve(this.#permissionStatus(descriptor.name))
          : query(descriptor),
    });
  }

  /** Pulls a device out: its tracks end, and the page hears of it. */
  unplug(kind: MediaDeviceKind, index: number): void {
    const device = this.#devices.get(idOf(kind, index));
    if (device === undefined) throw new Error(`no ${kind} ${index} is plugged in`);
    this.#devices.delete(device.info.deviceId);
    for (const track of device.live) end(track);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }

  plug(kind: MediaDeviceKind, index: number): void {
    this.#add(kind, index);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }

  /** What the browser's own "Stop sharing" does. */
  endShare(): void {
    for (const track of this.#shares) end(track);
    this.#shares.clear();
  }

  #add(kind: MediaDeviceKind, index: number): void {
    const what = kind === 'videoinput' ? 'Camera' : 'Microphone';
    const deviceId = idOf(kind, index);
    const label = `Fake ${what} ${index + 1}`;
    const groupId = `group-${index}`;
    const info = describeDevice(kind, deviceId, groupId, label);
    this.#devices.set(deviceId, { info, index, live: new Set() });
  }

  #list(): MediaDeviceInfo[] {
    return [...this.#devices.values()].map(({ info }) =>
      this.#permission === 'granted' ? info : describeDevice(info.kind, '', '', ''),
    );
  }

  #permissionStatus(name: string): EventTarget & { name: string; state: string; onchange: null } {
    return Object.assign(new EventTarget(), { name, state: this.#permission, onchange: null });
  }

  async #capture(constraints: MediaStreamConstraints = {}): Promise<MediaStream> {
    // The real one asks the person, which takes at least another turn.
    await Promise.resolve();
    if (this.#permission === 'denied') {
      throw new DOMException('The person said no', 'NotAllowedError');
    }
    const tracks: MediaStreamTrack[] = [];
    for (const [kind, wish] of [
      ['audioinput', constraints.audio],
      ['videoinput', constraints.video],
    ] as const) {
      if (wish === undefined || wish === false) continue;
      tracks.push(await this.#open(this.#choose(kind, wish)));
    }
    if (tracks.length === 0) throw new TypeError('getUserMedia needs audio or video');
    this.#permission = 'granted';
    return new MediaStream(tracks);
  }

  #choose(kind: MediaDeviceKind, wish: true | MediaTrackConstraints): FakeDevice {
    const present = [...this.#devices.values()].filter(({ info }) => info.kind === kind);
    const first = present[0];
    if (first === undefined) throw new DOMException('No such device', 'NotFoundError');
    const { exact, ideal } = wishedId(wish === true ? undefined : wish.deviceId);
    const wished = present.find(({ info }) => (exact ?? ideal ?? []).includes(info.deviceId));
    if (wished === undefined && exact !== undefined) {
      throw new DOMException('No device with that id', 'OverconstrainedError');
    }
    return wished ?? first;
  }

  async #open(device: FakeDevice): Promise<MediaStreamTrack> {
    const { participant } = this.#options;
    const { info, index, live } = device;
    const track =
      info.kind === 'videoinput'
        ? drawnTrack({ participant, device: index, kind: 'camera' }, this.#options)
        : await this.#toneTrack(toneHz(participant, index));
    disguise(track, info);
    hearMadeEvents(track);
    live.add(track);
    return track;
  }

  async #share(options: DisplayMediaStreamOptions = {}): Promise<MediaStream> {
    await Promise.resolve();
    if (this.#options.screen === 'cancelled') {
      throw new DOMException('The person closed the chooser', 'NotAllowedError');
    }
    const { participant } = this.#options;
    const video = drawnTrack({ participant, device: 0, kind: 'screen' }, this.#options);
    const tracks = [video];
    if (options.audio !== undefined && options.audio !== false) {
      tracks.push(await this.#toneTrack(toneHz(participant, 7)));
    }
    for (const track of tracks) {
      hearMadeEvents(track);
      this.#shares.add(track);
    }
    return new MediaStream(tracks);
  }

  get #sounds(): boolean {
    return this.#options.tones === 'oscillator' || this.#options.tones === 'turns';
  }

  #prepareAudio(): AudioContext {
    this.#audio = new AudioContext();
    void this.#audio.suspend();
    return this.#audio;
  }

  /** The browser's own tone has the frequency of microphone 0, whichever is opened. */
  async #toneTrack(hertz: number): Promise<MediaStreamTrack> {
    if (this.#options.tones === 'browser') {
      const constraints: MediaStreamConstraints & { fake: true } = { audio: true, fake: true };
      const track = (await this.#native?.(constraints))?.getAudioTracks()[0];
      if (track === undefined) throw new Error('the browser gave no fake microphone');
      return track;
    }
    const audio = this.#audio ?? this.#prepareAudio();
    if (this.#sounds) void audio.resume();
    const oscillator = new OscillatorNode(audio, { frequency: hertz });
    const gain = new GainNode(audio, { gain: LOUDNESS });
    if (this.#options.tones === 'turns') takeTurns(gain, this.#options.participant);
    const out = audio.createMediaStreamDestination();
    oscillator.connect(gain).connect(out);
    oscillator.start();
    const [track] = out.stream.getAudioTracks();
    if (track === undefined) throw new Error('the browser made no audio track');
    onStop(track, () => oscillator.stop());
    return track;
  }
}

function describeDevice(
  kind: MediaDeviceKind,
  deviceId: string,
  groupId: string,
  label: string,
): MediaDeviceInfo {
  const fields = { deviceId, groupId, kind, label };
  return { ...fields, toJSON: () => fields };
}

function idOf(kind: MediaDeviceKind, index: number): string {
  return `fake-${kind}-${index}`;
}

function wishedId(wish: ConstrainDOMString | undefined): {
  readonly exact?: readonly string[];
  readonly ideal?: readonly string[];
} {
  if (wish === undefined) return {};
  if (typeof wish === 'string' || Array.isArray(wish)) return { ideal: [wish].flat() };
  const { exact, ideal } = wish;
  return {
    ...(exact === undefined ? {} : { exact: [exact].flat() }),
    ...(ideal === undefined ? {} : { ideal: [ideal].flat() }),
  };
}

function drawnTrack(
  source: PictureSource,
  { framesPerSecond, pictureScale }: FakeDeviceOptions,
): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE_WIDTH * pictureScale;
  canvas.height = PICTURE_HEIGHT * pictureScale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser draws no canvas');
  context.scale(pictureScale, pictureScale);
  let frame = 0;
  const draw = (): void => {
    drawPicture(context, source, frame);
    frame += 1;
  };
  draw();
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (track === undefined) throw new Error('the browser made no video track');
  // A timer and not requestAnimationFrame, which rests while a page is hidden.
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  onStop(track, () => clearInterval(timer));
  return track;
}

const LOUDNESS = 0.3;
/** How long one speaks, and until it is one's turn again. */
const TURN_SECONDS = 2;
const ROUND_SECONDS = 16;
/** Turns that are planned ahead, which is an hour and more. */
const ROUNDS = 256;

/** By the clock of the machine, so that the participants of a call speak one after the other. */
function takeTurns({ gain, context }: GainNode, participant: number): void {
  const untilRound = ROUND_SECONDS - ((Date.now() / 1_000) % ROUND_SECONDS);
  const first = context.currentTime + untilRound + ((participant * TURN_SECONDS) % ROUND_SECONDS);
  gain.setValueAtTime(0, context.currentTime);
  for (let round = -1; round < ROUNDS; round += 1) {
    const begin = first + round * ROUND_SECONDS;
    gain.setValueAtTime(LOUDNESS, Math.max(begin, context.currentTime));
    gain.setValueAtTime(0, Math.max(begin + TURN_SECONDS, context.currentTime));
  }
}

/** Lets a track pass for one of a device: canvases and oscillators know nothing of device ids. */
function disguise(track: MediaStreamTrack, { deviceId, groupId, label }: MediaDeviceInfo): void {
  const settings = track.getSettings.bind(track);
  Object.defineProperty(track, 'label', { configurable: true, value: label });
  Object.defineProperty(track, 'getSettings', {
    configurable: true,
    value: () => ({ ...settings(), deviceId, groupId }),
  });
}

function onStop(track: MediaStreamTrack, run: () => void): void {
  const stop = track.stop.bind(track);
  Object.defineProperty(track, 'stop', {
    configurable: true,
    value: () => {
      if (track.readyState === 'live') run();
      stop();
    },
  });
}

/**
 * Firefox keeps events that a script makes from the listeners of a track, unless they ask for them
 * by a fourth argument of its own; others disregard it.
 */
function hearMadeEvents(track: MediaStreamTrack): void {
  const add = track.addEventListener.bind(track);
  const value = (...given: Parameters<EventTarget['addEventListener']>): void => {
    const [type, listener, options] = given;
    Reflect.apply(add, track, [type, listener, options, true]);
  };
  Object.defineProperty(track, 'addEventListener', { configurable: true, value });
}

/** `stop` tells nobody, as the page itself did it; a device that goes away does tell. */
function end(track: MediaStreamTrack): void {
  if (track.readyState === 'ended') return;
  track.stop();
  track.dispatchEvent(new Event('ended'));
}
