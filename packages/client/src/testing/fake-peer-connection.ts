import type { RtcEnvironment } from '../api.ts';
import { FakeDataChannel } from './fake-data-channel.ts';
import type { FakeAccess, FakeNetwork, NetworkEnd } from './fake-network.ts';

export interface FakeDescription {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** What every fake connection shows as its certificate, in text, and the SHA-256 of that. */
export const FAKE_CERTIFICATE = 'genuine';
const FINGERPRINT =
  'DF:EC:22:47:37:77:F0:DD:AE:A9:8D:74:04:5C:22:AE:90:29:A8:E3:B7:5A:A8:FC:CE:94:1A:A2:9E:5B:07:3B';

const KINDS = ['audio', 'video', 'video', 'audio'] as const;

/** What the SDK uses of a transceiver. */
class FakeTransceiver {
  direction: RTCRtpTransceiverDirection = 'sendrecv';
  currentDirection: RTCRtpTransceiverDirection | null = null;
  readonly sender = new FakeSender();
  readonly receiver: { readonly track: { readonly kind: string; readonly id: string } };
  codecPreferences: readonly { readonly mimeType: string }[] = [];

  constructor(kind: string, id: string) {
    this.receiver = { track: { kind, id } };
  }

  setCodecPreferences(codecs: readonly { readonly mimeType: string }[]): void {
    this.codecPreferences = codecs;
  }
}

class FakeSender {
  track: unknown = null;
  #parameters: { encodings: { maxBitrate?: number }[] } = { encodings: [{}] };

  replaceTrack(track: unknown): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }
  setStreams(): void {}
  getParameters(): { encodings: { maxBitrate?: number }[] } {
    return structuredClone(this.#parameters);
  }
  setParameters(parameters: { encodings: { maxBitrate?: number }[] }): Promise<void> {
    this.#parameters = structuredClone(parameters);
    return Promise.resolve();
  }
}

class CandidateEvent extends Event {
  readonly candidate: RTCIceCandidateInit | null;
  constructor(candidate: RTCIceCandidateInit | null) {
    super('icecandidate');
    this.candidate = candidate;
  }
}

/**
 * The part of an `RTCPeerConnection` that negotiation rests on: the signaling state machine, ICE
 * credentials and candidates, and errors where the real ones throw (webrtc-pc section 4.4).
 */
export class FakePeerConnection extends EventTarget implements NetworkEnd {
  readonly #network: FakeNetwork;
  readonly access: FakeAccess;
  readonly #channels = new Map<number, FakeDataChannel>();
  readonly #transceivers: FakeTransceiver[] = [];
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  get iceConnectionState(): RTCIceConnectionState {
    return this.connectionState === 'connecting' ? 'checking' : this.connectionState;
  }
  localUfrag: string | undefined;
  remoteUfrag: string | undefined;
  #pendingUfrag: string | undefined;
  #pendingOffer: string | undefined;
  #lastOffer: FakeDescription | undefined;
  remoteCandidates = 0;
  /** Looking for a path: at first, and behind each ICE restart. */
  checking = true;
  /** Changes with every change of connectivity, so that timers know whether they are still due. */
  connectivityEpoch = 0;

  constructor(network: FakeNetwork, access: FakeAccess) {
    super();
    this.#network = network;
    this.access = access;
  }

