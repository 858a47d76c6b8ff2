import type { Clock } from '../base/clock.ts';

/** How often is looked whether anything came; statistics of a connection cost about a millisecond. */
const LOOK_EVERY_MS = 1_000;

/** The same while something seems wrong, since each of these counts twice: at the fall and at the return. */
const LOOK_CLOSELY_EVERY_MS = 250;

/** So many looks in a row that each found something make a steady flow, as speech or a picture is. */
const STEADY_LOOKS = 2;

/** A steady flow has several packets in any such time; without one an answer is asked for. */
const STEADY_QUIET_MS = 700;
/**
 * A third of a steady flow's packets may be lost, yet never all of them for this long. 0.8 s was tried:
 * in a call of five on two cores it took machines that were busy for gone, and the ICE restarts that
 * followed failed in Firefox. Where there is a reason, such as a lost server, a probe is quicker.
 */
const STEADY_SILENT_MS = 2_000;

/** SPEC.md, PING1: without a flow, an answer is asked for now and then. */
const IDLE_QUIET_MS = 2_000;
/** A ping that was lost is repeated by SCTP after a second (RFC 9260 section 6.3.1). */
const IDLE_SILENT_MS = 5_000;

/** With reason to doubt the path an answer is due in this time; a flow that goes on is one. */
const PROBE_MS = 1_000;

/** What was on its way before says nothing of the path that is probed. */
const STALE_MS = 250;

export interface LivenessOptions {
  readonly clock: Clock;
  /** @returns false where no channel is open */
  readonly ping: (id: number) => boolean;
  /** Bytes; grows with every packet that arrives, media included; undefined where none is told. */
  readonly received: () => Promise<number | undefined>;
  /** A steady flow stopped for a moment. */
  readonly onDoubt: () => void;
  /** Nothing comes any more. */
  readonly onSilent: () => void;
  /** Something came behind a silence. */
  readonly onHeard: () => void;
}

interface Watching {
  readonly status: 'watching';
  lastHeardMs: number;
  steadyLooks: number;
  /** When a ping went out that is not answered yet. */
  askedMs: number | undefined;
  probe: { readonly sentMs: number; dueMs: number } | undefined;
}
type State = { readonly status: 'off' } | Watching | { readonly status: 'silent' };

