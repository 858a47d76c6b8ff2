import {
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
  JsonValue,
  LocalMedia,
  MessageMap,
  NegotiatedMedia,
  Payload,
  Peer,
  PeerEvents,
  PeerQuality,
  PeerState,
  RemoteTrack,
  RtcEnvironment,
  SendOptions,
} from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import { Messenger } from '../channels/messenger.ts';
import { Mailbox } from '../delivery/mailbox.ts';
import { termsOf, type MediaPlan } from '../media/preferences.ts';
import { sampleQuality } from '../stats/quality-sampler.ts';
import { Connection } from './connection.ts';
import { adoptLayout, codecsBySection, layOut, sourcesByMid } from './layout.ts';
import { Negotiator } from './negotiator.ts';
import { OutgoingMedia, pendingMedia } from './outgoing-media.ts';
import { Recovery, type RecoveryPolicy } from './recovery.ts';
import { RemoteTracks } from './remote-tracks.ts';

/** A word on the data channel is out within a few milliseconds, and over a slow link within this. */
export const BYE_LINGER_MS = 200;

export interface RemotePeerOptions {
  readonly selfId: PeerId;
  readonly id: PeerId;
  /** Grows with each object made for the same id (SPEC.md, DELIV4). */
  readonly epoch: number;
  readonly clock: Clock;
  readonly rtc: RtcEnvironment;
  readonly configuration: () => RTCConfiguration;
  readonly policy: RecoveryPolicy;
  readonly local: LocalMedia;
  readonly messageMaxBytes: number;
  readonly plan: () => MediaPlan;
  readonly localMedia: () => MediaState;
  readonly localPresence: () => PresenceUpdate;
  /** Hands an envelope to the server; false where there is no way to it now. */
  readonly relay: (envelope: Envelope) => boolean;
  readonly onMessage: (type: string, payload: Payload) => void;
  /** The peer said that it leaves. */
  readonly onBye: () => void;
  /** How the pair's own connection does: see `Pulse` in room/absence.ts. */
  readonly onPulse: () => void;
  readonly onTrouble: (message: string) => void;
}

