import type { JoinRefusal } from '@peerline/protocol';
import type { AccessGrant } from '../access/access.ts';
import type { Ruling } from '../access/gatekeeper.ts';

/** A client has a fifth of the time to get a fresh token; after that … */
const WARN_AT = 0.8;
/** … it is reminded at each half of what is left (SPEC.md, TOKEN5) … */
const WARN_AGAIN_AT = 0.5;
/** … down to this, below which an answer would come too late. */
const WARN_LAST_MS = 1_000;

/** What timers of Node hold; a longer wait is cut into several. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** A member's access as it was granted with its join, and how to ask for it anew. */
export interface Access {
  readonly grant: AccessGrant;
  /** @param subject who it is so far */
  readonly ask: (token: string, subject: string | undefined) => Promise<Ruling>;
}

export interface AccessEvents {
  /** It ends in so many milliseconds. */
  expiring(ttlMs: number): void;
  /** A token was not taken; the one before lasts on. */
  refused(refusal: JoinRefusal & { readonly code: 'not-authorized' | 'internal' }): void;
  /** It has ended and was not renewed. */
  ended(): void;
}

/** Keeps the time of one member's access, for as long as its connection lasts. */
export class AccessRenewal {
  readonly #access: Access;
  readonly #events: AccessEvents;
  #grant: AccessGrant;
  #timer: NodeJS.Timeout | undefined;
  /** One token is looked at, at a time; of those that come meanwhile the newest is next. */
  #state: 'idle' | { readonly next: string | undefined } | 'stopped' = 'idle';

  constructor(access: Access, events: AccessEvents) {
    this.#access = access;
    this.#events = events;
    this.#grant = access.grant;
  }

  start(): void {
    this.#plan(WARN_AT);
  }

  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  take(token: string): void {
    if (this.#state === 'stopped') return;
    if (this.#state !== 'idle') {
      this.#state = { next: token };
      return;
    }
    this.#state = { next: undefined };
    // `ask` never rejects.
    void this.#access.ask(token, this.#grant.subject).then((ruling) => this.#ruled(ruling));
  }

  #ruled(ruling: Ruling): void {
    if (typeof this.#state === 'string') return;
    const { next } = this.#state;
    this.#state = 'idle';
    if (ruling.kind === 'granted') {
      this.#grant = ruling.grant;
      this.#plan(WARN_AT);
    } else {
      this.#events.refused(ruling.refusal);
    }
    if (next !== undefined) this.take(next);
    else if (this.#leftMs() <= 0) this.#end();
  }

  #leftMs(): number {
    return (this.#grant.endsAtMs ?? Infinity) - Date.now();
  }

  #plan(share: number): void {
    clearTimeout(this.#timer);
    const leftMs = this.#leftMs();
    if (leftMs === Infinity || this.#state === 'stopped') return;
    if (leftMs > WARN_LAST_MS) this.#in(leftMs * share, () => this.#warn());
    else this.#in(Math.max(0, leftMs), () => this.#due());
  }

  #in(ms: number, act: () => void): void {
    this.#timer =
      ms > TIMER_MAX_MS
        ? setTimeout(() => this.#in(ms - TIMER_MAX_MS, act), TIMER_MAX_MS)
        : setTimeout(act, ms);
  }

  #warn(): void {
    const leftMs = Math.floor(this.#leftMs());
    if (leftMs > 0) this.#events.expiring(leftMs);
    this.#plan(WARN_AGAIN_AT);
  }

  /** A token that came in time is looked at first. */
  #due(): void {
    if (this.#leftMs() > 0) this.#plan(WARN_AGAIN_AT);
    else if (this.#state === 'idle') this.#end();
  }

  #end(): void {
    this.stop();
    this.#events.ended();
  }
}
