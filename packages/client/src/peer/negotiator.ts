import type { Candidate, Description, Signal } from '@peerline/protocol';
import { addCandidates, EarlyCandidates } from './candidates.ts';
import type { Connection } from './connection.ts';
import { troubleOf } from './fingerprint.ts';
import { isRestartUnsafe, isUnderWay } from './ice-restarts.ts';
import type { NegotiatorOptions } from './negotiator-options.ts';
import { PendingOffer } from './pending-offer.ts';

/** The answering side asks for an offer when none came: the offerer may not know of it. */
const OFFER_TIMEOUT_MS = 10_000;

/** Rebuilding after a rejection slows down, since the next one may be rejected as well. */
const REBUILD_FIRST_MS = 500;
const REBUILD_MAX_MS = 15_000;

type NeedOffer = Extract<Signal, { type: 'need-offer' }>;

/**
 * Offer/answer between two peers (RFC 9429) with a single offerer, over as many generations as it
 * takes. It neither knows how signals travel nor when to restart: it is handed `send`, and told.
 */
export class Negotiator {
  readonly #options: NegotiatorOptions;
  #connection: Connection | undefined;
  /** The newest generation heard of. */
  #generation = 0;
  /** Offerer: the last one offered. Answerer: the last one that came. */
  #negotiation = 0;
  /** The last negotiation whose remote description is applied. */
  #applied = 0;
  #remoteSdp = '';
  #pending: PendingOffer | undefined;
  #wanted: { readonly iceRestart: boolean } | undefined;
  readonly #early = new EarlyCandidates();
  #unansweredOffers = 0;
  #rejections = 0;
  /** When the connection was made. */
  #address = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: NegotiatorOptions) {
    this.#options = options;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /**
   * The other side is known to be there: the offerer offers, the other waits for the offer.
   *
   * @param isUnseen it hears of this side by its first word alone (SPEC.md, VISIT3)
   */
  start(isUnseen = false): void {
    if (this.#options.role === 'offerer') {
      this.rebuild();
      return;
    }
    if (isUnseen) this.#options.send({ type: 'hail' });
    this.#awaitOffer();
  }

