import {
  parseEnvelope,
  type Card,
  type Envelope,
  type Introduction,
  type PeerId,
  type Relayed,
  type Welcome,
} from '@peerline/protocol';
import { Emitter } from '../base/events.ts';
import { SerialQueue } from '../base/serial-queue.ts';
import type { PairSealing, Sealing } from '../seal/sealing.ts';
import type { Signaling, SignalingEvents } from '../signaling/signaling.ts';

/** A welcome, of whose peers those are left that hold the link. */
export type Admission = Omit<Welcome, 'peers'> & { readonly peers: readonly PeerId[] };

export interface SealedSignalsEvents extends Omit<
  SignalingEvents,
  'welcome' | 'joined' | 'signal' | 'token-failed'
> {
  welcome: Admission;
  joined: PeerId;
  signal: { readonly from: PeerId; readonly envelope: Envelope; readonly isVisitor: boolean };
  /** Of a peer, or of a signal, that no holder of the link made. */
  forged: string;
}

interface Known extends Introduction {
  readonly pair: PairSealing;
}

/**
 * All that a room hears by way of its server, in the order in which it came, as far as holders of the link
 * made it (SPEC.md, section Sealing); and what seals for the others.
 */
export class SealedSignals extends Emitter<SealedSignalsEvents> {
  #sealing: Sealing;
  readonly #queue = new SerialQueue();
  /** None is forgotten: a pair that began anew would use its counters again (SEAL4). */
  readonly #known = new Map<PeerId, Known>();
  readonly #distrusted = new Set<PeerId>();

  readonly #listening: readonly (() => void)[];

  constructor(signaling: Signaling, sealing: Sealing) {
    super();
    this.#sealing = sealing;
    this.#listening = [
      signaling.on('state', (state) => this.#next(() => this.emit('state', state))),
      signaling.on('welcome', (welcome) => this.#next(() => this.#welcomed(welcome))),
      signaling.on('joined', (joined) => this.#next(() => this.#joined(joined))),
      signaling.on('left', (left) => this.#next(() => this.emit('left', left))),
      signaling.on('signal', (signal) => this.#next(() => this.#signaled(signal))),
      signaling.on('problem', (problem) => this.#next(() => this.emit('problem', problem))),
      signaling.on('ice-servers', (grant) => this.#next(() => this.emit('ice-servers', grant))),
      signaling.on('settings', (settings) => this.#next(() => this.emit('settings', settings))),
      signaling.on('knock', (knock) => this.#next(() => this.emit('knock', knock))),
      signaling.on('knock-ended', (one) => this.#next(() => this.emit('knock-ended', one))),
      signaling.on('echo', () => this.#next(() => this.emit('echo', null))),
      signaling.on('garbage', (garbage) => this.#next(() => this.emit('garbage', garbage))),
    ];
  }

  /** @returns undefined for a peer that was never introduced, or where it is too large (SEAL5) */
  async seal(to: PeerId, envelope: Envelope): Promise<string | undefined> {
    return this.#known.get(to)?.pair.seal(JSON.stringify(envelope));
  }

  /** @returns undefined for what is not from that peer, came before, or is no envelope */
  async open(from: PeerId, body: string): Promise<Envelope | undefined> {
    if (this.#distrusted.has(from)) return undefined;
    const opened = await this.#known.get(from)?.pair.open(body);
    if (opened?.kind === 'repeated') return undefined;
    const parsed = opened?.kind === 'genuine' ? parseEnvelope(opened.text) : undefined;
    if (parsed?.ok === true) return parsed.value;
    this.emit('forged', `a signal of ${from} was not sealed by it; it was dropped`);
    return undefined;
  }

  /** This side's own. */
  get card(): Card {
    return this.#sealing.card;
  }

  /** @throws Error for a peer that was never introduced */
  known(peer: PeerId): Known {
    const known = this.#known.get(peer);
    if (known === undefined) throw new Error(`${peer} was not introduced`);
    return known;
  }

  /** Behind what came before, the room has another key, and everyone another card. */
  rekey(sealing: Sealing): void {
    this.#next(() => {
      this.#sealing = sealing;
      this.#known.clear();
    });
  }

  /** Nothing is taken from that peer any more. */
  distrust(peer: PeerId): void {
    this.#distrusted.add(peer);
  }

  /** Nothing is told any more. */
  close(): void {
    for (const stop of this.#listening) stop();
    this.#queue.close();
  }

  /** Opening takes a moment; what came later must not overtake what came before. */
  #next(task: () => Promise<void> | void): void {
    void this.#queue.run(async () => task());
  }

  async #welcomed(welcome: Welcome): Promise<void> {
    const admitted = await Promise.all(welcome.peers.map((one) => this.#admit(one)));
    const peers = welcome.peers.filter((_, index) => admitted[index]).map(({ peer }) => peer);
    this.emit('welcome', { ...welcome, peers });
  }

  async #joined(introduction: Introduction): Promise<void> {
    if (await this.#admit(introduction)) this.emit('joined', introduction.peer);
  }

  async #signaled({ from, body, card }: Relayed): Promise<void> {
    const isVisitor = card !== undefined;
    if (isVisitor && !(await this.#admit({ peer: from, card }))) return;
    const envelope = await this.open(from, body);
    if (envelope !== undefined) this.emit('signal', { from, envelope, isVisitor });
  }

  async #admit({ peer, card }: Introduction): Promise<boolean> {
    const known = this.#known.get(peer);
    if (known?.card === card) return !this.#distrusted.has(peer);
    const pair = known === undefined ? await this.#sealing.pair(peer, card) : undefined;
    if (pair !== undefined) this.#known.set(peer, { peer, card, pair });
    else this.emit('forged', `${peer} does not hold the link of this room; it was left out`);
    return pair !== undefined;
  }
}