/** One other peer of the room. The object stays the same over every reconnect, until `lost`. */
export class RemotePeer<M extends MessageMap> extends Emitter<PeerEvents> implements Peer<M> {
  readonly id: PeerId;
  readonly #options: RemotePeerOptions;
  readonly #mailbox: Mailbox;
  readonly #negotiator: Negotiator;
  readonly #recovery: Recovery;
  readonly #messenger: Messenger;
  readonly #outgoing: OutgoingMedia;
  readonly #tracks: RemoteTracks;
  #sampling: AbortController | undefined;
  #state: PeerState = { status: 'connecting' };
  #presence: PresenceUpdate = { revision: 0, value: {} };
  #media: MediaState = {
    revision: 0,
    microphone: false,
    camera: false,
    screen: false,
    screenAudio: false,
  };
  #negotiated: NegotiatedMedia = pendingMedia();
  #quality: PeerQuality | undefined;
  protected override readonly replays: Replays<PeerEvents> = {
    track: () => this.#tracks.current.values(),
  };
  /** The other side ended the channel; nothing of it is to be expected but over the server. */
  #abandoned = false;

  constructor(options: RemotePeerOptions) {
    super();
    this.id = options.id;
    this.#options = options;
    const { clock, rtc } = options;
    this.#mailbox = new Mailbox({
      epoch: options.epoch,
      clock,
      transmit: (envelope, how) => this.#transmit(envelope, how),
      onSignal: (signal) => this.#negotiator.handle(signal),
      onRestart: () => this.#restarted(),
    });
    this.#outgoing = new OutgoingMedia({
      local: options.local,
      rtc,
      plan: options.plan,
      onTrouble: options.onTrouble,
    });
    this.#tracks = new RemoteTracks({
      rtc,
      onTrack: (track) => this.emit('track', track),
      onEnded: (track) => this.emit('trackended', track),
    });
    this.#messenger = new Messenger({
      clock,
      messageMaxBytes: options.messageMaxBytes,
      onMessage: options.onMessage,
      onControl: (control) => this.#control(control),
      onOpen: () => this.#channelOpened(),
      onClose: () => this.#channelClosed(),
      onGarbage: () => options.onTrouble('something unintelligible came over the data channel'),
    });
    this.#negotiator = new Negotiator({
      role: isOfferer(options.selfId, options.id) ? 'offerer' : 'answerer',
      clock,
      send: (signal) => this.#mailbox.post(signal),
      open: (generation) => this.#open(generation),
      prepare: (connection, stage) => this.#prepare(connection, stage),
      extras: () => ({
        terms: termsOf(options.plan()),
        media: options.localMedia(),
        presence: options.localPresence(),
      }),
      onDescription: (description) => this.#described(description),
      onNegotiated: (connection, answer) => this.#agreed(connection, answer),
      onTrouble: options.onTrouble,
    });
    this.#recovery = new Recovery({
      clock,
      policy: options.policy,
      restartIce: () => this.#negotiator.renegotiate({ iceRestart: true }),
      rebuild: () => this.#negotiator.rebuild(),
    });
  }

  get state(): PeerState {
    return this.#state;
  }
  get presence(): Presence {
    return this.#presence.value;
  }
  get media(): MediaState {
    return this.#media;
  }
  get tracks(): ReadonlyMap<Source, RemoteTrack> {
    return this.#tracks.current;
  }
  get negotiated(): NegotiatedMedia {
    return this.#negotiated;
  }
  get quality(): PeerQuality | undefined {
    return this.#quality;
  }

  /** How the pair's own connection does, for the room to judge an absence by. */
  get pulse(): 'beating' | 'faint' | 'none' {
    if (this.#state.status === 'connected') return this.#abandoned ? 'none' : 'beating';
    return this.#state.status === 'recovering' && !this.#abandoned ? 'faint' : 'none';
  }

  send<T extends keyof M & string>(type: T, payload: M[T], options?: SendOptions): Promise<void> {
    if (this.#state.status === 'lost') return Promise.reject(PeerlineError.peerGone(this.id));
    return this.#messenger.send(type, payload, options);
  }

  async stats(): Promise<RTCStatsReport> {
    return (await this.#negotiator.connection?.pc.getStats()) ?? new Map<string, JsonValue>();
  }

  /** For the room: the peer is there, begin. */
  start(): void {
    this.#recovery.connecting();
    this.#negotiator.start();
  }

  /** For the room: an envelope came from this peer, over the server. */
  receive(envelope: Envelope): void {
    this.#mailbox.receive(envelope);
  }

  /** For the room: the way to the server, or the network, is back. */
  resume(): void {
    this.#mailbox.resume();
    this.#recovery.poke();
  }

  /** For the room: one of its own sources went on or off, or changed its track. */
  localChanged(source: Source): void {
    void this.#outgoing.sync(source);
    this.#messenger.control({ type: 'media', media: this.#options.localMedia() });
  }

  /** For the room: its own presence or preferences changed. */
  tellPresence(): void {
    this.#messenger.control({ type: 'presence', presence: this.#options.localPresence() });
  }
  renegotiate(): void {
    this.#negotiator.renegotiate({ iceRestart: false });
  }

  /**
   * For the room: the end. `bye` tells the other side on the way; the connection then lives on for a
   * moment, since closing it would overtake the word.
   */
  close(reason: Extract<PeerState, { status: 'lost' }>['reason'], { bye }: { bye: boolean }): void {
    if (this.#state.status === 'lost') return;
    const said = bye && this.#messenger.control({ type: 'bye' });
    this.#sampling?.abort();
    this.#recovery.close();
    this.#mailbox.close();
    this.#messenger.close(
      reason === 'room-left' ? PeerlineError.roomLeft() : PeerlineError.peerGone(this.id),
    );
    this.#tracks.clear();
    this.#outgoing.silence();
    const end = (): void => this.#negotiator.close();
    if (said) this.#options.clock.setTimeout(end, BYE_LINGER_MS);
    else end();
    this.#enter({ status: 'lost', reason });
  }

  /**
   * In band where the pair is connected: quicker, and nothing for the server to see. What went that
   * way in vain goes every way (DELIV2 drops the copies).
   */
  #transmit(envelope: Envelope, { again }: { readonly again: boolean }): void {
    const connected = this.#state.status === 'connected';
    const inBand = connected && this.#messenger.control({ type: 'signal', envelope });
    if (inBand && !again) return;
    const relayed = this.#options.relay(envelope);
    if (!relayed && !inBand) this.#messenger.control({ type: 'signal', envelope });
  }

  #restarted(): void {
    this.#abandoned = false;
    this.#media = { ...this.#media, revision: 0 };
    this.#presence = { ...this.#presence, revision: 0 };
    this.#messenger.restart();
    this.#negotiator.restart();
  }

  #open(generation: number): Connection {
    const connection = new Connection({
      generation,
      rtc: this.#options.rtc,
      configuration: this.#options.configuration(),
      clock: this.#options.clock,
      onCandidates: ({ generation: of }, candidates) => this.#negotiator.trickle(of, candidates),
      onStateChange: (changed) => this.#connectionChanged(changed),
    });
    this.#messenger.use(connection.channels);
    this.#recovery.connecting();
    return connection;
  }

  async #prepare(connection: Connection, stage: 'before-offer' | 'before-answer'): Promise<void> {
    if (connection.layout.size === 0) {
      const { rtc } = this.#options;
      connection.layout =
        stage === 'before-offer' ? layOut(connection.pc, rtc) : adoptLayout(connection.pc, rtc);
    }
    await this.#outgoing.use(connection.layout);
  }

  #described(description: Description): void {
    this.#outgoing.useTerms(description.terms);
    this.#heardPresence(description.presence);
    this.#heardMedia(description.media);
  }

  #agreed(connection: Connection, answer: string): void {
    this.#negotiated = this.#outgoing.agreed(codecsBySection(answer));
    this.#tracks.useLayout(connection.layout);
    this.emit('negotiated', this.#negotiated);
  }

  #connectionChanged(connection: Connection): void {
    if (this.#state.status === 'lost') return;
    if (connection !== this.#negotiator.connection) return;
    switch (connection.pc.connectionState) {
      case 'connected':
        this.#recovery.up();
        if (this.#isConnectedOver(connection)) return;
        this.#enter({ status: 'connected', generation: connection.generation });
        this.#sample(connection);
        return;
      case 'disconnected':
      case 'failed':
        this.#recovery.down(connection.pc.connectionState);
        this.#disturbed();
        return;
      default:
    }
  }

  #isConnectedOver({ generation }: Connection): boolean {
    return this.#state.status === 'connected' && this.#state.generation === generation;
  }

  #disturbed(): void {
    this.#sampling?.abort();
    if (this.#state.status === 'connected') {
      this.#enter({ status: 'recovering', sinceMs: this.#options.clock.nowMs() });
    }
  }

  #sample(connection: Connection): void {
    this.#sampling?.abort();
    this.#sampling = new AbortController();
    sampleQuality({
      clock: this.#options.clock,
      signal: this.#sampling.signal,
      read: () => connection.pc.getStats(),
      sources: () => sourcesByMid(connection.layout),
      onSample: (quality) => {
        this.#quality = quality;
        this.emit('quality', quality);
      },
    });
  }

  #channelOpened(): void {
    this.#abandoned = false;
    const { localMedia, localPresence } = this.#options;
    this.#messenger.control({ type: 'media', media: localMedia() });
    this.#messenger.control({ type: 'presence', presence: localPresence() });
    this.#mailbox.resume();
  }

  #channelClosed(): void {
    this.#abandoned = true;
    this.#recovery.down('closed');
    this.#options.onPulse();
  }

  #control(control: Control): void {
    switch (control.type) {
      case 'media':
        this.#heardMedia(control.media);
        return;
      case 'presence':
        this.#heardPresence(control.presence);
        return;
      case 'signal':
        this.#mailbox.receive(control.envelope);
        return;
      case 'refuse':
        this.#options.onTrouble(`the peer refused message ${control.message}: ${control.code}`);
        return;
      case 'bye':
        this.#options.onBye();
        return;
      default: // the messenger dealt with it
    }
  }

  #heardMedia(media: MediaState): void {
    if (media.revision <= this.#media.revision) return;
    this.#media = media;
    this.#tracks.useMedia(media);
    this.emit('media', media);
  }

  #heardPresence(presence: PresenceUpdate): void {
    if (presence.revision <= this.#presence.revision) return;
    this.#presence = presence;
    this.emit('presence', presence.value);
  }

  #enter(state: PeerState): void {
    this.#state = state;
    this.emit('state', state);
    this.#options.onPulse();
  }
}
