import type { Control, Envelope, PeerId } from '@peerline/protocol';
import type { MessageMap } from '../api.ts';
import type { SignalWays } from '../peer/remote-peer-options.ts';
import type { RemotePeer } from '../peer/remote-peer.ts';
import { isThrough, type Signaling } from '../signaling/signaling.ts';
import type { Absence } from './absence.ts';
import { MutualPeers } from './mutual-peers.ts';
import type { SealedSignals } from './sealed-signals.ts';

/** The ways to the peers of a room that are not their own connections: the server, and each other. */
export class RoomWays<M extends MessageMap> {
  readonly #signaling: Signaling;
  readonly #signals: SealedSignals;
  readonly #absence: Absence;
  readonly #peers: ReadonlyMap<PeerId, RemotePeer<M>>;
  readonly #mutual: MutualPeers;

  constructor(
    signaling: Signaling,
    signals: SealedSignals,
    absence: Absence,
    peers: ReadonlyMap<PeerId, RemotePeer<M>>,
  ) {
    this.#signaling = signaling;
    this.#signals = signals;
    this.#absence = absence;
    this.#peers = peers;
    this.#mutual = new MutualPeers(peers);
  }

  to(id: PeerId): SignalWays {
    return {
      isOpen: () => this.#serverReaches(id) || this.#mutual.has(id),
      send: (envelope, { all }) => void this.#send(id, envelope, all),
      carry: (control) => {
        // Nothing is carried for visitors (SPEC.md, VISIT5).
        if (!this.#peers.has(id)) return;
        if (control.type === 'forward') this.#mutual.handOn(id, control.to, control.body);
        else void this.#receive(control);
      },
    };
  }

  async #send(to: PeerId, envelope: Envelope, all: boolean): Promise<void> {
    const body = await this.#signals.seal(to, envelope);
    if (body === undefined) return;
    // Whom the server does not see it cannot reach; it tells when they are back, before they speak.
    const relayed = !this.#absence.has(to) && this.#signaling.relay(to, body);
    if (all || !relayed) this.#mutual.ask(to, body);
  }

  async #receive({ from, body }: Extract<Control, { type: 'forwarded' }>): Promise<void> {
    const envelope = await this.#signals.open(from, body);
    const peer = this.#peers.get(from);
    if (envelope !== undefined && peer?.pulse !== 'beating') peer?.receive(envelope);
  }

  #serverReaches(id: PeerId): boolean {
    const { state, isDoubted } = this.#signaling;
    return isThrough(state) && !isDoubted && !this.#absence.has(id);
  }
}
