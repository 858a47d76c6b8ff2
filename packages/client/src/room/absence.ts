import type { PeerId } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';

/**
 * How long a peer may be away from the server with no connection to it either. Above the time that a
 * client takes to come back behind a restart of the server (4 s between tries, and the handshake).
 */
const ABSENT_GRACE_MS = 10_000;

/** What the pair's own connection says of a peer that the server does not see any more. */
export type Pulse =
  /** Packets flow: the call goes on without the server. */
  | 'beating'
  /** Down, but the other side did not end it: it may come back. */
  | 'faint'
  /** Ended by the other side, or never begun. */
  | 'none';

/**
 * Peers that are gone from the server's roster. One sign alone ends no call: a peer is gone once its
 * own connection is dead as well.
 */
export class Absence {
  readonly #clock: Clock;
  readonly #gone: (peer: PeerId) => void;
  readonly #absent = new Map<PeerId, { cancel: (() => void) | undefined }>();

  constructor(clock: Clock, gone: (peer: PeerId) => void) {
    this.#clock = clock;
    this.#gone = gone;
  }

  has(peer: PeerId): boolean {
    return this.#absent.has(peer);
  }

  /** The server does not see the peer (any more). */
  begin(peer: PeerId, pulse: Pulse): void {
    if (!this.#absent.has(peer)) this.#absent.set(peer, { cancel: undefined });
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
    if (pulse === 'none') {
      this.end(peer);
      this.#gone(peer);
      return;
    }
    if (pulse === 'beating') {
      absence.cancel?.();
      absence.cancel = undefined;
      return;
    }
    absence.cancel ??= this.#clock.setTimeout(() => {
      this.end(peer);
      this.#gone(peer);
    }, ABSENT_GRACE_MS);
  }

  close(): void {
    for (const { cancel } of this.#absent.values()) cancel?.();
    this.#absent.clear();
  }
}
