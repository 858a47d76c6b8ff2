import type { Envelope, Left, PeerId, PresenceUpdate, Source } from '@peerline/protocol';
import type { MessageMap, Payload, RoomProblem } from '../api.ts';
import type { DoorControl, Share } from '../peer/remote-peer-options.ts';
import { RemotePeer } from '../peer/remote-peer.ts';
import { Absence, type AbsenceCause } from './absence.ts';
import type { JoinedRoomOptions } from './room-options.ts';
import { RoomWays } from './signal-ways.ts';
import type { Visitors } from './visitors.ts';

type Removal = 'left' | 'gone' | 'not-genuine' | 'removed';

export interface RosterOptions<M extends MessageMap> extends Pick<
  JoinedRoomOptions<M>,
  | 'id'
  | 'signaling'
  | 'signals'
  | 'verifications'
  | 'clock'
  | 'ice'
  | 'policy'
  | 'plane'
  | 'messageMaxBytes'
  | 'stage'
> {
  /** What a peer gets of this side, for as long as `isIn`. */
  readonly share: (isIn: () => boolean) => Share;
  /** Whether one more may come in who holds the link. */
  readonly isOpen: () => boolean;
  readonly onPeer: (peer: RemotePeer<M>) => void;
  readonly onPeerLeft: (peer: RemotePeer<M>) => void;
  readonly onMessage: (peer: RemotePeer<M>, type: string, payload: Payload) => void;
  readonly onDoor: (from: PeerId, control: DoorControl) => void;
  readonly onTrouble: (code: RoomProblem['code'], message: string) => void;
}

/** The peers of a room, as the server and they themselves tell who is there. */
export class Roster<M extends MessageMap> {
  readonly peers: ReadonlyMap<PeerId, RemotePeer<M>>;
  readonly #options: RosterOptions<M>;
  readonly #peers = new Map<PeerId, RemotePeer<M>>();
  readonly #absence: Absence;
  readonly #ways: RoomWays<M>;
  /** None until one comes. */
  #visitors: Visitors<RemotePeer<M>> | undefined;
  #stage: 'lobby' | 'inside' | 'closed';
  #lastEpoch = 0;
  /** Each return to the server may be from another one (SPEC.md, NEG12). */
  #addresses = 0;

  constructor(options: RosterOptions<M>) {
    this.#options = options;
    this.peers = this.#peers;
    this.#stage = options.stage;
    this.#absence = new Absence(options.clock, (peer) => this.remove(peer, 'gone'));
    this.#ways = new RoomWays(options.signaling, options.signals, this.#absence, this.#peers);
  }

