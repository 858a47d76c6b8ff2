import type { PeerId } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import type { Pulse } from '../peer/standing.ts';

/**
 * Who closed its end mostly left, but may be making another connection: behind an outage its offer waits
 * until its server is found, which took Firefox up to 1.5 s.
 */
const ENDED_GRACE_MS = 3_000;

/**
 * How long a peer may be away whose connection to the server was closed, with none to it here either:
 * mostly it has ended. Above the time that a client takes to come back behind a restart of the server
 * (up to 4 s between tries, and the handshake).
 */
const CLOSED_GRACE_MS = 10_000;

/**
 * The same for one that is not there when the server takes this side in again: behind its restart the last
 * of 10,000 comes back within this (their tries are spread), and behind an outage of ours nobody knows.
 */
const UNLISTED_GRACE_MS = 30_000;

/** The same for one that fell silent: a tunnel, a lift, a phone in a pocket. Nobody waits longer. */
const SILENT_GRACE_MS = 120_000;

/**
 * `closed`: its connection to the server ended. `unlisted`: the same at a time when this side was not
 * there to hear of it. `silent`: it stopped answering.
 */
export type AbsenceCause = 'closed' | 'unlisted' | 'silent';

interface Absent {
  readonly cause: AbsenceCause;
  cancel: (() => void) | undefined;
}

const GRACE_MS: { readonly [C in AbsenceCause]: number } = {
  closed: CLOSED_GRACE_MS,
  unlisted: UNLISTED_GRACE_MS,
  silent: SILENT_GRACE_MS,
};

/**
 * Peers that are gone from the server's roster. One sign alone ends no call: a peer is gone once its
 * own connection is dead as well.
 */
export class Absence {
  readonly #clock: Clock;
  readonly #gone: (peer: PeerId) => void;
  readonly #absent = new Map<PeerId, Absent>();

  constructor(clock: Clock, gone: (peer: PeerId) => void) {
    this.#clock = clock;
    this.#gone = gone;
  }

  has(peer: PeerId): boolean {
    return this.#absent.has(peer);
  }

  /** The server does not see the peer (any more). */
  begin(peer: PeerId, cause: AbsenceCause, pulse: Pulse): void {
    this.#absent.get(peer)?.cancel?.();
    this.#absent.set(peer, { cause, cancel: undefined });
    this.pulse(peer, pulse);
  }

  /** The peer is back on the server, or left for good. */
  end(peer: PeerId): void {
    this.#absent.get(peer)?.cancel?.();
    this.#absent.delete(peer);
  }

  /** The pair's connection changed. */
  pulse(peer: PeerId, pulse: Pulse): void {
    const absence = this.#absent.get(peer);
    if (absence === undefined) return;
    if (pulse !== 'faint') {
      absence.cancel?.();
      absence.cancel = undefined;
    }
    if (pulse === 'beating') return;
    const graceMs = pulse === 'none' ? ENDED_GRACE_MS : GRACE_MS[absence.cause];
    absence.cancel ??= this.#clock.setTimeout(() => {
      this.end(peer);
      this.#gone(peer);
    }, graceMs);
  }

  close(): void {
    for (const { cancel } of this.#absent.values()) cancel?.();
    this.#absent.clear();
  }
}