  addTransceiver(kind: string): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, `${this.#network.newUfrag()}-${kind}`);
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.#transceivers;
  }

  createDataChannel(label: string, options: { readonly id: number }): FakeDataChannel {
    const channel = new FakeDataChannel(label, (data) =>
      this.#network.carry(this, options.id, data),
    );
    this.#channels.set(options.id, channel);
    return channel;
  }

  channel(id: number): FakeDataChannel | undefined {
    return this.#channels.get(id);
  }

  createOffer(options: { readonly iceRestart?: boolean } = {}): Promise<FakeDescription> {
    return this.#attempt(() => {
      const fresh = options.iceRestart === true || this.localUfrag === undefined;
      const ufrag = fresh ? (this.#pendingUfrag ?? this.#network.newUfrag()) : this.localUfrag;
      this.#lastOffer = { type: 'offer', sdp: sdpOf(ufrag, this.#network.newUfrag()) };
      return this.#lastOffer;
    });
  }

  createAnswer(): Promise<FakeDescription> {
    return this.#attempt(() => {
      if (this.signalingState !== 'have-remote-offer') throw invalidState(this.signalingState);
      const restarted = this.localUfrag === undefined || this.checking;
      const ufrag = restarted ? this.#network.newUfrag() : this.localUfrag;
      return { type: 'answer', sdp: sdpOf(ufrag, this.#pendingOffer ?? '') };
    });
  }

  setLocalDescription(description: FakeDescription): Promise<void> {
    return this.#attempt(() => {
      const ufrag = ufragOf(description.sdp);
      if (description.type === 'offer') {
        if (this.signalingState === 'have-remote-offer') throw invalidState(this.signalingState);
        this.signalingState = 'have-local-offer';
        this.#pendingOffer = sessionOf(description.sdp);
        this.#pendingUfrag = ufrag;
      } else {
        if (this.signalingState !== 'have-remote-offer') throw invalidState(this.signalingState);
        this.#becomeStable(ufrag);
      }
      this.#gather(ufrag);
    });
  }

  setRemoteDescription(description: FakeDescription): Promise<void> {
    return this.#attempt(() => {
      const ufrag = ufragOf(description.sdp);
      const session = sessionOf(description.sdp);
      if (description.type === 'offer') {
        if (this.signalingState !== 'stable') throw invalidState(this.signalingState);
        this.signalingState = 'have-remote-offer';
        this.#pendingOffer = session;
        if (this.#transceivers.length === 0) for (const kind of KINDS) this.addTransceiver(kind);
        this.#remote(ufrag);
        return;
      }
      if (this.signalingState !== 'have-local-offer') throw invalidState(this.signalingState);
      if (session !== this.#pendingOffer) throw new Error('answer to another offer');
      this.#remote(ufrag);
      this.#becomeStable(this.#pendingUfrag);
    });
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#attempt(() => {
      if (this.remoteUfrag === undefined) throw invalidState('no remote description');
      if (candidate.usernameFragment !== this.remoteUfrag) throw new Error('unknown ufrag');
      this.remoteCandidates += 1;
      this.#network.reconsider(this);
    });
  }

  getStats(): Promise<ReadonlyMap<string, unknown>> {
    return Promise.resolve(new Map());
  }

  close(): void {
    if (this.signalingState === 'closed') return;
    this.#network.closed(this);
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    this.connectivityEpoch += 1;
    for (const channel of this.#channels.values()) channel.end();
  }

  becomeConnected(): void {
    this.checking = false;
    this.#connectivity('connected');
    for (const channel of this.#channels.values()) channel.begin();
  }
  becomeDisconnected(): void {
    this.connectionState = 'disconnected';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  becomeFailed(): void {
    this.#connectivity('failed');
  }
  remoteClosed(): void {
    for (const channel of this.#channels.values()) channel.end();
  }

  #connectivity(state: RTCPeerConnectionState): void {
    if (this.connectionState === 'closed') return;
    this.connectivityEpoch += 1;
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  #remote(ufrag: string | undefined): void {
    if (this.remoteUfrag === ufrag) return;
    this.remoteUfrag = ufrag;
    this.remoteCandidates = 0;
    this.checking = true;
  }

  #becomeStable(ufrag: string | undefined): void {
    this.signalingState = 'stable';
    this.#pendingOffer = undefined;
    this.#pendingUfrag = undefined;
    if (ufrag !== this.localUfrag) this.checking = true;
    this.localUfrag = ufrag;
    if (ufrag !== undefined) this.#network.register(ufrag, this);
    for (const transceiver of this.#transceivers) {
      transceiver.currentDirection = transceiver.direction;
    }
    this.#network.reconsider(this);
  }

  #gather(ufrag: string | undefined): void {
    if (ufrag === undefined || ufrag === this.localUfrag) return this.#offerCandidates(ufrag, 0);
    this.#offerCandidates(ufrag, 2);
    return undefined;
  }

  #offerCandidates(ufrag: string | undefined, more: number): void {
    for (let index = 0; index <= more; index += 1) {
      this.#network.clock.setTimeout(
        () => {
          if (this.signalingState === 'closed') return;
          const candidate = `candidate:${index} 1 udp 1 10.0.0.${index + 1} 9 typ host`;
          const usernameFragment = ufrag ?? null;
          this.dispatchEvent(
            new CandidateEvent({ candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment }),
          );
        },
        2 + index * 30,
      );
    }
  }

  async #attempt<T>(run: () => T): Promise<T> {
    await Promise.resolve();
    if (this.signalingState === 'closed') throw invalidState('closed');
    return run();
  }
}

function sdpOf(ufrag: string | undefined, session: string): string {
  const media = KINDS.map((kind) =>
    kind === 'audio'
      ? 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n'
      : 'm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n',
  );
  return `v=0\r\ns=${session}\r\na=ice-ufrag:${ufrag ?? ''}\r\na=fingerprint:sha-256 ${FINGERPRINT}\r\n${media.join('')}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`;
}

const ufragOf = (sdp: string): string | undefined => /^a=ice-ufrag:(\S+)/mu.exec(sdp)?.[1];
const sessionOf = (sdp: string): string | undefined => /^s=(\S+)/mu.exec(sdp)?.[1];
const invalidState = (state: string): DOMException =>
  new DOMException(`not in state ${state}`, 'InvalidStateError');

/**
 * An environment whose connections meet on the given network.
 *
 * @param Kind one that does something otherwise
 */
export function fakeRtc(
  network: FakeNetwork,
  access: FakeAccess = { up: true },
  Kind: typeof FakePeerConnection = FakePeerConnection,
): RtcEnvironment {
  class Connection extends Kind {
    constructor() {
      super(network, access);
    }
  }
  // The one place where a double stands in for the browser's class, of which it has the used part.
  return { RTCPeerConnection: Connection as unknown as typeof RTCPeerConnection };
}
