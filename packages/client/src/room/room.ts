import type { Envelope, Left, PeerId, Presence, PresenceUpdate, Source } from '@peerline/protocol';
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
import { BYE_LINGER_MS } from '../peer/remote-peer-options.ts';
import { RemotePeer } from '../peer/remote-peer.ts';
import type { SignalingState } from '../signaling/signaling.ts';
import { Absence, type AbsenceCause } from './absence.ts';
import { checkMessage, isOfType } from './message-schemas.ts';
import { MessageStream } from './message-stream.ts';
import { listenToPage } from './page-events.ts';
import { checkedPresence } from './presence.ts';
import { refusalError } from './refusal-error.ts';
import type { JoinedRoomOptions } from './room-options.ts';
import type { Admission } from './sealed-signals.ts';
import { RoomWays } from './signal-ways.ts';

/** A room that was joined: who is there, and what is sent to everyone. */
export class JoinedRoom<M extends MessageMap> extends Emitter<RoomEvents<M>> implements Room<M> {
  readonly id: PeerId;
  readonly link: RoomLink;
  readonly local: LocalMedia;
  readonly #options: JoinedRoomOptions<M>;
  readonly #peers = new Map<PeerId, RemotePeer<M>>();
  readonly #absence: Absence;
  readonly #ways: RoomWays<M>;
  readonly #scope = new Scope();
  #state: RoomState = { status: 'joined' };
  #capacity: number;
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
    this.link = options.link;
    this.local = local;
    this.#options = options;
    this.#capacity = welcome.capacity;
    options.ice.use(welcome.iceServers);
    this.#presence = { revision: 1, value: options.presence };
    this.#absence = new Absence(options.clock, (peer) => this.#remove(peer, 'gone'));
    this.#ways = new RoomWays(signaling, signals, this.#absence, this.#peers);
    const listening = [
      signals.on('state', (state) => this.#signalingChanged(state)),
      signals.on('welcome', (again) => this.#welcomed(again)),
      signals.on('ice-servers', ({ iceServers }) => options.ice.use(iceServers)),
      signals.on('joined', (peer) => this.#arrived(peer)),
      signals.on('left', ({ peer, reason }) => this.#departed(peer, reason)),
      signals.on('signal', ({ from, envelope }) => this.#signaled(from, envelope)),
      signals.on('problem', ({ code, message }) => this.#report(code, message)),
      signals.on('echo', () => this.#resumeLost()),
      signals.on('garbage', ({ message }) => this.#report('bad-server-message', message)),
      signals.on('forged', (message) => this.#report('not-genuine', message)),
      signaling.on('token-failed', ({ message }) => this.#report('token-failed', message)),
      () => signals.close(),
      local.on('change', (source) => this.#localChanged(source)),
      listenToPage({
        onHide: () => void this.leave(),
        onFreeze: () => this.#freezing(),
        onNetwork: () => this.#networkChanged(),
      }),
    ];
    for (const stop of listening) this.#scope.add(stop);
    for (const peer of welcome.peers) this.#arrived(peer);
  }

  get state(): RoomState {
    return this.#state;
  }
  get capacity(): number {
    return this.#capacity;
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
    const { to, ...sendOptions } = options;
    if (to !== undefined) {
      const ids = typeof to === 'string' ? [to] : to;
      await Promise.all(ids.map((id) => this.#peer(id).send(type, payload, sendOptions)));
      return;
    }
    const sends = [...this.#peers.values()].map((peer) => peer.send(type, payload, sendOptions));
    const results = await Promise.allSettled(sends);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      // Who left meanwhile is not "everyone" any more.
      const gone = result.reason instanceof PeerlineError && result.reason.code === 'peer-gone';
      if (!gone) throw result.reason;
    }
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

  #peer(id: PeerId): RemotePeer<M> {
    const peer = this.#peers.get(id);
    if (peer === undefined) throw PeerlineError.peerGone(id);
    return peer;
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
    this.#capacity = welcome.capacity;
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

  #remove(id: PeerId, reason: 'left' | 'gone' | 'not-genuine'): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#absence.end(id);
    this.#peers.delete(id);
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
      selfId: this.id,
      id,
      epoch: this.#lastEpoch,
      clock,
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
    const { local } = this;
    return {
      revision: this.#mediaRevision,
      microphone: local.track('microphone') !== undefined,
      camera: local.track('camera') !== undefined,
      screen: local.track('screen') !== undefined,
      screenAudio: local.track('screenAudio') !== undefined,
    };
  }

  #freezing(): void {
    for (const peer of this.#peers.values()) peer.control({ type: 'away' });
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
