import type {
  Envelope,
  Left,
  PeerId,
  Presence,
  PresenceUpdate,
  RoomSettings,
  Source,
} from '@peerline/protocol';
import type {
  LeaveReason,
  LocalMedia,
  MediaPreferences,
  MediaState,
  Message,
  MessageMap,
  Payload,
  Peer,
  Room,
  RoomEvents,
  RoomProblem,
  RoomSendOptions,
  RoomState,
} from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import { Scope } from '../base/scope.ts';
import type { Diagnosis } from '../diagnosis/verdicts.ts';
import type { RoomLink } from '../link/room-link.ts';
import { perSource } from '../media/per-source.ts';
import { BYE_LINGER_MS, type DoorControl } from '../peer/remote-peer-options.ts';
import { RemotePeer } from '../peer/remote-peer.ts';
import type { SignalingState } from '../signaling/signaling.ts';
import { Absence, type AbsenceCause } from './absence.ts';
import { DoorKeeper } from './door-keeper.ts';
import { broadcast } from './broadcast.ts';
import { checkMessage, isOfType } from './message-schemas.ts';
import { MessageStream } from './message-stream.ts';
import { listenToPage } from './page-events.ts';
import { checkedPresence } from './presence.ts';
import { refusalError } from './refusal-error.ts';
import type { JoinedRoomOptions } from './room-options.ts';
import type { Admission } from './sealed-signals.ts';
import { RoomWays } from './signal-ways.ts';
import { Whereabouts } from './whereabouts.ts';

