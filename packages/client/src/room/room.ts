import type { PeerId, Presence, RoomSettings, Source } from '@peerline/protocol';
import type {
  LeaveReason,
  LocalMedia,
  MediaPreferences,
  Message,
  MessageMap,
  Payload,
  Peer,
  Room,
  RoomEvents,
  RoomPressure,
  RoomProblem,
  RoomSendOptions,
  RoomState,
} from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import { Scope } from '../base/scope.ts';
import type { Diagnosis } from '../diagnosis/verdicts.ts';
import type { RoomLink } from '../link/room-link.ts';
import { BYE_LINGER_MS, type DoorControl } from '../peer/remote-peer-options.ts';
import type { RemotePeer } from '../peer/remote-peer.ts';
import type { SignalingState } from '../signaling/signaling.ts';
import { DoorKeeper } from './door-keeper.ts';
import { broadcast } from './broadcast.ts';
import { checkMessage, isOfType } from './message-schemas.ts';
import { MessageStream } from './message-stream.ts';
import { listenToPage } from './page-events.ts';
import { checkedPresence } from './presence.ts';
import { refusalError } from './refusal-error.ts';
import type { JoinedRoomOptions } from './room-options.ts';
import type { Admission } from './sealed-signals.ts';
import { Roster } from './roster.ts';
import { Shares } from './shares.ts';
import { Whereabouts } from './whereabouts.ts';

/** A room that was joined: who is there, and what is sent to everyone. */
export class JoinedRoom<M extends MessageMap> extends Emitter<RoomEvents<M>> implements Room<M> {
  readonly id: PeerId;
  readonly admission: DoorKeeper;
  readonly local: LocalMedia;
  readonly #options: JoinedRoomOptions<M>;
  readonly #roster: Roster<M>;
  readonly #whereabouts: Whereabouts;
  readonly #scope = new Scope();
  readonly #shares: Shares;
  #state: RoomState = { status: 'joined' };
  protected override readonly replays: Replays<RoomEvents<M>> = {
    peer: () => this.#peers.values(),
  };

