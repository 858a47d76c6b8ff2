import { CANDIDATES_PER_SIGNAL_MAX, type Candidate } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';

/**
 * A description waits this long for candidates to travel inside it. Host candidates come within
 * milliseconds of `setLocalDescription`; one relayed signal less is worth more than the wait.
 */
const GATHER_MS = 20;

/** Behind one of them the others come within this, or with an answer of a server. */
const GATHER_APART_MS = 4;

/** Later candidates gather this long; a STUN server answers for all interfaces at about one time. */
const BATCH_MS = 10;

/** Candidates ahead of their description that wait (SPEC.md, NEG4). */
const AHEAD_MAX = 128;

/** Local candidates on their way out: first inside the description, then in batches. */
export class OutgoingCandidates {
  readonly #clock: Clock;
  readonly #send: (candidates: Candidate[]) => void;
  #collected: Candidate[] = [];
  #mode: 'held' | 'flowing' = 'held';
  #cancelFlush: (() => void) | undefined;
  #gathered: (() => void) | undefined;
  #cancelGathered: (() => void) | undefined;

  constructor(clock: Clock, send: (candidates: Candidate[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** @param candidate null, as the browser says it, for the end of gathering */
  add(candidate: RTCIceCandidate | null): void {
    if (candidate === null || candidate.candidate === '') {
      this.#gathered?.();
      return;
    }
    this.#collected.push({
      candidate: candidate.candidate,
      sdpMid: candidate.sdpMid,
      sdpMLineIndex: candidate.sdpMLineIndex,
      usernameFragment: candidate.usernameFragment ?? null,
    });
    if (this.#mode === 'flowing') this.#armFlush();
    else if (this.#gathered !== undefined) this.#gatherUntil(GATHER_APART_MS);
  }

  /** A description is about to be made: what is gathered from now on may travel inside it. */
  hold(): void {
    this.#mode = 'held';
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
  }

  /** Waits for the first candidates. @returns those that fit into the description */
  async first(): Promise<Candidate[]> {
    await new Promise<void>((resolve) => {
      this.#gathered = resolve;
      this.#gatherUntil(this.#collected.length === 0 ? GATHER_MS : GATHER_APART_MS);
    });
    this.#gathered = undefined;
    this.#cancelGathered?.();
    return this.#collected.splice(0, CANDIDATES_PER_SIGNAL_MAX);
  }

  /** The description went out: what follows goes in batches. */
  flow(): void {
    this.#mode = 'flowing';
    if (this.#collected.length > 0) this.#armFlush();
  }

  close(): void {
    this.hold();
    this.#gathered?.();
    this.#collected = [];
  }

  #gatherUntil(ms: number): void {
    this.#cancelGathered?.();
    this.#cancelGathered = this.#clock.setTimeout(() => this.#gathered?.(), ms);
  }

  #armFlush(): void {
    this.#cancelFlush ??= this.#clock.setTimeout(() => {
      this.#cancelFlush = undefined;
      while (this.#collected.length > 0) {
        this.#send(this.#collected.splice(0, CANDIDATES_PER_SIGNAL_MAX));
      }
    }, BATCH_MS);
  }
}

interface Ahead {
  readonly generation: number;
  readonly negotiation: number;
  readonly candidates: readonly Candidate[];
}

/** Remote candidates that came before the description they belong to. */
export class EarlyCandidates {
  #ahead: Ahead[] = [];

  keep(ahead: Ahead): void {
    const kept = this.#ahead.reduce((sum, entry) => sum + entry.candidates.length, 0);
    if (kept + ahead.candidates.length <= AHEAD_MAX) this.#ahead.push(ahead);
  }

  /** Those that are due now; those of older generations are dropped. */
  take(generation: number, negotiation: number): Candidate[] {
    const due = this.#ahead.filter(
      (entry) => entry.generation === generation && entry.negotiation <= negotiation,
    );
    this.#ahead = this.#ahead.filter(
      (entry) =>
        entry.generation > generation ||
        (entry.generation === generation && entry.negotiation > negotiation),
    );
    return due.flatMap((entry) => entry.candidates);
  }
}

/**
 * Adds remote candidates. One that the browser does not take is one path less, not a failure; those of
 * credentials from before an ICE restart are void (RFC 8838 section 10).
 */
export function addCandidates(
  pc: RTCPeerConnection,
  remoteSdp: string,
  candidates: readonly Candidate[],
  onRefused: (error: unknown) => void,
): void {
  for (const { usernameFragment, ...init } of candidates) {
    const fragment = usernameFragment ?? undefined;
    if (fragment !== undefined && !remoteSdp.includes(`a=ice-ufrag:${fragment}`)) continue;
    pc.addIceCandidate(usernameFragment === undefined ? init : { ...init, usernameFragment }).catch(
      onRefused,
    );
  }
}
