import type { Clock } from '../base/clock.ts';

/** SPEC.md, PING1. */
const PING_EVERY_MS = 2_000;

/** A round trip over any network that people can talk over is well below it, one loss included. */
const ANSWER_MAX_MS = 2_000;

/** Where there is reason to doubt the path, an answer is waited for no longer than three round trips … */
const PROBE_ROUND_TRIPS = 3;
/** … within these bounds: a busy browser takes some 100 ms, and above it nobody knows the round trip. */
const PROBE_LEAST_MS = 300;
const PROBE_MOST_MS = 1_500;

/** No packet at all in this time, of a pair that sends several a second in its quietest moments. */
const SILENCE_MS = 400;

/** While nothing comes: how soon the end of it is noticed. */
const WATCH_EVERY_MS = 150;

export interface LivenessOptions {
  readonly clock: Clock;
  /** @returns false where no channel is open */
  readonly ping: (id: number) => boolean;
  /** A count that grows with every packet that arrives, media included; undefined where none is told. */
  readonly received: () => Promise<number | undefined>;
  /** Nothing comes any more. */
  readonly onSilent: () => void;
  /** Something came behind a silence. */
  readonly onHeard: () => void;
}

type State =
  | { readonly status: 'off' }
  | { readonly status: 'beating' }
  /** A ping is out. */
  | { readonly status: 'asking'; readonly id: number; readonly sinceMs: number }
  /** The answer is late: do packets come at all? */
  | { readonly status: 'doubting' }
  | { readonly status: 'silent' };

/**
 * Tells in a few seconds whether the other side can still be heard. ICE takes six to eight for that
 * (RFC 7675 allows it thirty), and a data channel that lost a packet may be late on a path that is well.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #state: State = { status: 'off' };
  #cancel: (() => void) | undefined;
  #lastId = 0;
  #roundTripMs: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  get isSilent(): boolean {
    return this.#state.status === 'silent';
  }

  /** A channel is open: watching begins. */
  start(): void {
    this.stop();
    this.#beat();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#state = { status: 'off' };
  }

  /** Something came over the channel. @param pong the ping that it answers */
  heard(pong?: number): void {
    const state = this.#state;
    if (state.status === 'off') return;
    if (state.status === 'asking') {
      if (state.id !== pong) return;
      this.#roundTripMs = this.#options.clock.nowMs() - state.sinceMs;
    }
    if (state.status !== 'beating') this.#beat();
    if (state.status === 'silent') this.#options.onHeard();
  }

  /** There is reason to doubt the path: is it there now? */
  probe(): void {
    if (this.#state.status !== 'beating' && this.#state.status !== 'asking') return;
    const patience = (this.#roundTripMs ?? Infinity) * PROBE_ROUND_TRIPS;
    this.#ask(Math.min(Math.max(patience, PROBE_LEAST_MS), PROBE_MOST_MS));
  }

  #beat(): void {
    this.#enter({ status: 'beating' });
    this.#after(PING_EVERY_MS, () => this.#ask(ANSWER_MAX_MS));
  }

  #ask(patienceMs: number): void {
    this.#lastId += 1;
    if (!this.#options.ping(this.#lastId)) {
      this.#beat();
      return;
    }
    const sinceMs = this.#options.clock.nowMs();
    this.#enter({ status: 'asking', id: this.#lastId, sinceMs });
    this.#after(patienceMs, () => void this.#doubt());
  }

  async #doubt(): Promise<void> {
    const doubting = this.#enter({ status: 'doubting' });
    const before = await this.#received();
    if (this.#state !== doubting) return;
    this.#after(SILENCE_MS, () => void this.#judge(before));
  }

  async #judge(before: number | undefined): Promise<void> {
    const doubting = this.#state;
    const now = await this.#received();
    if (this.#state !== doubting) return;
    if (isMore(now, before)) {
      this.#beat();
      return;
    }
    this.#enter({ status: 'silent' });
    this.#options.onSilent();
    this.#watch(now);
  }

  #watch(before: number | undefined): void {
    if (this.#state.status !== 'silent') return;
    this.#after(WATCH_EVERY_MS, () => {
      void this.#received().then((now) => {
        if (isMore(now, before)) this.heard();
        else this.#watch(now ?? before);
      });
    });
  }

  async #received(): Promise<number | undefined> {
    try {
      return await this.#options.received();
    } catch {
      // The connection is being replaced; its successor is asked the next time.
      return undefined;
    }
  }

  #enter(state: State): State {
    this.#state = state;
    return state;
  }

  #after(ms: number, run: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.setTimeout(run, ms);
  }
}

/** Less means that a path and its count were given up, which is no sign of life. */
function isMore(now: number | undefined, before: number | undefined): boolean {
  return now !== undefined && now > (before ?? now);
}
