import type { Clock } from '../base/clock.ts';

/** What to do next for a connection that is not up, and when. */
export interface RecoveryStep {
  readonly action: 'restart-ice' | 'rebuild';
  readonly inMs: number;
}

/** The policy: pure, so that it can be read, replaced and tested. */
export interface RecoveryPolicy {
  /**
   * @param trouble `connecting`: never was up; `disconnected`: ICE may heal by itself; `failed`: it will not;
   *   `closed`: the data channel ended, so the connection has to be made anew
   * @param tries restarts and rebuilds made since the trouble began
   */
  next(trouble: Trouble, tries: number): RecoveryStep;
}

export type Trouble = 'connecting' | 'disconnected' | 'failed' | 'closed';

/** ICE heals by itself from `disconnected` in about 10 ms once the path is back; give it a moment. */
const SELF_HEALING_MS = 1_000;

/** Setting up takes five round trips and a TURN allocation; 20 s is beyond any network that works. */
const SETUP_MS = 20_000;

/** Between tries: Firefox fails a restart made while the link is down only after 11 s, Chromium after 15 s. */
const RESTART_AGAIN_MS = 5_000;

/** Who closed the channel mostly leaves, or is already making another connection: let that be heard. */
const CLOSED_MS = 2_000;

/** After this many restarts in a row the transport itself is doubted, and made anew. */
const RESTARTS_MAX = 4;

/** Rebuilds in a row; behind them it is an outage, and tries are made as seldom as below. */
const REBUILDS_MAX = 3;

/**
 * In an outage: nothing tells when a path that is no network interface of ours is back, so it has to
 * be tried; `poke` is quicker where there is news.
 */
const OUTAGE_RETRY_MS = 20_000;

export const defaultRecoveryPolicy: RecoveryPolicy = {
  next(trouble, tries) {
    if (tries >= RESTARTS_MAX + REBUILDS_MAX) {
      return { action: 'rebuild', inMs: OUTAGE_RETRY_MS };
    }
    if (trouble === 'connecting') return { action: 'rebuild', inMs: SETUP_MS };
    if (trouble === 'closed') {
      return { action: 'rebuild', inMs: tries === 0 ? CLOSED_MS : RESTART_AGAIN_MS };
    }
    if (tries >= RESTARTS_MAX) return { action: 'rebuild', inMs: RESTART_AGAIN_MS };
    if (tries > 0) return { action: 'restart-ice', inMs: RESTART_AGAIN_MS };
    return { action: 'restart-ice', inMs: trouble === 'failed' ? 0 : SELF_HEALING_MS };
  },
};

type State =
  | { readonly status: 'calm' }
  | {
      readonly status: 'troubled';
      readonly trouble: Trouble;
      readonly tries: number;
      readonly cancel: () => void;
    };

export interface RecoveryOptions {
  readonly clock: Clock;
  readonly policy: RecoveryPolicy;
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

  /** A generation begins. Tries made for the one before still count: it is the same trouble. */
  connecting(): void {
    this.#enter(this.#state.status === 'troubled' ? this.#state.trouble : 'connecting');
  }

  /** The connection is up: whatever comes next is another trouble. */
  up(): void {
    this.close();
  }

  down(trouble: Exclude<Trouble, 'connecting'>): void {
    const state = this.#state;
    // `failed` behind `disconnected` is news: nothing heals by itself any more.
    if (state.status === 'troubled' && (state.trouble === trouble || trouble === 'disconnected')) {
      return;
    }
    this.#enter(trouble);
  }

  /** The network or the way to the server came back: what failed before may work now. */
  poke(): void {
    const state = this.#state;
    if (state.status !== 'troubled' || state.trouble === 'connecting') return;
    this.#cancel();
    this.#schedule(state.trouble, 0, { action: 'restart-ice', inMs: 0 });
  }

  close(): void {
    this.#cancel();
    this.#state = { status: 'calm' };
  }

  #enter(trouble: Trouble): void {
    const tries = this.#state.status === 'troubled' ? this.#state.tries : 0;
    this.#cancel();
    this.#schedule(trouble, tries, this.#options.policy.next(trouble, tries));
  }

  #schedule(trouble: Trouble, tries: number, step: RecoveryStep): void {
    const cancel = this.#options.clock.setTimeout(() => {
      const done = tries + 1;
      // The next step is planned first: a rebuild reports `connecting` from within.
      this.#schedule(trouble, done, this.#options.policy.next(trouble, done));
      if (step.action === 'rebuild') this.#options.rebuild();
      else this.#options.restartIce();
    }, step.inMs);
    this.#state = { status: 'troubled', trouble, tries, cancel };
  }

  #cancel(): void {
    if (this.#state.status === 'troubled') this.#state.cancel();
  }
}
