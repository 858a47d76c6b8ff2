import type { JoinOptions, MessageMap, Peer, Room } from '../api.ts';
import type { LobbyOptions, Visit } from '../api-visit.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { createLocalMedia } from '../media/local-media.ts';
import { createIdentity, type Identity } from '../link/room-keys.ts';
import { createRoomLink } from '../link/room-link.ts';
import { FullMediaPlane } from '../peer/full-media-plane.ts';
import { defaultRecoveryPolicy } from '../peer/recovery.ts';
import { joinRoomWith, type JoinEnvironment } from '../room/join-room.ts';
import { enterLobbyWith } from '../room/lobby-visit.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeNetwork } from './fake-network.ts';
import { fakeRtc } from './fake-peer-connection.ts';
import { plainSealing } from './plain-sealing.ts';
import { MemorySwitchboard, type MemorySignaling } from './memory-signaling.ts';

/** Rooms over a server in memory, connections in memory and a clock that tests move. */
export class CallRig {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork(this.clock);
  readonly switchboard: MemorySwitchboard;
  readonly link = createRoomLink('rig');
  readonly rtc = fakeRtc(this.network);
  /** How the next ones draw their ids. */
  createIdentity: () => Promise<Identity> = () => createIdentity();
  /** The way to the server of each that joined, in their order. */
  readonly connections: MemorySignaling[] = [];

  constructor(options: { readonly capacity?: number } = {}) {
    this.switchboard = new MemorySwitchboard(options);
  }

  join<M extends MessageMap = MessageMap>(
    name: string,
    options: Partial<JoinOptions<M>> = {},
  ): Promise<Room<M>> {
    return joinRoomWith<M>(
      { ...this.#where(), presence: { name }, ...options },
      this.#environment(),
    );
  }

  /** Stands in the lobby. */
  visit(options: Partial<LobbyOptions> = {}): Promise<Visit> {
    return enterLobbyWith({ ...this.#where(), ...options }, this.#environment());
  }

  #where(): Pick<LobbyOptions, 'url' | 'room' | 'rtc'> {
    return { url: 'memory:', room: this.link, rtc: this.rtc };
  }

  #environment(): JoinEnvironment {
    return {
      clock: this.clock,
      policy: defaultRecoveryPolicy,
      createLocal: () => createLocalMedia(),
      createPlane: (...wishes) => new FullMediaPlane(...wishes),
      diagnose,
      createIdentity: this.createIdentity,
      createSealing: () => Promise.resolve(plainSealing),
      connect: () => {
        const connection = this.switchboard.connection();
        this.connections.push(connection);
        return connection;
      },
    };
  }

  /** Joins several, and waits until everyone is connected to everyone. */
  async call(...names: readonly string[]): Promise<Room[]> {
    const rooms: Room[] = [];
    for (const name of names) rooms.push(await this.join(name));
    await this.clock.advanceAsync(2_000);
    return rooms;
  }
}

export function nameOf({ presence }: Pick<Peer, 'presence'>): string {
  return typeof presence['name'] === 'string' ? presence['name'] : '';
}

/** How a room sees the others: their names and where their connections stand. */
export function view(room: Room): { readonly [name: string]: string } {
  const peers = [...room.peers.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const statuses: { [name: string]: string } = {};
  for (const peer of peers) statuses[nameOf(peer)] = peer.state.status;
  return statuses;
}

/** The other one, in a room of two. */
export function only<M extends MessageMap>(room: Room<M> | undefined): Peer<M> {
  const [peer, ...others] = room?.peers.values() ?? [];
  if (peer === undefined || others.length > 0) throw new Error('not a room of two');
  return peer;
}
