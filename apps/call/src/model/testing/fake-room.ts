import type {
  Diagnosis,
  PeerlineError,
  JoinOptions,
  LocalMedia,
  MediaState,
  Message,
  NegotiatedMedia,
  Peer,
  PeerEvents,
  PeerId,
  PeerQuality,
  PeerState,
  PeerVerification,
  Presence,
  RemoteTrack,
  RoomEvents,
  RoomLink,
  RoomPressure,
  RoomState,
  Source,
  Verification,
} from 'peerline';
import type { CallMessages, CallRoom } from '../sdk.ts';
import { FakeAdmission } from './fake-admission.ts';
import { FakeEvents } from './fake-events.ts';
import { FakeLocalMedia } from './fake-media.ts';
import { fakeTracks, type TrackFactory } from './fake-tracks.ts';

/** A diagnosis without findings. */
export const HEALTHY: Diagnosis = { verdicts: [], worst: 'ok', atMs: 0, durationMs: 0 };

export const FAKE_LINK: RoomLink = { name: 'calm-otter-52', key: 'AAECAwQFBgcICQoLDA0ODw' };

const PENDING = { send: 'pending', receive: 'pending', codecs: [], maxBitrate: undefined } as const;

let peersMade = 0;

/** A new id, in the form of real ones. */
function fakePeerId(): PeerId {
  peersMade += 1;
  return `peer${String(peersMade).padStart(17, '0')}A` as PeerId;
}

export class FakePeer extends FakeEvents implements Peer<CallMessages> {
  readonly id = fakePeerId();
  readonly negotiated: NegotiatedMedia = {
    microphone: PENDING,
    camera: PENDING,
    screen: PENDING,
    screenAudio: PENDING,
  };
  presence: Presence;
  state: PeerState = { status: 'connected', generation: 1 };
  quality: PeerQuality | undefined;
  /** What `level()` of its audio tracks says. */
  loudness = 0;
  readonly tracks = new Map<Source, RemoteTrack>();
  readonly #factory: TrackFactory;

  verification: PeerVerification = { status: 'unknown' };
  /** Whether what is confirmed is kept. */
  remembered = true;
  readonly words: Verification = {
    words: ['acorn', 'button', 'cello', 'zebra'],
    confirm: async (label = '') => {
      this.prove({ status: 'verified', by: 'words', label, verifiedAtMs: 1 });
      return { remembered: this.remembered };
    },
    deny: async () => {
      this.prove({ status: 'mismatch', deniedAtMs: 1 });
      return { remembered: this.remembered };
    },
  };

  constructor(presence: Presence, factory: TrackFactory = fakeTracks) {
    super();
    this.presence = presence;
    this.#factory = factory;
  }

  get media(): MediaState {
    const on = (source: Source): boolean => this.tracks.has(source);
    return {
      revision: 1,
      microphone: on('microphone'),
      camera: on('camera'),
      screen: on('screen'),
      screenAudio: on('screenAudio'),
    };
  }

  send(): Promise<void> {
    return Promise.resolve();
  }

  stats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map());
  }

  restartIce(): void {}
  verify(): Promise<Verification> {
    return Promise.resolve(this.words);
  }

  become(state: PeerState): void {
    this.state = state;
    this.emit('state', state);
  }

  prove(verification: PeerVerification): void {
    this.verification = verification;
    this.emit('verification', verification);
  }

  introduce(presence: Presence): void {
    this.presence = presence;
    this.emit('presence', presence);
  }

  measure(quality: PeerQuality): void {
    this.quality = quality;
    this.emit('quality', quality);
  }

  turnOn(source: Source): void {
    const audio = source === 'microphone' || source === 'screenAudio';
    const name = typeof this.presence['name'] === 'string' ? this.presence['name'] : '';
    const label = source === 'screen' ? `screen of ${name}` : name;
    const track = this.#factory.track(audio ? 'audio' : 'video', label);
    const stream = this.#factory.stream([track]);
    const remote: RemoteTrack = {
      source,
      kind: audio ? 'audio' : 'video',
      track,
      stream,
      attach(element) {
        element.srcObject = stream;
        return () => {
          if (element.srcObject === stream) element.srcObject = null;
        };
      },
      level: () => this.loudness,
    };
    this.tracks.set(source, remote);
    this.emit('track', remote);
  }

  /** Its connection is replaced: tracks end, and others take their places. They bring no frame. */
  rebuild(): void {
    for (const [source, track] of [...this.tracks]) {
      this.tracks.delete(source);
      this.emit('trackended', track);
      const stream = new MediaStream();
      const attach = (element: HTMLMediaElement): (() => void) => {
        element.srcObject = stream;
        return () => undefined;
      };
      const next = { ...track, stream, attach };
      this.tracks.set(source, next);
      this.emit('track', next);
    }
  }

  turnOff(source: Source): void {
    const track = this.tracks.get(source);
    this.tracks.delete(source);
    if (track !== undefined) this.emit('trackended', track);
  }

  protected override replay<K extends keyof PeerEvents>(type: K): readonly PeerEvents[K][] {
    const replayed: { [E in keyof PeerEvents]?: readonly PeerEvents[E][] } = {
      track: [...this.tracks.values()],
    };
    return replayed[type] ?? [];
  }
}

