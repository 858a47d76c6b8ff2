import type { Candidate } from '@peerline/protocol';
import type { RtcEnvironment } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { SerialQueue } from '../base/serial-queue.ts';
import type { ChannelPair } from '../channels/messenger.ts';
import { OutgoingCandidates } from './candidates.ts';
import { fingerprintIn } from './fingerprint.ts';
import type { Layout } from './layout.ts';

export interface ConnectionOptions {
  readonly generation: number;
  readonly rtc: RtcEnvironment;
  readonly configuration: RTCConfiguration;
  readonly clock: Clock;
  readonly onCandidates: (connection: Connection, candidates: Candidate[]) => void;
  readonly onStateChange: (connection: Connection) => void;
  /** Packets take another path from now on. */
  readonly onPathChange: (connection: Connection) => void;
  /** The other side's certificate is not the one that its description named. */
  readonly onImpostor: () => void;
}

/** One generation: an `RTCPeerConnection`, its channels, and the queue that all that is done to it goes through. */
export class Connection {
  readonly generation: number;
  readonly pc: RTCPeerConnection;
  readonly channels: ChannelPair;
  readonly candidates: OutgoingCandidates;
  readonly queue = new SerialQueue();
  /** Set once the first description is applied or made. */
  layout: Layout = new Map();
  readonly #options: ConnectionOptions;
  readonly #listeners = new AbortController();
  #watched: RTCIceTransport | undefined;
  #fingerprint: string | undefined;

  constructor(options: ConnectionOptions) {
    const { rtc, generation } = options;
    this.#options = options;
    this.generation = generation;
    this.pc = new rtc.RTCPeerConnection(options.configuration);
    // Agreed on beforehand on both sides: no round trip to open them (SPEC.md, CHAN1).
    this.channels = {
      reliable: this.pc.createDataChannel('peerline', { negotiated: true, id: 0 }),
      unreliable: this.pc.createDataChannel('peerline-unreliable', {
        negotiated: true,
        id: 1,
        ordered: false,
        maxRetransmits: 0,
      }),
    };
    this.candidates = new OutgoingCandidates(options.clock, (candidates) =>
      options.onCandidates(this, candidates),
    );
    const { signal } = this.#listeners;
    this.pc.addEventListener('icecandidate', (event) => this.candidates.add(event.candidate), {
      signal,
    });
    const changed = (): void => options.onStateChange(this);
    this.pc.addEventListener('connectionstatechange', changed, { signal });
    this.pc.addEventListener('connectionstatechange', () => this.#judge(), { signal });
    this.pc.addEventListener('iceconnectionstatechange', changed, { signal });
  }

  /** Of the two states ICE's is told first, and the other then still says what was. */
  get isUp(): boolean {
    return this.pc.connectionState === 'connected' && this.hasPath;
  }

  /** What ICE says; DTLS may still be under way. */
  get hasPath(): boolean {
    const { iceConnectionState } = this.pc;
    return iceConnectionState === 'connected' || iceConnectionState === 'completed';
  }

  /** Descriptions are applied, so there is a transport, where the browser shows one. */
  watchPath(): void {
    const transport = this.pc.sctp?.transport.iceTransport;
    if (transport === this.#watched || typeof transport?.addEventListener !== 'function') return;
    this.#watched = transport;
    const { signal } = this.#listeners;
    transport.addEventListener(
      'selectedcandidatepairchange',
      () => this.#options.onPathChange(this),
      { signal },
    );
  }

  /**
   * The other side's description is about to be applied.
   *
   * @throws PeerlineError `not-genuine` (SPEC.md, CERT1 and CERT2)
   */
  expect(sdp: string): void {
    this.#fingerprint = fingerprintIn(sdp, this.#fingerprint);
  }

  #judge(): void {
    const { pc } = this;
    const fingerprint = this.#fingerprint;
    if (pc.connectionState !== 'connected' || fingerprint === undefined) return;
    // What cannot be loaded leaves it at DTLS's own check.
    const ignore = (): void => undefined;
    void import('./certificate.ts')
      .then(({ isGenuine }) => isGenuine(pc, fingerprint))
      .then((is) => is || this.#options.onImpostor())
      .catch(ignore);
  }

  close(): void {
    this.#listeners.abort();
    this.queue.close();
    this.candidates.close();
    this.pc.close();
  }
}