  /** Wants an exchange: at once where this side offers, else by asking for it. */
  renegotiate({ iceRestart }: { readonly iceRestart: boolean }): void {
    if (this.#closed) return;
    if (this.#options.role === 'answerer') {
      this.#ask(iceRestart ? 'ice-restart' : 'exchange');
      return;
    }
    const connection = this.#connection;
    // One that has just gone out is the one that is wanted.
    if (iceRestart && this.#pending?.iceRestart === true && !this.#pending.isOverdue) return;
    const isInVain = (pc: RTCPeerConnection): boolean =>
      this.#isHeld || isRestartUnsafe(pc, this.#remoteSdp);
    if (connection === undefined || (iceRestart && isInVain(connection.pc))) {
      this.rebuild();
      return;
    }
    this.#wanted = { iceRestart: iceRestart || this.#wanted?.iceRestart === true };
    this.#run(connection, () => this.#offer(connection));
  }

  /** ICE takes a path for well that ended with an address (SPEC.md, NEG12). */
  get #isHeld(): boolean {
    const { address, isHeard } = this.#options;
    return address() !== this.#address && !isHeard() && this.#connection?.isUp === true;
  }

  /** The connection fell silent: another path, once it is known that signals travel (SPEC.md, NEG10). */
  recover(): void {
    if (this.#options.role === 'answerer') this.#ask(this.#isHeld ? 'rebuild' : 'ice-restart');
    else this.#options.send({ type: 'hail' });
  }

  /** Begins a new generation, or asks the offerer for one. */
  rebuild(): void {
    if (this.#closed) return;
    if (this.#options.role === 'answerer') {
      this.#ask('rebuild', { unlessUp: isUnderWay(this.#connection?.pc) });
      return;
    }
    const connection = this.#open(this.#generation + 1);
    // The first offer of a generation is as good as a restart: none is wanted beside it.
    this.#wanted = { iceRestart: true };
    this.#run(connection, () => this.#offer(connection));
  }

  /** The other side began anew: so does everything here, with its next offer or ours. */
  restart(): void {
    if (this.#closed) return;
    this.#dropConnection();
    // Those were of the one before it.
    this.#unansweredOffers = 0;
    this.#rejections = 0;
    if (this.#options.role === 'answerer') this.#generation = 0;
    this.start();
  }

  handle(signal: Signal): void {
    if (this.#closed) return;
    switch (signal.type) {
      case 'offer':
        if (this.#options.role === 'answerer') this.#takeOffer(signal);
        return;
      case 'answer':
        if (this.#options.role === 'offerer') this.#takeAnswer(signal);
        return;
      case 'candidates':
        this.#takeCandidates(signal);
        return;
      case 'need-offer':
        if (this.#options.role === 'offerer') this.#takeNeed(signal);
        return;
      case 'rejected':
        if (this.#isPending(signal)) this.#rebuildLater(`offer rejected: ${signal.message}`);
        return;
      case 'hail':
        if (this.#options.role === 'answerer') this.#ask('ice-restart');
        return;
      case 'refresh': // is about pictures
    }
  }

  /** Candidates of a generation's own were gathered behind its description. */
  trickle(generation: number, candidates: Candidate[]): void {
    if (this.#closed || generation !== this.#connection?.generation) return;
    this.#options.send({
      type: 'candidates',
      generation,
      negotiation: this.#negotiation,
      candidates,
    });
  }

  close(): void {
    this.#closed = true;
    this.#dropConnection();
  }

  #open(generation: number): Connection {
    this.#dropConnection();
    this.#generation = generation;
    this.#address = this.#options.address();
    const connection = this.#options.open(generation);
    this.#connection = connection;
    return connection;
  }

  #dropConnection(): void {
    this.#cancelTimer?.();
    this.#settlePending();
    this.#wanted = undefined;
    this.#negotiation = 0;
    this.#applied = 0;
    this.#remoteSdp = '';
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }

  /** In the connection's queue, and only as long as the connection is the current one. */
  #run(connection: Connection, task: () => Promise<void>): void {
    connection.queue
      .run(async () => {
        if (connection === this.#connection) await task();
      })
      .catch((error: unknown) => {
        if (connection !== this.#connection) return;
        this.#rebuildLater(String(error), error);
      });
  }

  async #offer(connection: Connection): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    const voidsEarlier = wanted.iceRestart && this.#pending?.isOverdue === true;
    // One at a time: what is wanted meanwhile is offered when the answer is in. But an offer that
    // went into a dead path must not hold up the one that is to find a living one (NEG9).
    if (this.#pending !== undefined && !voidsEarlier) return;
    this.#settlePending();
    this.#wanted = undefined;
    this.#negotiation += 1;
    const negotiation = this.#negotiation;
    const { clock, isDelivered } = this.#options;
    this.#pending = new PendingOffer({
      negotiation,
      iceRestart: wanted.iceRestart,
      clock,
      isDelivered,
      unanswered: this.#unansweredOffers,
      onUnanswered: () => this.#unanswered(),
    });
    const { pc, candidates, generation } = connection;
    await this.#options.prepare(connection, 'before-offer');
    candidates.hold();
    const offer = await pc.createOffer({ iceRestart: wanted.iceRestart });
    await pc.setLocalDescription(offer);
    const first = await candidates.first();
    if (connection !== this.#connection) return;
    this.#options.send(
      {
        type: 'offer',
        generation,
        negotiation,
        sdp: offer.sdp ?? '',
        candidates: first,
        ...this.#options.extras(),
      },
      { voidsEarlier: voidsEarlier || negotiation === 1 },
    );
    candidates.flow();
  }

  #takeOffer(offer: Description): void {
    if (offer.generation < this.#generation) return;
    const connection =
      this.#connection?.generation === offer.generation
        ? this.#connection
        : this.#open(offer.generation);
    if (offer.negotiation <= this.#negotiation) return;
    this.#negotiation = offer.negotiation;
    this.#cancelTimer?.();
    connection.queue
      .run(async () => {
        // A newer offer that came meanwhile makes this one void.
        if (connection !== this.#connection || offer.negotiation < this.#negotiation) return;
        await this.#answer(connection, offer);
      })
      .catch((error: unknown) => {
        if (connection !== this.#connection) return;
        const message = String(error).slice(0, 500);
        const { generation, negotiation } = offer;
        this.#options.onTrouble(`offer not applied: ${message}`, troubleOf(error));
        this.#options.send({ type: 'rejected', generation, negotiation, message });
      });
  }

  async #answer(connection: Connection, offer: Description): Promise<void> {
    const { pc, candidates, generation } = connection;
    const { negotiation } = offer;
    connection.expect(offer.sdp);
    const sdp = this.#options.onDescription(offer);
    await pc.setRemoteDescription({ type: 'offer', sdp });
    this.#appliedRemote(connection, offer);
    await this.#options.prepare(connection, 'before-answer');
    candidates.hold();
    const answer = await pc.createAnswer();
    await pc.setLocalDescription(answer);
    const first = await candidates.first();
    if (connection !== this.#connection) return;
    const answerSdp = answer.sdp ?? '';
    this.#options.send({
      type: 'answer',
      generation,
      negotiation,
      sdp: answerSdp,
      candidates: first,
      ...this.#options.extras(),
    });
    candidates.flow();
    this.#options.onNegotiated(connection, answerSdp);
  }

  #takeAnswer(answer: Description): void {
    const connection = this.#connection;
    if (connection === undefined || !this.#isPending(answer)) return;
    this.#pending?.settle();
    this.#run(connection, async () => {
      if (!this.#isPending(answer)) return;
      connection.expect(answer.sdp);
      const sdp = this.#options.onDescription(answer);
      await connection.pc.setRemoteDescription({ type: 'answer', sdp });
      this.#settlePending();
      this.#unansweredOffers = 0;
      this.#rejections = 0;
      this.#appliedRemote(connection, answer);
      if (connection !== this.#connection) return;
      this.#options.onNegotiated(connection, answer.sdp);
      await this.#offer(connection);
    });
  }

  #isPending(signal: { readonly generation: number; readonly negotiation: number }): boolean {
    return (
      signal.generation === this.#connection?.generation &&
      signal.negotiation === this.#pending?.negotiation
    );
  }

  #settlePending(): void {
    this.#pending?.settle();
    this.#pending = undefined;
  }

  #appliedRemote(connection: Connection, description: Description): void {
    if (connection !== this.#connection) return;
    this.#applied = description.negotiation;
    this.#remoteSdp = description.sdp;
    const early = this.#early.take(connection.generation, description.negotiation);
    this.#add(connection, [...description.candidates, ...early]);
  }

  #takeCandidates(signal: Extract<Signal, { type: 'candidates' }>): void {
    const { generation, negotiation, candidates } = signal;
    if (generation < this.#generation) return;
    const connection = this.#connection;
    if (connection?.generation !== generation || negotiation > this.#applied) {
      this.#early.keep(signal);
      return;
    }
    this.#run(connection, () => Promise.resolve(this.#add(connection, candidates)));
  }

  #add(connection: Connection, candidates: readonly Candidate[]): void {
    addCandidates(connection.pc, this.#remoteSdp, candidates, (error) => {
      if (connection === this.#connection) this.#options.onTrouble(`candidate: ${String(error)}`);
    });
  }

  #takeNeed({ generation, negotiation, want, unlessUp = false }: NeedOffer): void {
    const current = this.#connection?.generation ?? 0;
    const pending = this.#pending;
    const isSame = generation === current;
    // Its handshake came through meanwhile, since this one did (SPEC.md, NEG13).
    if (isSame && unlessUp && this.#options.isHeard()) return;
    // What is on its way already is what it asks for.
    if (generation < current && (generation > 0 || pending !== undefined)) return;
    const isBetter = want === 'exchange' || pending?.iceRestart === true;
    if (isSame && pending !== undefined && pending.negotiation > negotiation && isBetter) return;
    if (!isSame || want === 'rebuild') this.rebuild();
    else this.renegotiate({ iceRestart: want === 'ice-restart' });
  }

  #unanswered(): void {
    this.#pending = undefined;
    this.#unansweredOffers += 1;
    if (this.#unansweredOffers % 2 === 0) this.rebuild();
    else this.renegotiate({ iceRestart: false });
  }

  #rebuildLater(trouble: string, error?: unknown): void {
    this.#options.onTrouble(trouble, troubleOf(error));
    this.#settlePending();
    this.#rejections += 1;
    const ms = Math.min(REBUILD_FIRST_MS * 2 ** (this.#rejections - 1), REBUILD_MAX_MS);
    this.#after(ms, () => this.rebuild());
  }

  #ask(want: NeedOffer['want'], { unlessUp = false } = {}): void {
    this.#options.send({
      type: 'need-offer',
      generation: this.#generation,
      negotiation: this.#applied,
      want,
      ...(unlessUp && { unlessUp }),
    });
  }

  #awaitOffer(): void {
    this.#after(OFFER_TIMEOUT_MS, () => {
      this.#ask('exchange');
      this.#awaitOffer();
    });
  }

  /** In place of what waits for its time already. */
  #after(ms: number, act: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.setTimeout(act, ms);
  }
}
