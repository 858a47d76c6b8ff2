import type { Envelope, PeerId } from '@peerline/protocol';
import type { PeerState } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import type { Pulse } from '../peer/standing.ts';

/** A lobby full of people who look in costs those inside no more than a few connections at rest. */
const VISITORS_MAX = 8;

/** What is not connected by then will not be; whoever comes in begins anew all the same. */
const CONNECT_MAX_MS = 30_000;

/** The server says that one is in a round trip behind its own word. */
const CONFIRM_MAX_MS = 10_000;

interface Visitor {
  readonly id: PeerId;
  readonly pulse: Pulse;
  readonly state: PeerState;
  start(): void;
  receive(envelope: Envelope): void;
  close(reason: 'gone', options: { readonly bye: boolean }): void;
}

export interface VisitorsOptions<V extends Visitor> {
  readonly clock: Clock;
  readonly create: (id: PeerId) => V;
  /** Whether anyone may come in now who holds the link. */
  readonly isOpen: () => boolean;
  /** It said that it is in, and the server did not. */
  readonly onUnconfirmed: (id: PeerId) => void;
}

/** The peers that this side is connected with, and that nobody sees yet (SPEC.md, VISIT5, VISIT6). */
export class Visitors<V extends Visitor> {
  readonly #options: VisitorsOptions<V>;
  readonly #visitors = new Map<PeerId, { readonly peer: V; readonly cancel: () => void }>();
  readonly #unconfirmed = new Map<PeerId, () => void>();

  constructor(options: VisitorsOptions<V>) {
    this.#options = options;
  }

  receive(id: PeerId, envelope: Envelope): void {
    const visitor = this.#visitors.get(id)?.peer ?? this.#begin(id);
    visitor?.receive(envelope);
  }

  /** By its own word. @returns the peer, if it may come in by that */
  entered(id: PeerId): V | undefined {
    if (!this.#visitors.has(id) || !this.#options.isOpen()) return undefined;
    const { clock, onUnconfirmed } = this.#options;
    const cancel = clock.setTimeout(() => {
      this.#unconfirmed.delete(id);
      onUnconfirmed(id);
    }, CONFIRM_MAX_MS);
    this.#unconfirmed.set(id, cancel);
    return this.#take(id);
  }

  /** By the server's word. @returns the peer, if it was a visitor until now */
  joined(id: PeerId): V | undefined {
    this.#unconfirmed.get(id)?.();
    this.#unconfirmed.delete(id);
    return this.#take(id);
  }

  /** Its connection changed. */
  pulsed({ id, pulse, state }: V): void {
    if (this.#visitors.has(id) && state.status !== 'connecting' && pulse !== 'beating') {
      this.drop(id);
    }
  }

  drop(id: PeerId): void {
    this.#take(id)?.close('gone', { bye: false });
  }

  /** The door changed. */
  settled(): void {
    if (!this.#options.isOpen()) this.dropAll();
  }

  dropAll(): void {
    for (const id of this.#visitors.keys()) this.drop(id);
  }

  close(): void {
    this.dropAll();
    for (const cancel of this.#unconfirmed.values()) cancel();
    this.#unconfirmed.clear();
  }

  #begin(id: PeerId): V | undefined {
    if (this.#visitors.size >= VISITORS_MAX || !this.#options.isOpen()) return undefined;
    const peer = this.#options.create(id);
    const cancel = this.#options.clock.setTimeout(() => {
      if (peer.pulse !== 'beating') this.drop(id);
    }, CONNECT_MAX_MS);
    this.#visitors.set(id, { peer, cancel });
    peer.start();
    return peer;
  }

  #take(id: PeerId): V | undefined {
    const visitor = this.#visitors.get(id);
    visitor?.cancel();
    this.#visitors.delete(id);
    return visitor?.peer;
  }
}
