import {
  SOURCES,
  isOfferer,
  type Control,
  type Description,
  type Envelope,
  type MediaState,
  type PeerId,
  type Presence,
  type PresenceUpdate,
  type Source,
} from '@peerline/protocol';
import type {
  MessageMap,
  NegotiatedMedia,
  Peer,
  PeerEvents,
  PeerQuality,
  PeerState,
  PeerVerification,
  RemoteTrack,
  SendOptions,
  Verification,
} from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import { Messenger } from '../channels/messenger.ts';
import { Mailbox } from '../delivery/mailbox.ts';
import { arrivals } from '../stats/arrivals.ts';
import { Connection } from './connection.ts';
import { asksForPath } from './ice-restarts.ts';
import { Liveness } from './liveness.ts';
import type { PairMedia } from './media-plane.ts';
import { Negotiator } from './negotiator.ts';
import { Recovery } from './recovery.ts';
import { BYE_LINGER_MS, extrasOf, handOver } from './remote-peer-options.ts';
import type { RemotePeerOptions } from './remote-peer-options.ts';
import { SignalPost } from './signal-post.ts';
import { isSameState, Standing, type Pulse } from './standing.ts';
import { Told } from './told.ts';

/** One other peer of the room. The object stays the same over every reconnect, until `lost`. */
export class RemotePeer<M extends MessageMap> extends Emitter<PeerEvents> implements Peer<M> {
  readonly id: PeerId;
  readonly #options: RemotePeerOptions;
  readonly #post: SignalPost;
  readonly #mailbox: Mailbox;
  readonly #negotiator: Negotiator;
  readonly #recovery: Recovery;
  readonly #messenger: Messenger;
  readonly #pairMedia: PairMedia;
  readonly #liveness: Liveness;
  #state: PeerState;
  #quality: PeerQuality | undefined;
  protected override readonly replays: Replays<PeerEvents> = { track: () => this.tracks.values() };
  readonly #standing: Standing;
  readonly #told = new Told();