/** A room without a network: who is there and what they say is up to the test. */
export class FakeRoom extends FakeEvents<RoomEvents<CallMessages>> implements CallRoom {
  readonly id = fakePeerId();
  readonly link: RoomLink;
  readonly capacity = 8;
  readonly local: LocalMedia;
  readonly admission = new FakeAdmission();
  readonly peers = new Map<PeerId, FakePeer>();
  /** Everything sent, in order. */
  readonly sent: { readonly type: string; readonly payload: unknown }[] = [];
  presence: Presence;
  state: RoomState = { status: 'joined' };
  pressure: RoomPressure = { status: 'nominal' };
  /** What `diagnose` finds. */
  diagnosis: Diagnosis = HEALTHY;
  /** What the next sends end in; undefined to let them through. */
  sendFailure: PeerlineError | undefined;

  constructor(
    options: Partial<Pick<JoinOptions, 'local' | 'presence'>> & { link?: RoomLink } = {},
  ) {
    super();
    this.link = options.link ?? FAKE_LINK;
    this.local = options.local ?? new FakeLocalMedia();
    this.presence = options.presence ?? {};
  }

  setPresence(presence: Presence): void {
    this.presence = presence;
  }

  setMediaPreferences(): void {
    // The app has no wishes so far.
  }

  send(type: string, payload: unknown): Promise<void> {
    if (this.sendFailure !== undefined) return Promise.reject(this.sendFailure);
    this.sent.push({ type, payload });
    return Promise.resolve();
  }

  // eslint-disable-next-line require-yield -- the app listens to events; nothing comes this way
  async *messages(): AsyncGenerator<never> {
    await Promise.resolve();
  }

  diagnose(): Promise<Diagnosis> {
    return Promise.resolve(this.diagnosis);
  }

  leave(): Promise<void> {
    this.become({ status: 'left', reason: { code: 'requested' } });
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  become(state: RoomState): void {
    this.state = state;
    this.emit('state', state);
  }

  bear(pressure: RoomPressure): void {
    this.pressure = pressure;
    this.emit('pressure', pressure);
  }

  enter(peer: FakePeer): FakePeer {
    this.peers.set(peer.id, peer);
    this.emit('peer', peer);
    return peer;
  }

  exit(peer: FakePeer): void {
    this.peers.delete(peer.id);
    peer.become({ status: 'lost', reason: 'left' });
    this.emit('peerleft', peer);
  }

  /** A chat message as it comes from a peer: typed by its sender's word only. */
  say(from: FakePeer, payload: CallMessages['chat']): void {
    const message: Message<CallMessages, 'chat'> = { type: 'chat', payload, from };
    this.emit('message', message);
  }

  protected override replay<K extends keyof RoomEvents<CallMessages>>(
    type: K,
  ): readonly RoomEvents<CallMessages>[K][] {
    const replayed: {
      [E in keyof RoomEvents<CallMessages>]?: readonly RoomEvents<CallMessages>[E][];
    } = { peer: [...this.peers.values()] };
    return replayed[type] ?? [];
  }
}
