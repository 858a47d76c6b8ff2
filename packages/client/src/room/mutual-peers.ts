import type { Control, PeerId } from '@peerline/protocol';
import type { Pulse } from '../peer/standing.ts';

/** What of a peer is needed to go by way of it. */
interface Carrier {
  readonly id: PeerId;
  readonly pulse: Pulse;
  control(control: Control): boolean;
}

/** SPEC.md, FWD2: one may have lost the other side as well, two seldom have. */
const ASKED_MAX = 2;

/** Carries sealed envelopes by way of peers that both ends still reach (SPEC.md, FWD1–3). */
export class MutualPeers {
  readonly #peers: ReadonlyMap<PeerId, Carrier>;

  constructor(peers: ReadonlyMap<PeerId, Carrier>) {
    this.#peers = peers;
  }

  /** Whether anyone could be asked; whether they reach the other side, they alone know. */
  has(to: PeerId): boolean {
    return this.#carriers(to).length > 0;
  }

  ask(to: PeerId, body: string): void {
    for (const carrier of this.#carriers(to)) carrier.control({ type: 'forward', to, body });
  }

  /** The other end of an `ask`: hands the body on, or keeps silent. */
  handOn(from: PeerId, to: PeerId, body: string): void {
    if (from !== to) this.#peers.get(to)?.control({ type: 'forwarded', from, body });
  }

  #carriers(to: PeerId): readonly Carrier[] {
    const others = [...this.#peers.values()];
    return others.filter(({ id, pulse }) => id !== to && pulse === 'beating').slice(0, ASKED_MAX);
  }
}
