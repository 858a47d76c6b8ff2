import type { PeerState } from '../api.ts';
import type { Clock } from '../base/clock.ts';

/** What the pair's own connection says of a peer that the server does not see any more. */
export type Pulse =
  /** Packets flow: the call goes on without the server. */
  | 'beating'
  /** Down, but the other side did not end it: it may come back. */
  | 'faint'
  /** Ended by the other side, or never begun. */
  | 'none';

/** Over which generation packets come, or since when there is none. */
type Flow =
  | { readonly status: 'never'; readonly sinceMs: number }
  | { readonly status: 'up'; readonly generation: number }
  | { readonly status: 'down'; readonly sinceMs: number };

/** The signs by which a peer's state is told, each from a source of its own. */
export class Standing {
  readonly #clock: Clock;
  #flow: Flow;
  #asleepSinceMs: number | undefined;
  /** The server does not see it (any more). */
  isAbsent = false;
  /** The other side ended the channel; nothing of it is to be expected but over the server. */
  isAbandoned = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#flow = { status: 'never', sinceMs: clock.nowMs() };
  }

  /** No packet has come yet. */
  get isNew(): boolean {
    return this.#flow.status === 'never';
  }

  get isUp(): boolean {
    return this.#flow.status === 'up';
  }

  get pulse(): Pulse {
    if (this.isAbandoned || this.#flow.status === 'never') return 'none';
    return this.#flow.status === 'up' ? 'beating' : 'faint';
  }

  get state(): PeerState {
    const flow = this.#flow;
    const asleepSinceMs = this.#asleepSinceMs;
    if (asleepSinceMs !== undefined) return { status: 'away', sinceMs: asleepSinceMs };
    switch (flow.status) {
      case 'never':
        return { status: 'connecting', sinceMs: flow.sinceMs };
      case 'up':
        return { status: 'connected', generation: flow.generation };
      case 'down':
        return { status: this.isAbsent ? 'away' : 'recovering', sinceMs: flow.sinceMs };
    }
  }

  /** @returns false where packets came over this very generation already */
  cameUp(generation: number): boolean {
    const flow = this.#flow;
    if (flow.status === 'up' && flow.generation === generation) return false;
    this.#flow = { status: 'up', generation };
    return true;
  }

  /** @returns false where none came before */
  wentDown(): boolean {
    if (this.#flow.status !== 'up') return false;
    this.#flow = { status: 'down', sinceMs: this.#clock.nowMs() };
    return true;
  }

  /** Its page said that it would be frozen (SPEC.md, AWAY1). */
  fellAsleep(): void {
    this.#asleepSinceMs ??= this.#clock.nowMs();
  }

  /** @returns false where it was awake */
  wokeUp(): boolean {
    const slept = this.#asleepSinceMs !== undefined;
    this.#asleepSinceMs = undefined;
    return slept;
  }
}

/** Whether two states say the same, whenever each of them began. */
export function isSameState(one: PeerState, other: PeerState): boolean {
  if (one.status !== 'connected' || other.status !== 'connected') {
    return one.status === other.status;
  }
  return one.generation === other.generation;
}
