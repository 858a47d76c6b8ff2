import type { Clock } from '../base/clock.ts';

/** What to do next for a connection that is not up, and when. */
export interface RecoveryStep {
  readonly action: 'restart-ice' | 'rebuild';
  readonly inMs: number;
}

/**
 * `connecting`: never was up. `handshake`: ICE has a path, DTLS is not through. `silent`: nothing comes any
 * more, whatever ICE says. `disconnected`: ICE may heal by itself. `failed`: it will not. `closed`: the data
 * channel ended, so the connection has to be made anew.
 */
export type Trouble = 'connecting' | 'handshake' | 'silent' | 'disconnected' | 'failed' | 'closed';

/** The policy: pure, so that it can be read, replaced and tested. */
export interface RecoveryPolicy {
  /**
   * @param tries restarts and rebuilds made since the trouble began, or since there was news of the path; of a
   *   `handshake` those that were given up
   * @param lastedMs how long the connection has not been up
   */
  next(trouble: Trouble, tries: number, lastedMs: number): RecoveryStep;
}

/** ICE heals by itself from `disconnected` in about 10 ms once the path is back; give it a moment. */
const SELF_HEALING_MS = 1_000;

/** Setting up takes five round trips and a TURN allocation; 20 s is beyond any network that works. */
const SETUP_MS = 20_000;

/**
 * DTLS doubles its waits, from 50 ms on (RFC 9147 section 5.8): over 30 % of loss one handshake in six was
 * not through in this time, and some took 20 s. A new connection begins at 50 ms again.
 */
const HANDSHAKE_MS = 4_000;

/** Between tries: Firefox fails a restart made while the link is down only after 11 s, Chromium after 15 s. */
const RESTART_AGAIN_MS = 4_000;

/** A new connection under way needs this long over a network that loses every third packet. */
const REBUILD_AGAIN_MS = 10_000;

/** Who closed the channel mostly leaves, or is already making another connection: let that be heard. */
const CLOSED_MS = 2_000;

/** After this many restarts in a row the transport itself is doubted, and made anew. */
const RESTARTS_MAX = 4;

/** Rebuilds in a row; behind them it is an outage, and tries are made as seldom as below. */
const REBUILDS_MAX = 3;

/**
 * An ICE restart brings the picture back sooner than a new connection does (0.9 s against 1.8 s behind
 * 20 s, measured), but SCTP doubles its waits (RFC 9260 section 6.3.3), so that data may lie still for as
 * long again as the path was gone. Behind an outage of this length that is too long.
 */
const REBUILD_BEHIND_MS = 30_000;

/**
 * In an outage: nothing tells when a path that is no network interface of ours is back, so it has to
 * be tried; `poke` is quicker where there is news.
 */
const OUTAGE_RETRY_MS = 20_000;

export const defaultRecoveryPolicy: RecoveryPolicy = {
  next(trouble, tries, lastedMs) {
    if (tries >= RESTARTS_MAX + REBUILDS_MAX) {
      return { action: 'rebuild', inMs: OUTAGE_RETRY_MS };
    }
    if (trouble === 'connecting') return { action: 'rebuild', inMs: SETUP_MS };
    if (trouble === 'handshake') {
      return { action: 'rebuild', inMs: Math.min(HANDSHAKE_MS * 2 ** tries, SETUP_MS) };
    }
    if (trouble === 'closed') {
      return { action: 'rebuild', inMs: tries === 0 ? CLOSED_MS : REBUILD_AGAIN_MS };
    }
    const firstMs = trouble === 'disconnected' ? SELF_HEALING_MS : 0;
    if (tries < RESTARTS_MAX && lastedMs < REBUILD_BEHIND_MS) {
      return { action: 'restart-ice', inMs: tries === 0 ? firstMs : RESTART_AGAIN_MS };
    }
    const againMs = tries === RESTARTS_MAX ? RESTART_AGAIN_MS : REBUILD_AGAIN_MS;
    return { action: 'rebuild', inMs: tries === 0 ? firstMs : againMs };
  },
};

/** Several pieces of news of one event come within a second or so, and one try is enough for them all. */
const POKE_QUIET_MS = 1_500;

/**
 * Each try that news brought on in vain is given twice the time of the one before it, up to this. On busy
 * machines a connection takes seconds to come about, and a server that is heard again is news: a pair made
 * 34 connections in four minutes, each in the place of one under way, and never was together.
 */
const POKE_QUIET_MAX_MS = 12_000;

/** A timer that is so late says that this machine is busy, and so that less was done than time has passed. */
const BUSY_LATE_MS = 250;

interface Troubled {
  readonly status: 'troubled';
  readonly trouble: Trouble;
  readonly tries: number;
  /** Handshakes given up since the trouble began. */
  readonly handshakes: number;
  /** How often news brought on a try in the place of another one since the trouble began. */
  readonly poked: number;
  readonly sinceMs: number;
  readonly actedAtMs: number;
  /** Absent while no signal could travel: a poke goes on. */
  readonly cancel: (() => void) | undefined;
}
type State = { readonly status: 'calm' } | Troubled;