/**
 * Tells within three seconds whether the other side can still be heard. ICE takes six to eight for that
 * (RFC 7675 allows it thirty), and a data channel that lost a packet may be late on a path that is well.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #state: State = { status: 'off' };
  #cancel: (() => void) | undefined;
  #received: number | undefined;
  /** Between the last two looks that found something. */
  #bytesPerMs = 0;
  #lastPing = 0;
  #lookAtMs = 0;
  #lookedAtMs = 0;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** Whether the other side was heard just now, with no reason to doubt it. */
  get isSure(): boolean {
    const state = this.#state;
    return state.status === 'watching' && state.askedMs === undefined && state.probe === undefined;
  }

  /** A channel is open: watching begins. */
  start(): void {
    this.#ask(this.#watch());
    this.#lookIn(LOOK_EVERY_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#state = { status: 'off' };
  }

  /**
   * Something came: over the channel, or as a sign of ICE.
   *
   * @param isAnswer to a ping
   * @param sinceMs it came then or later
   */
  heard(isAnswer = false, sinceMs = this.#options.clock.nowMs()): void {
    const state = this.#state;
    if (state.status === 'off') return;
    const nowMs = this.#options.clock.nowMs();
    if (state.status === 'silent') {
      this.#watch();
      this.#options.onHeard();
      return;
    }
    state.lastHeardMs = nowMs;
    state.askedMs = undefined;
    const { probe } = state;
    if (isAnswer || (probe !== undefined && sinceMs - probe.sentMs >= STALE_MS)) {
      state.probe = undefined;
    }
  }

  /** There is reason to doubt the path: is it there now? Where an answer is overdue already, it is not. */
  probe(): void {
    const state = this.#state;
    if (state.status !== 'watching') return;
    const sentMs = this.#options.clock.nowMs();
    const { askedMs } = state;
    if (
      askedMs !== undefined &&
      sentMs - (isSteady(state) ? state.lastHeardMs : askedMs) >= PROBE_MS
    ) {
      this.#fallSilent();
      return;
    }
    state.probe ??= { sentMs, dueMs: sentMs + PROBE_MS };
    this.#ask(state);
    this.#lookIn(LOOK_CLOSELY_EVERY_MS);
  }

  #watch(): Watching {
    const lastHeardMs = this.#options.clock.nowMs();
    const state: Watching = {
      status: 'watching',
      lastHeardMs,
      steadyLooks: 0,
      askedMs: undefined,
      probe: undefined,
    };
    this.#state = state;
    return state;
  }

  #ask(state: Watching): void {
    if (state.askedMs !== undefined) return;
    this.#lastPing += 1;
    if (this.#options.ping(this.#lastPing)) state.askedMs = this.#options.clock.nowMs();
  }

  async #look(): Promise<void> {
    const before = this.#received;
    const sinceMs = this.#lookedAtMs;
    const nowMs = this.#options.clock.nowMs();
    this.#lookedAtMs = nowMs;
    const now = await this.#count();
    if (this.#state.status === 'off') return;
    this.#received = now ?? before;
    const came = (now ?? 0) - (before ?? now ?? 0);
    const bytesPerMs = came / (nowMs - sinceMs);
    // Less means that a path and its count were given up, which is no sign of life.
    if (came > 0) {
      this.heard(false, sinceMs);
      if (this.#state.status === 'watching') {
        this.#state.steadyLooks += 1;
        // A flow that broke off meanwhile brought less: it ended when its share was in.
        const share = Math.min(1, bytesPerMs / this.#bytesPerMs);
        this.#state.lastHeardMs = sinceMs + share * (nowMs - sinceMs);
      }
      this.#bytesPerMs = bytesPerMs;
    } else if (this.#state.status === 'watching') {
      this.#missed(this.#state);
    }
    this.#lookIn(this.#pace());
  }

  #missed(state: Watching): void {
    const nowMs = this.#options.clock.nowMs();
    // A page that was held up itself, by its statistics as well, could not hear in that time.
    const lateMs = Math.max(0, nowMs - this.#lookAtMs);
    state.lastHeardMs += lateMs;
    if (state.probe !== undefined) state.probe.dueMs += lateMs;
    const quietMs = nowMs - state.lastHeardMs;
    const wasSteady = isSteady(state);
    if (!wasSteady) state.steadyLooks = 0;
    const isQuiet = quietMs >= (wasSteady ? STEADY_QUIET_MS : IDLE_QUIET_MS);
    if (isQuiet && state.askedMs === undefined) {
      this.#ask(state);
      if (wasSteady) this.#options.onDoubt();
    }
    const isOver = quietMs >= (wasSteady ? STEADY_SILENT_MS : IDLE_SILENT_MS);
    if (!isOver && nowMs < (state.probe?.dueMs ?? Infinity)) return;
    this.#fallSilent();
  }

  #fallSilent(): void {
    this.#state = { status: 'silent' };
    this.#options.onSilent();
  }

  #pace(): number {
    const state = this.#state;
    const isBreakingOff =
      state.status === 'watching' &&
      isSteady(state) &&
      this.#lookedAtMs - state.lastHeardMs >= LOOK_CLOSELY_EVERY_MS;
    // Where the browser counts nothing there is no use in looking often.
    const isWell = (this.isSure && !isBreakingOff) || this.#received === undefined;
    return isWell ? LOOK_EVERY_MS : LOOK_CLOSELY_EVERY_MS;
  }

  async #count(): Promise<number | undefined> {
    try {
      return await this.#options.received();
    } catch {
      // The connection is being replaced; its successor is asked the next time.
      return undefined;
    }
  }

  #lookIn(ms: number): void {
    this.#cancel?.();
    if (this.#state.status === 'off') return;
    this.#lookAtMs = this.#options.clock.nowMs() + ms;
    this.#cancel = this.#options.clock.setTimeout(() => void this.#look(), ms);
  }
}

function isSteady({ steadyLooks }: Watching): boolean {
  return steadyLooks >= STEADY_LOOKS;
}