  constructor(options: RemotePeerOptions) {
    super();
    this.id = options.id;
    this.#options = options;
    const { clock, rtc } = options;
    this.#standing = new Standing(clock);
    this.#post = new SignalPost({
      clock,
      ways: options.ways,
      channel: (envelope) => this.#messenger.control({ type: 'signal', envelope }),
      isUp: () => this.#standing.isUp,
      isSure: () => this.#liveness.isSure,
    });
    this.#state = this.#standing.state;
    this.#mailbox = new Mailbox({
      epoch: options.epoch,
      clock,
      transmit: (envelope, way) => this.#post.send(envelope, way),
      onOverdue: () => options.onDoubt(),
      onSignal: (signal) => {
        // It says that signals travel again: what was lost meanwhile goes first.
        if (signal.type === 'hail') this.#mailbox.resume();
        this.#negotiator.handle(signal);
        // While it is down a key frame would be lost, and put off the one that follows when it is up.
        if (signal.type === 'refresh' && this.#standing.isUp) this.#pairMedia.refresh();
      },
      onRestart: () => this.#restarted(),
    });
    this.#pairMedia = options.plane.createPair({
      local: options.share,
      rtc,
      clock,
      onTrack: (track) => this.emit('track', track),
      onTrackEnded: (track) => this.emit('trackended', track),
      onQuality: (quality) => this.emit('quality', (this.#quality = quality)),
      onStill: () => this.#mailbox.post({ type: 'refresh' }),
      tellView: (view) => this.#messenger.control({ type: 'view', view }),
      onTrouble: options.onTrouble,
    });
    this.#messenger = new Messenger({
      clock,
      messageMaxBytes: options.messageMaxBytes,
      onMessage: (type, payload) => {
        this.#heard();
        options.onMessage(type, payload);
      },
      onControl: (control) => this.#control(control),
      onOpen: () => this.#channelOpened(),
      onClose: () => this.#channelClosed(),
      onGarbage: () => options.onTrouble('garbage came'),
    });
    this.#negotiator = new Negotiator({
      role: isOfferer(options.selfId, options.id) ? 'offerer' : 'answerer',
      clock,
      address: options.address,
      isHeard: () => this.#standing.isUp,
      send: (signal, how) => this.#mailbox.post(signal, how),
      isDelivered: () => this.#mailbox.waiting === 0,
      open: (generation) => this.#open(generation),
      prepare: (connection, stage) => this.#pairMedia.prepare(connection, stage),
      extras: () => extrasOf(options),
      onDescription: (description) => this.#described(description),
      onNegotiated: (connection, answer) => this.#agreed(connection, answer),
      onTrouble: options.onTrouble,
    });
    this.#recovery = new Recovery({
      clock,
      policy: options.policy,
      isReachable: () => options.ways.isOpen(),
      restartIce: () => this.#negotiator.recover(),
      rebuild: () => this.#negotiator.rebuild(),
    });
    this.#liveness = new Liveness({
      clock,
      ping: (pingId) => this.#messenger.control({ type: 'ping', id: pingId }),
      received: async () => arrivals(await this.stats()),
      onSilent: () => {
        this.#recovery.down('silent');
        this.#down();
      },
      onHeard: () => {
        options.onSign();
        this.#connectionChanged(this.#negotiator.connection);
      },
      onDoubt: options.onDoubt,
    });
  }

  get state(): PeerState {
    return this.#state;
  }
  get presence(): Presence {
    return this.#told.presence;
  }
  get media(): MediaState {
    return this.#told.media;
  }
  get tracks(): ReadonlyMap<Source, RemoteTrack> {
    return this.#pairMedia.tracks;
  }
  get negotiated(): NegotiatedMedia {
    return this.#pairMedia.negotiated;
  }
  get quality(): PeerQuality | undefined {
    return this.#quality;
  }
  get verification(): PeerVerification {
    return this.#options.verification.state();
  }

  /** How the pair's own connection does, for the room to judge an absence by. */
  get pulse(): Pulse {
    return this.#standing.pulse;
  }

  send<T extends keyof M & string>(type: T, payload: M[T], options?: SendOptions): Promise<void> {
    if (this.#state.status === 'lost') return Promise.reject(PeerlineError.peerGone(this.id));
    return this.#messenger.send(type, payload, options);
  }

  async stats(): Promise<RTCStatsReport> {
    return (await this.#negotiator.connection?.pc.getStats()) ?? new Map<string, never>();
  }
  verify(): Promise<Verification> {
    return this.#options.verification.verify();
  }
  restartIce(): void {
    this.#negotiator.renegotiate({ iceRestart: true });
  }

  /** For the room: the peer is there, begin. @param isUnseen it does not know of this side yet */
  start(isUnseen = false): void {
    this.#recovery.connecting();
    this.#negotiator.start(isUnseen);
  }

  /** For the room: an envelope came from this peer, over the server. */
  receive(envelope: Envelope): void {
    this.#post.cameByWays(envelope);
    this.#mailbox.receive(envelope);
  }

  /** For the room: a way to the other side, or the network, is back. */
  resume(): void {
    this.#mailbox.resume();
    if (this.#recovery.isCalm) this.#liveness.probe();
    else this.#recovery.poke();
  }

  /** For the room: there is reason to doubt the path, such as another network or a lost server. */
  probe(): void {
    this.#liveness.probe();
  }

  /** For the room: whether the server sees the peer. */
  setAbsent(isAbsent: boolean): void {
    this.#standing.isAbsent = isAbsent;
    this.#update();
  }

  /** For the room: a control message. @returns false where no channel is open */
  control(control: Control): boolean {
    return this.#messenger.control(control);
  }

  /** For the room: one of its own sources went on or off, or changed its track. */
  localChanged(source: Source): void {
    this.#pairMedia.localChanged(source);
    this.#messenger.control({ type: 'media', media: this.#options.share.media() });
  }

  /** For the room: the other side gets all of its own from now on. */
  shareChanged(): void {
    for (const source of SOURCES) this.#pairMedia.localChanged(source);
    this.#tellShare();
  }

  /** For the room: its preferences changed. */
  renegotiate(): void {
    this.#negotiator.renegotiate({ iceRestart: false });
  }

  /** For the room: the end. After `bye` the connection lives on for a moment: closing would overtake it. */
  close(reason: Extract<PeerState, { status: 'lost' }>['reason'], { bye }: { bye: boolean }): void {
    if (this.#state.status === 'lost') return;
    const said = bye && this.#messenger.control({ type: 'bye' });
    this.#liveness.stop();
    this.#options.verification.close();
    this.#recovery.close();
    this.#mailbox.close();
    this.#messenger.close(
      reason === 'room-left' ? PeerlineError.roomLeft() : PeerlineError.peerGone(this.id),
    );
    this.#pairMedia.close();
    if (!said) this.#negotiator.close();
    else this.#options.clock.setTimeout(() => this.#negotiator.close(), BYE_LINGER_MS);
    this.#enter({ status: 'lost', reason });
  }

  #restarted(): void {
    this.#standing.isAbandoned = false;
    this.#told.restart();
    this.#messenger.restart();
    this.#negotiator.restart();
  }

  #open(generation: number): Connection {
    const { rtc, clock, onImpostor } = this.#options;
    const connection = new Connection({
      ...{ generation, rtc, clock, onImpostor },
      configuration: this.#options.configuration(),
      onCandidates: ({ generation: of }, candidates) => this.#negotiator.trickle(of, candidates),
      onStateChange: (changed) => this.#connectionChanged(changed),
      // While packets flow, a change costs none.
      onPathChange: () => {
        if (!this.#standing.isNew && !this.#liveness.isSure) this.#pairMedia.refresh();
      },
    });
    // What the last one brought says nothing of this one.
    this.#liveness.stop();
    this.#down();
    this.#messenger.use(connection.channels);
    this.#recovery.connecting();
    return connection;
  }

  #described(description: Description): string {
    this.#standing.isAbandoned = false;
    this.#heardPresence(description.presence);
    this.#heardMedia(description.media);
    return this.#pairMedia.useDescription(description);
  }
  #agreed(connection: Connection, answer: string): void {
    connection.watchPath();
    this.#pairMedia.agreed(connection, answer);
    this.emit('negotiated', this.negotiated);
  }
  #connectionChanged(connection: Connection | undefined): void {
    if (connection === undefined || connection !== this.#negotiator.connection) return;
    const { connectionState } = connection.pc;
    if (connection.isUp) this.#cameUp(connection);
    else if (connection.hasPath) this.#recovery.handshaking();
    if (connectionState !== 'disconnected' && connectionState !== 'failed') return;
    this.#recovery.down(connectionState);
    this.#pairMedia.pause();
    this.#down();
  }

  #cameUp(connection: Connection): void {
    this.#recovery.up();
    this.#liveness.heard();
    const { isNew } = this.#standing;
    if (!this.#standing.cameUp(connection.generation)) return;
    this.#pairMedia.flows(connection);
    this.#mailbox.replace(asksForPath, { type: 'refresh' });
    if (!isNew) this.#refreshBoth();
    this.#update();
    if (this.#messenger.open) this.#mailbox.resume();
  }
  /** What was lost would keep pictures still until the browser asks for key frames, after seconds. */
  #refreshBoth(): void {
    this.#pairMedia.refresh();
    this.#post.doubt();
    this.#mailbox.post({ type: 'refresh' });
  }

  #down(): void {
    if (!this.#standing.wentDown()) return;
    this.#pairMedia.stalled();
    this.#update();
  }

  /** Whatever comes over the channel says that the other side is there and awake. */
  #heard(isAnswer = false): void {
    this.#liveness.heard(isAnswer);
    if (!this.#standing.wokeUp()) return;
    this.#liveness.start();
    this.#update();
  }

  #channelOpened(): void {
    this.#tellShare();
    this.#pairMedia.channelOpened();
    this.#liveness.start();
    this.#mailbox.resume('channel');
    this.#options.verification.take({ type: 'opened' });
  }
  #tellShare(): void {
    const { share } = this.#options;
    this.#messenger.control({ type: 'presence', presence: share.presence() });
    this.#messenger.control({ type: 'media', media: share.media() });
  }
  #channelClosed(): void {
    // In a silence it gave up by itself (RFC 9260 section 8.1), and says nothing of the other side.
    this.#standing.isAbandoned ||= this.#standing.isUp;
    this.#liveness.stop();
    this.#recovery.down('closed');
    this.#options.onPulse();
  }
  #control(control: Control): void {
    if (control.type !== 'away') this.#heard(control.type === 'pong');
    switch (control.type) {
      case 'media':
        return this.#heardMedia(control.media);
      case 'presence':
        return this.#heardPresence(control.presence);
      case 'view':
        return this.#pairMedia.useView(control.view);
      case 'signal':
        return this.#mailbox.receive(control.envelope);
      case 'ping':
        this.#messenger.control({ type: 'pong', id: control.id });
        return;
      case 'away':
        this.#standing.fellAsleep();
        this.#liveness.stop();
        return this.#update();
      default:
        return handOver(control, this.#options);
    }
  }
  #heardMedia(media: MediaState): void {
    if (!this.#told.takeMedia(media)) return;
    this.#pairMedia.useMedia(media);
    this.emit('media', media);
  }
  #heardPresence(presence: PresenceUpdate): void {
    if (!this.#told.takePresence(presence)) return;
    this.emit('presence', presence.value);
    this.#options.verification.take({ type: 'renamed' });
  }
  #update(): void {
    const { state } = this.#standing;
    if (this.#state.status === 'lost' || isSameState(this.#state, state)) this.#options.onPulse();
    else this.#enter(state);
  }
  #enter(state: PeerState): void {
    this.#state = state;
    this.emit('state', state);
    this.#options.onPulse();
  }
}