export interface RecoveryOptions {
  readonly clock: Clock;
  readonly policy: RecoveryPolicy;
  /** Whether a signal can reach the other side now; a try that nobody hears of is none. */
  readonly isReachable: () => boolean;
  readonly restartIce: () => void;
  readonly rebuild: () => void;
}

/** Watches the connections of one pair and brings them back (RFC 8445 section 9 for ICE restarts). */
export class Recovery {
  readonly #options: RecoveryOptions;
  #state: State = { status: 'calm' };

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  get isCalm(): boolean {
    return this.#state.status === 'calm';
  }

  /**
   * A generation begins. Tries made for the one before still count: it is the same trouble. One that the other
   * side began is a try as well, else it would be given the patience that is meant for none.
   */
  connecting(): void {
    const state = this.#state;
    if (state.status === 'calm') {
      this.#enter('connecting');
      return;
    }
    this.#state = { ...state, tries: Math.max(state.tries, 1) };
    this.#enter(state.trouble === 'handshake' ? 'connecting' : state.trouble);
  }

  /** ICE found a path for a generation that begins, whatever trouble there was before it. */
  handshaking(): void {
    const state = this.#state;
    if (state.status === 'troubled' && state.trouble !== 'handshake') this.#enter('handshake');
  }

  /** The connection is up: whatever comes next is another trouble. */
  up(): void {
    this.close();
  }

  down(trouble: Exclude<Trouble, 'connecting'>): void {
    const state = this.#state;
    // `failed` behind `disconnected` is news: nothing heals by itself any more. What is less is not.
    if (state.status === 'calm' || SEVERITY[trouble] > SEVERITY[state.trouble]) {
      this.#enter(trouble);
    }
  }

  /** The network, the way to the server or the other side came back: what failed before may work now. */
  poke(): void {
    const state = this.#state;
    if (state.status === 'calm') return;
    // It is under way for the first time, and its own time has not run out.
    if (SEVERITY[state.trouble] === 0 && state.cancel !== undefined) return;
    const nowMs = this.#options.clock.nowMs();
    const quietMs = Math.min(POKE_QUIET_MS * 2 ** state.poked, POKE_QUIET_MAX_MS);
    if (nowMs - state.actedAtMs < quietMs) return;
    state.cancel?.();
    const { action } = this.#options.policy.next(state.trouble, 0, nowMs - state.sinceMs);
    // The first try of all takes the place of none.
    const poked = Number.isFinite(state.actedAtMs) ? state.poked + 1 : 0;
    this.#schedule({ ...state, tries: 0, poked }, { action, inMs: 0 });
  }

  close(): void {
    if (this.#state.status === 'troubled') this.#state.cancel?.();
    this.#state = { status: 'calm' };
  }

  #enter(trouble: Trouble): void {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const state: Omit<Troubled, 'trouble'> =
      this.#state.status === 'troubled'
        ? this.#state
        : {
            status: 'troubled',
            tries: 0,
            handshakes: 0,
            poked: 0,
            sinceMs: nowMs,
            actedAtMs: -Infinity,
            cancel: undefined,
          };
    state.cancel?.();
    this.#plan({ ...state, trouble });
  }

  #plan(state: Troubled): void {
    const lastedMs = this.#options.clock.nowMs() - state.sinceMs;
    const tries = state.trouble === 'handshake' ? state.handshakes : state.tries;
    this.#schedule(state, this.#options.policy.next(state.trouble, tries, lastedMs));
  }

  #schedule(state: Troubled, { action, inMs }: RecoveryStep, again: 'once' | 'no' = 'once'): void {
    const { clock, isReachable, rebuild, restartIce } = this.#options;
    const dueMs = clock.nowMs() + inMs;
    const act = (): void => {
      // What is under way was held up as well: it has its time once more.
      if (again === 'once' && inMs > 0 && clock.nowMs() > dueMs + BUSY_LATE_MS) {
        this.#schedule(state, { action, inMs }, 'no');
        return;
      }
      if (!isReachable()) {
        this.#state = { ...state, cancel: undefined };
        return;
      }
      // The next step is planned first: a rebuild reports `connecting` from within.
      const handshakes = state.handshakes + (state.trouble === 'handshake' ? 1 : 0);
      const tries = state.tries + 1;
      this.#plan({ ...state, tries, handshakes, actedAtMs: clock.nowMs() });
      if (action === 'rebuild') rebuild();
      else restartIce();
    };
    this.#state = { ...state, cancel: clock.setTimeout(act, inMs) };
  }
}

/** What follows on another trouble changes what is to be done only where it is worse. */
const SEVERITY: { readonly [T in Trouble]: number } = {
  connecting: 0,
  handshake: 0,
  silent: 1,
  disconnected: 1,
  failed: 2,
  closed: 3,
};
