import type { PeerId } from '@peerline/protocol';
import type { MessageMap } from '../api.ts';
import type { SignalWays } from '../peer/remote-peer-options.ts';
import type { RemotePeer } from '../peer/remote-peer.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { Absence } from './absence.ts';
import { MutualPeers } from './mutual-peers.ts';

/** The ways to the peers of a room that are not their own connections: the server, and each other. */
export class RoomWays<M extends MessageMap> {
  readonly #signaling: Signaling;
  readonly #absence: Absence;
  readonly #peers: ReadonlyMap<PeerId, RemotePeer<M>>;
  readonly #mutual: MutualPeers;

  constructor(signaling: Signaling, absence: Absence, peers: ReadonlyMap<PeerId, RemotePeer<M>>) {
    this.#signaling = signaling;
    this.#absence = absence;
    this.#peers = peers;
    this.#mutual = new MutualPeers(peers);
  }

  to(id: PeerId): SignalWays {
    return {
      isOpen: () => this.#serverReaches(id) || this.#mutual.has(id),
      send: (envelope, { all }) => {
        // Whom the server does not see it cannot reach; it tells when they are back, before they speak.
        const isSeen = !this.#absence.has(id);
        const relayed = isSeen && this.#signaling.relay(id, JSON.stringify(envelope));
        if (all || !relayed) this.#mutual.ask(id, envelope);
      },
      carry: (control) => {
        const { envelope } = control;
        if (control.type === 'forward') {
          this.#mutual.handOn(id, control.to, envelope);
          return;
        }
        const peer = this.#peers.get(control.from);
        if (peer?.pulse !== 'beating') peer?.receive(envelope);
      },
    };
  }

  #serverReaches(id: PeerId): boolean {
    const { state, isDoubted } = this.#signaling;
    return state.status === 'joined' && !isDoubted && !this.#absence.has(id);
  }
}