  /** They are there, as the server says to one who comes. */
  listed(ids: readonly PeerId[]): void {
    for (const id of ids) if (!this.#peers.has(id)) this.arrived(id);
  }

  arrived(id: PeerId): void {
    this.#absence.end(id);
    // Also where it has come in by its own word before.
    const visitor = this.#visitors?.joined(id);
    const known = this.#peers.get(id);
    if (known !== undefined) {
      known.setAbsent(false);
      known.resume();
      return;
    }
    if (visitor !== undefined) {
      this.#seat(visitor);
      visitor.shareChanged();
      return;
    }
    const peer = this.#create(id);
    this.#seat(peer);
    peer.start(this.#stage === 'lobby');
  }

  departed(id: PeerId, reason: Left['reason']): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    if (reason === 'left') this.remove(id, 'left');
    else
      this.#absent(peer, reason === 'silent' || peer.state.status === 'away' ? 'silent' : 'closed');
  }

  /** The server took us in again: what it knows may be less than what is (SPEC.md, JOIN4). */
  returned(listed: ReadonlySet<PeerId>): void {
    this.#addresses += 1;
    for (const peer of this.#peers.values()) {
      // Who fell silent before may do so for long.
      if (!listed.has(peer.id) && !this.#absence.has(peer.id)) this.#absent(peer, 'unlisted');
    }
    for (const id of listed) this.arrived(id);
  }

  signaled(from: PeerId, envelope: Envelope): void {
    // It speaks, so it is there, whatever became of it here.
    if (!this.#peers.has(from)) this.arrived(from);
    this.#peers.get(from)?.receive(envelope);
  }

  /** Somebody speaks who is not in. */
  visited(from: PeerId, envelope: Envelope): void {
    this.#loadVisitors()
      .then((visitors) => {
        const member = this.#peers.get(from);
        if (member !== undefined) member.receive(envelope);
        else if (this.#stage === 'inside') visitors.receive(from, envelope);
      })
      .catch((error: unknown) => this.#trouble(`a visitor: ${String(error)}`));
  }

  /** This side comes in: what may flow at once does. */
  comeIn(presence: PresenceUpdate): void {
    this.#stage = 'inside';
    for (const peer of this.#peers.values()) {
      // Whoever is told of a peer knows its name.
      peer.control({ type: 'presence', presence });
      peer.control({ type: 'enter' });
      peer.shareChanged();
    }
  }

  /** The room has another link, which neither that peer nor any visitor has. */
  moved(removed: PeerId): void {
    this.#visitors?.dropAll();
    this.remove(removed, 'removed');
  }

  /** The door changed. */
  settled(): void {
    this.#visitors?.settled();
  }

  localChanged(source: Source): void {
    for (const peer of this.#peers.values()) peer.localChanged(source);
  }

  /** The server is lost: whom a change of network took as well is asked at once. */
  probe(): void {
    for (const peer of this.#peers.values()) peer.probe();
    this.#judgeReach();
  }

  resume(): void {
    for (const peer of this.#peers.values()) peer.resume();
  }

  resumeLost(): void {
    for (const peer of this.#peers.values()) if (peer.pulse === 'faint') peer.resume();
  }

  remove(id: PeerId, reason: Removal): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#absence.end(id);
    this.#peers.delete(id);
    peer.close(reason, { bye: false });
    this.#options.onPeerLeft(peer);
  }

  close({ bye }: { readonly bye: boolean }): void {
    this.#stage = 'closed';
    this.#absence.close();
    this.#visitors?.close();
    const peers = [...this.#peers.values()];
    this.#peers.clear();
    for (const peer of peers) {
      peer.close('room-left', { bye });
      this.#options.onPeerLeft(peer);
    }
  }

  #absent(peer: RemotePeer<M>, cause: AbsenceCause): void {
    peer.setAbsent(true);
    peer.probe();
    this.#absence.begin(peer.id, cause, peer.pulse);
  }

  #seat(peer: RemotePeer<M>): void {
    this.#peers.set(peer.id, peer);
    this.#options.onPeer(peer);
  }

  async #loadVisitors(): Promise<Visitors<RemotePeer<M>>> {
    const loaded = await import('./visitors.ts');
    this.#visitors ??= new loaded.Visitors({
      clock: this.#options.clock,
      create: (id) => this.#create(id),
      isOpen: () => this.#options.isOpen(),
      onUnconfirmed: (id) => this.remove(id, 'gone'),
    });
    return this.#visitors;
  }

  #create(id: PeerId): RemotePeer<M> {
    const { signaling, clock, ice, policy, plane, messageMaxBytes } = this.#options;
    this.#lastEpoch += 1;
    const peer: RemotePeer<M> = new RemotePeer<M>({
      ...{ selfId: this.#options.id, id, epoch: this.#lastEpoch, clock },
      address: () => this.#addresses,
      rtc: ice.rtc,
      ...{ policy, plane, messageMaxBytes },
      share: this.#options.share(() => this.#stage === 'inside' && this.#peers.get(id) === peer),
      configuration: () => ice.configuration(),
      ways: this.#ways.to(id),
      verification: this.#options.verifications.of(id, () => peer),
      onMessage: (type, payload) => {
        if (this.#peers.get(id) === peer) this.#options.onMessage(peer, type, payload);
      },
      onDoor: (control) => this.#options.onDoor(id, control),
      onEnter: () => this.#entered(id),
      onBye: () => {
        this.#visitors?.drop(id);
        this.remove(id, 'left');
      },
      onPulse: () => this.#pulsed(peer),
      // Whoever is heard says that there is a network: a try that began without one need not run its course.
      onSign: () => signaling.setCutOff(false),
      onDoubt: () => signaling.probe(!this.#isAnyoneReached),
      onImpostor: () => this.#removeImpostor(id),
      onTrouble: (message, code) => this.#trouble(message, code),
    });
    return peer;
  }

  /** A visitor says that it is in. */
  #entered(id: PeerId): void {
    const visitor = this.#visitors?.entered(id);
    if (visitor === undefined) return;
    this.#seat(visitor);
    visitor.shareChanged();
  }

  /** Whoever it is: another try would send another moment of sound and picture there. */
  #removeImpostor(id: PeerId): void {
    this.#options.signals.distrust(id);
    this.#visitors?.drop(id);
    this.#trouble(`${id} shows another certificate than it named; it was left out`, 'not-genuine');
    this.remove(id, 'not-genuine');
  }

  #pulsed(peer: RemotePeer<M>): void {
    this.#visitors?.pulsed(peer);
    this.#absence.pulse(peer.id, peer.pulse);
    this.#judgeReach();
    if (peer.pulse !== 'beating') return;
    // Who is reached may lead to those who are not.
    this.resumeLost();
  }

  get #isAnyoneReached(): boolean {
    return [...this.#peers.values()].some(({ pulse }) => pulse === 'beating');
  }

  #judgeReach(): void {
    const peers = [...this.#peers.values()];
    const isCutOff = peers.length > 0 && peers.every(({ pulse }) => pulse === 'faint');
    this.#options.signaling.setCutOff(isCutOff);
  }

  #trouble(message: string, code: RoomProblem['code'] = 'peer-trouble'): void {
    this.#options.onTrouble(code, message);
  }
}