  constructor(options: JoinedRoomOptions<M>) {
    super();
    const { signaling, signals, local, welcome } = options;
    this.id = options.id;
    this.local = local;
    this.#options = options;
    options.ice.use(welcome.iceServers);
    this.#shares = new Shares(local, options.presence);
    this.#roster = new Roster<M>({
      ...options,
      share: (isIn) => this.#shares.to(isIn),
      isOpen: () => this.admission.isOpenFor(this.#peers.size + 1),
      onPeer: (peer) => {
        this.#whereabouts.revise();
        this.emit('peer', peer);
      },
      onPeerLeft: (peer) => {
        this.#whereabouts.revise();
        this.emit('peerleft', peer);
      },
      onMessage: (peer, type, payload) => this.#received(peer, type, payload),
      onDoor: (from, control) => this.#heardOfDoor(from, control),
      onTrouble: (code, message) => this.#report(code, message),
    });
    const { settings } = welcome;
    this.#whereabouts = new Whereabouts({
      ...options,
      ...{ settings, peers: this.#peers },
      onMoved: (link, removed) => {
        signals.distrust(removed);
        this.#roster.moved(removed);
        this.admission.emit('link', link);
      },
    });
    this.admission = new DoorKeeper({
      ...{ self: this.id, settings, signaling, clock: options.clock },
      whereabouts: this.#whereabouts,
      peers: this.#peers,
    });
    const listening = [
      signals.on('state', (state) => this.#signalingChanged(state)),
      signals.on('welcome', (again) => this.#welcomed(again)),
      signals.on('ice-servers', ({ iceServers }) => options.ice.use(iceServers)),
      signals.on('joined', (peer) => this.#roster.arrived(peer)),
      signals.on('left', ({ peer, reason }) => this.#roster.departed(peer, reason)),
      signals.on('signal', ({ from, envelope, isVisitor }) => {
        if (isVisitor) this.#roster.visited(from, envelope);
        else this.#roster.signaled(from, envelope);
      }),
      signals.on('problem', ({ code, message }) => this.#report(code, message)),
      signals.on('settings', (now) => this.#settled(now)),
      signals.on('knock', (knock) => void this.admission.knocked(knock)),
      signals.on('knock-ended', ({ peer }) => this.admission.knockEnded(peer)),
      signals.on('echo', () => this.#roster.resumeLost()),
      signals.on('garbage', ({ message }) => this.#report('bad-server-message', message)),
      signals.on('forged', (message) => this.#report('not-genuine', message)),
      signaling.on('token-failed', ({ message }) => this.#report('token-failed', message)),
      () => signals.close(),
      local.on('change', (source) => this.#localChanged(source)),
      options.plane.on('pressure', (pressure) => this.emit('pressure', pressure)),
      listenToPage({
        onHide: () => void this.leave(),
        onFreeze: () => {
          for (const peer of this.#peers.values()) peer.control({ type: 'away' });
        },
        onNetwork: () => this.#networkChanged(),
      }),
    ];
    for (const stop of listening) this.#scope.add(stop);
    this.#roster.listed(welcome.peers);
  }

  get #peers(): ReadonlyMap<PeerId, RemotePeer<M>> {
    return this.#roster.peers;
  }

  get state(): RoomState {
    return this.#state;
  }
  get link(): RoomLink {
    return this.#whereabouts.link;
  }
  get capacity(): number {
    return this.admission.capacity;
  }
  get peers(): ReadonlyMap<PeerId, Peer<M>> {
    return this.#peers;
  }
  get pressure(): RoomPressure {
    return this.#options.plane.pressure;
  }
  get presence(): Presence {
    return this.#shares.presence;
  }

  setPresence(given: Presence): void {
    const presence = this.#shares.revisePresence(checkedPresence(given));
    for (const peer of this.#peers.values()) peer.control({ type: 'presence', presence });
  }

  setMediaPreferences(media: MediaPreferences): void {
    this.#options.plane.prefer(media);
    for (const peer of this.#peers.values()) peer.renegotiate();
  }

  async send<T extends keyof M & string>(
    type: T,
    payload: M[T],
    options: RoomSendOptions = {},
  ): Promise<void> {
    if (this.#state.status === 'left') throw PeerlineError.roomLeft();
    await broadcast(this.#peers, type, payload, options);
  }

  messages<T extends keyof M & string>(
    type: T,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncIterable<Message<M, T>> {
    const stream = new MessageStream<Message<M, T>>();
    const off = this.on('message', (message) => {
      if (isOfType<M, T>(message, type)) stream.push(message);
    });
    const end = this.#scope.add(() => {
      off();
      options.signal?.removeEventListener('abort', end);
      stream.end();
    });
    stream.onEnd = end;
    options.signal?.addEventListener('abort', end, { once: true });
    if (this.#state.status === 'left' || options.signal?.aborted === true) end();
    return stream;
  }

  diagnose({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Diagnosis> {
    if (this.#state.status === 'left') return Promise.reject(PeerlineError.roomLeft());
    const { ice, local, diagnose } = this.#options;
    const iceServers = ice.configuration().iceServers ?? [];
    return diagnose({ signal, room: { iceServers, peers: this.#peers.values(), local } });
  }

  async leave(): Promise<void> {
    if (this.#state.status === 'left') return;
    const told = this.#peers.size > 0;
    this.#end({ code: 'requested' });
    // So that who ends the program behind this has said goodbye.
    if (told)
      await new Promise<void>((done) => this.#options.clock.setTimeout(done, BYE_LINGER_MS));
  }

  /** For a visit: this side comes in. What may flow at once does; the welcome follows (SPEC.md, VISIT4). */
  comeIn(presence: Presence): void {
    this.#roster.comeIn(this.#shares.revisePresence(presence));
    this.#options.signaling.comeIn();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }
  #localChanged(source: Source): void {
    this.#shares.mediaChanged();
    this.#roster.localChanged(source);
  }

  #signalingChanged(state: SignalingState): void {
    switch (state.status) {
      case 'connecting':
      case 'refused': {
        if (state.status === 'refused' && !state.retrying) {
          this.#end({ code: 'refused', error: refusalError(state.refusal) });
          return;
        }
        const attempt = state.status === 'connecting' ? state.attempt : 0;
        if (this.#state.status === 'joined') {
          const sinceMs = this.#options.clock.nowMs();
          this.#enter({ status: 'reconnecting', sinceMs, attempt });
          this.#roster.probe();
        } else if (this.#state.status === 'reconnecting' && attempt > 0) {
          this.#enter({ ...this.#state, attempt });
        }
        return;
      }
      case 'taken-over':
        this.#end({ code: 'taken-over' });
        return;
      default: // `joined` is told by the welcome, `closed` is this room's own doing
    }
  }

  /** The server took us in again: what it knows may be less than what is (SPEC.md, JOIN4). */
  #welcomed(welcome: Admission): void {
    const isBack = this.#state.status !== 'joined';
    this.#settled(welcome.settings);
    this.#options.ice.use(welcome.iceServers);
    // Out of the lobby: those who are known are being connected with already.
    if (!isBack) return this.#roster.listed(welcome.peers);
    this.#enter({ status: 'joined' });
    this.#roster.returned(new Set(welcome.peers));
  }

  #settled(settings: RoomSettings): void {
    this.#whereabouts.settled(settings);
    this.admission.settled(settings);
    this.#roster.settled();
  }

  #heardOfDoor(from: PeerId, control: DoorControl): void {
    if (from !== this.admission.host) return;
    if (control.type === 'mute-request')
      this.admission.emit('muterequest', { from, source: control.source });
    else if (control.removed !== this.id) {
      this.#whereabouts
        .follow(control)
        .catch((error: unknown) => this.#report('peer-trouble', `not followed: ${String(error)}`));
    }
  }

  #received(peer: RemotePeer<M>, type: string, payload: Payload): void {
    const checked = checkMessage<M>(this.#options.schemas, { type, payload, from: peer });
    if (checked.ok) this.emit('message', checked.message);
    else this.#report('bad-peer-message', checked.problem);
  }

  #networkChanged(): void {
    this.#options.signaling.retryNow();
    this.#roster.resume();
  }

  #report(code: RoomProblem['code'], message: string): void {
    this.emit('problem', { code, message });
  }

  #end(reason: LeaveReason): void {
    if (this.#state.status === 'left') return;
    this.#scope.end();
    this.#roster.close({ bye: reason.code === 'requested' });
    this.#options.signaling.leave();
    if (this.#options.ownsLocal) this.local.close();
    this.#enter({ status: 'left', reason });
  }

  #enter(state: RoomState): void {
    this.#state = state;
    this.emit('state', state);
  }
}