/** A room that was joined: who is there, and what is sent to everyone. */
export class JoinedRoom<M extends MessageMap> extends Emitter<RoomEvents<M>> implements Room<M> {
  readonly id: PeerId;
  readonly admission: DoorKeeper;
  readonly local: LocalMedia;
  readonly #options: JoinedRoomOptions<M>;
  readonly #peers = new Map<PeerId, RemotePeer<M>>();
  readonly #absence: Absence;
  readonly #ways: RoomWays<M>;
  readonly #whereabouts: Whereabouts;
  readonly #scope = new Scope();
  #state: RoomState = { status: 'joined' };
  #presence: PresenceUpdate;
  #mediaRevision = 1;
  #lastEpoch = 0;
  /** Each return to the server may be from another one (SPEC.md, NEG12). */
  #addresses = 0;
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
    this.#presence = { revision: 1, value: options.presence };
    this.#absence = new Absence(options.clock, (peer) => this.#remove(peer, 'gone'));
    this.#ways = new RoomWays(signaling, signals, this.#absence, this.#peers);
    const { settings } = welcome;
    this.#whereabouts = new Whereabouts({
      ...options,
      ...{ settings, peers: this.#peers },
      onMoved: (link, removed) => {
        signals.distrust(removed);
        this.#remove(removed, 'removed');
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
      signals.on('joined', (peer) => this.#arrived(peer)),
      signals.on('left', ({ peer, reason }) => this.#departed(peer, reason)),
      signals.on('signal', ({ from, envelope }) => this.#signaled(from, envelope)),
      signals.on('problem', ({ code, message }) => this.#report(code, message)),
      signals.on('settings', (now) => this.#settled(now)),
      signals.on('knock', (knock) => void this.admission.knocked(knock)),
      signals.on('knock-ended', ({ peer }) => this.admission.knockEnded(peer)),
      signals.on('echo', () => this.#resumeLost()),
      signals.on('garbage', ({ message }) => this.#report('bad-server-message', message)),
      signals.on('forged', (message) => this.#report('not-genuine', message)),
      signaling.on('token-failed', ({ message }) => this.#report('token-failed', message)),
      () => signals.close(),
      local.on('change', (source) => this.#localChanged(source)),
      listenToPage({
        onHide: () => void this.leave(),
        onFreeze: () => {
          for (const peer of this.#peers.values()) peer.control({ type: 'away' });
        },
        onNetwork: () => this.#networkChanged(),
      }),
    ];
    for (const stop of listening) this.#scope.add(stop);
    for (const peer of welcome.peers) this.#arrived(peer);
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
  get presence(): Presence {
    return this.#presence.value;
  }

  setPresence(given: Presence): void {
    const value = checkedPresence(given);
    const presence = { revision: this.#presence.revision + 1, value };
    this.#presence = presence;
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }
  #localChanged(source: Source): void {
    this.#mediaRevision += 1;
    for (const peer of this.#peers.values()) peer.localChanged(source);
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
          // A network that changed takes the server first; whom it took as well is asked at once.
          for (const peer of this.#peers.values()) peer.probe();
          this.#judgeReach();
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
    this.#settled(welcome.settings);
    this.#addresses += 1;
    this.#options.ice.use(welcome.iceServers);
    this.#enter({ status: 'joined' });
    const listed = new Set(welcome.peers);
    for (const peer of this.#peers.values()) {
      // Who fell silent before may do so for long.
      if (!listed.has(peer.id) && !this.#absence.has(peer.id)) this.#absent(peer, 'unlisted');
    }
    for (const id of listed) this.#arrived(id);
  }

  #arrived(id: PeerId): void {
    this.#absence.end(id);
    const known = this.#peers.get(id);
    if (known !== undefined) {
      known.setAbsent(false);
      known.resume();
      return;
    }
    const peer = this.#create(id);
    this.#peers.set(id, peer);
    this.#whereabouts.revise();
    this.emit('peer', peer);
    peer.start();
  }

  #departed(id: PeerId, reason: Left['reason']): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    if (reason === 'left') this.#remove(id, 'left');
    else
      this.#absent(peer, reason === 'silent' || peer.state.status === 'away' ? 'silent' : 'closed');
  }

  #absent(peer: RemotePeer<M>, cause: AbsenceCause): void {
    peer.setAbsent(true);
    peer.probe();
    this.#absence.begin(peer.id, cause, peer.pulse);
  }

  /** Whoever it is: another try would send another moment of sound and picture there. */
  #removeImpostor(id: PeerId): void {
    this.#options.signals.distrust(id);
    this.#report('not-genuine', `${id} shows another certificate than it named; it was left out`);
    this.#remove(id, 'not-genuine');
  }

  #settled(settings: RoomSettings): void {
    this.#whereabouts.settled(settings);
    this.admission.settled(settings);
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

  #remove(id: PeerId, reason: 'left' | 'gone' | 'not-genuine' | 'removed'): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#absence.end(id);
    this.#peers.delete(id);
    this.#whereabouts.revise();
    peer.close(reason, { bye: false });
    this.emit('peerleft', peer);
  }

  #signaled(from: PeerId, envelope: Envelope): void {
    // It speaks, so it is there, whatever became of it here.
    if (!this.#peers.has(from)) this.#arrived(from);
    this.#peers.get(from)?.receive(envelope);
  }

  #create(id: PeerId): RemotePeer<M> {
    const { signaling, clock, ice, policy, local, plane, messageMaxBytes } = this.#options;
    this.#lastEpoch += 1;
    const peer: RemotePeer<M> = new RemotePeer<M>({
      ...{ selfId: this.id, id, epoch: this.#lastEpoch, clock },
      address: () => this.#addresses,
      rtc: ice.rtc,
      policy,
      local,
      plane,
      messageMaxBytes,
      configuration: () => ice.configuration(),
      localMedia: () => this.#localMedia(),
      localPresence: () => this.#presence,
      ways: this.#ways.to(id),
      verification: this.#options.verifications.of(id, () => peer),
      onMessage: (type, payload) => this.#received(peer, type, payload),
      onDoor: (control) => this.#heardOfDoor(id, control),
      onBye: () => this.#remove(id, 'left'),
      onPulse: () => this.#pulsed(peer),
      onDoubt: () => signaling.probe(!this.#isAnyoneReached),
      onImpostor: () => this.#removeImpostor(id),
      onTrouble: (message, code = 'peer-trouble') => this.#report(code, message),
    });
    return peer;
  }

  #pulsed(peer: RemotePeer<M>): void {
    this.#absence.pulse(peer.id, peer.pulse);
    this.#judgeReach();
    if (peer.pulse !== 'beating') return;
    // Who is reached may lead to those who are not.
    this.#resumeLost();
  }

  #resumeLost(): void {
    for (const peer of this.#peers.values()) if (peer.pulse === 'faint') peer.resume();
  }

  get #isAnyoneReached(): boolean {
    return [...this.#peers.values()].some(({ pulse }) => pulse === 'beating');
  }

  #judgeReach(): void {
    const peers = [...this.#peers.values()];
    const isCutOff = peers.length > 0 && peers.every(({ pulse }) => pulse === 'faint');
    this.#options.signaling.setCutOff(isCutOff);
  }

  #received(peer: RemotePeer<M>, type: string, payload: Payload): void {
    const checked = checkMessage<M>(this.#options.schemas, { type, payload, from: peer });
    if (checked.ok) this.emit('message', checked.message);
    else this.#report('bad-peer-message', checked.problem);
  }

  #localMedia(): MediaState {
    const isOn = perSource((source) => this.local.track(source) !== undefined);
    return { revision: this.#mediaRevision, ...isOn };
  }

  #networkChanged(): void {
    this.#options.signaling.retryNow();
    for (const peer of this.#peers.values()) peer.resume();
  }

  #report(code: RoomProblem['code'], message: string): void {
    this.emit('problem', { code, message });
  }

  #end(reason: LeaveReason): void {
    if (this.#state.status === 'left') return;
    this.#scope.end();
    this.#absence.close();
    const peers = [...this.#peers.values()];
    this.#peers.clear();
    for (const peer of peers) {
      peer.close('room-left', { bye: reason.code === 'requested' });
      this.emit('peerleft', peer);
    }
    this.#options.signaling.leave();
    if (this.#options.ownsLocal) this.local.close();
    this.#enter({ status: 'left', reason });
  }

  #enter(state: RoomState): void {
    this.#state = state;
    this.emit('state', state);
  }
}
