import type {
  IceServer,
  Introduction,
  JoinRequest,
  Left,
  PeerId,
  ServerMessage,
  Welcome,
} from '@peerline/protocol';
import { SignalingBase } from '../signaling/signaling-base.ts';
import { isThrough, type Signaling } from '../signaling/signaling.ts';

interface Member extends Introduction {
  readonly connection: MemorySignaling;
}

/** A signaling server in memory, with rooms of one kind: whoever asks is in. */
export class MemorySwitchboard {
  readonly #rooms = new Map<string, { version: number; members: Member[] }>();
  readonly #visitors = new Map<MemorySignaling, JoinRequest>();
  readonly #capacity: number;
  readonly #iceServers: IceServer[];
  #up = true;
  readonly #waiting = new Set<MemorySignaling>();
  /** Bodies relayed so far, for tests that count and read them. */
  readonly log: string[] = [];

  constructor(options: { readonly capacity?: number; readonly iceServers?: IceServer[] } = {}) {
    this.#capacity = options.capacity ?? 16;
    this.#iceServers = options.iceServers ?? [];
  }

  /** A client's end. */
  connection(): MemorySignaling {
    return new MemorySignaling(this);
  }

  /** Forgets everything and drops every connection, as a killed server does. */
  stop(): void {
    this.#up = false;
    const members = [...this.#rooms.values()].flatMap((room) => room.members);
    const visitors = [...this.#visitors.keys()].map((connection) => ({ connection }));
    this.#rooms.clear();
    this.#visitors.clear();
    for (const { connection } of [...members, ...visitors]) {
      this.#waiting.add(connection);
      connection.dropped();
    }
  }

  /** Lets everyone back in who waits. */
  start(): void {
    this.#up = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const connection of waiting) connection.rejoin();
  }

  join(request: JoinRequest, connection: MemorySignaling): void {
    if (!this.#up) {
      this.#waiting.add(connection);
      return;
    }
    const room = this.#rooms.get(request.room) ?? { version: 0, members: [] };
    this.#rooms.set(request.room, room);
    if (request.visit === true) {
      this.#visitors.set(connection, request);
      const data = this.#told(request, room.version, room.members);
      connection.deliver({ event: 'lobby', data });
      return;
    }
    this.#visitors.delete(connection);
    const former = room.members.find((member) => member.peer === request.peer);
    if (former?.connection === connection) return;
    room.members = room.members.filter((member) => member !== former);
    if (room.members.length >= this.#capacity) {
      connection.refuse();
      return;
    }
    former?.connection.takenOver();
    if (former === undefined) room.version += 1;
    const { version } = room;
    const others = [...room.members];
    room.members.push({ peer: request.peer, card: request.card, connection });
    connection.deliver({ event: 'welcome', data: this.#told(request, version, others) });
    if (former !== undefined) return;
    const data = { peer: request.peer, card: request.card, version };
    this.#tell(request, others, { event: 'joined', data });
  }

  #told(request: JoinRequest, version: number, others: readonly Member[]): Welcome {
    return {
      protocol: request.protocol,
      version,
      peers: others.map(({ peer, card }) => ({ peer, card })),
      settings: {
        ...{ access: 'open', capacity: this.#capacity, capacityMax: this.#capacity },
        ...{ passwordRevision: 0, host: others[0]?.peer ?? request.peer },
      },
      iceServers: this.#iceServers,
    };
  }

  /** Them, and those in the lobby. */
  #tell({ room }: JoinRequest, members: readonly Member[], change: ServerMessage): void {
    for (const { connection } of members) connection.deliver(change);
    for (const [connection, visit] of this.#visitors) {
      if (visit.room === room) connection.deliver(change);
    }
  }

  relay(request: JoinRequest, from: MemorySignaling, to: PeerId, body: string): void {
    this.log.push(body);
    const members = this.#rooms.get(request.room)?.members ?? [];
    const isVisitor = this.#visitors.has(from);
    const visitors = [...this.#visitors].map(([connection, { peer }]) => ({ connection, peer }));
    const reached = isVisitor ? members : [...members, ...visitors];
    const target = reached.find(({ peer }) => peer === to);
    if (target === undefined) {
      const message = 'no such peer in this room';
      from.deliver({ event: 'problem', data: { code: 'unknown-peer', message, peer: to } });
      return;
    }
    const data = { from: request.peer, body, ...(isVisitor && { card: request.card }) };
    target.connection.deliver({ event: 'signal', data });
  }

  depart(request: JoinRequest, connection: MemorySignaling, reason: Left['reason']): void {
    this.#waiting.delete(connection);
    this.#visitors.delete(connection);
    const room = this.#rooms.get(request.room);
    if (room?.members.some((member) => member.connection === connection) !== true) return;
    room.members = room.members.filter((member) => member.connection !== connection);
    room.version += 1;
    const { version } = room;
    const data = { peer: request.peer, version, reason };
    this.#tell(request, room.members, { event: 'left', data });
  }
}

interface LossOptions {
  readonly back: boolean;
  readonly reason?: 'lost' | 'silent';
}

/** A client's end of a {@link MemorySwitchboard}; messages arrive in a later turn, in order. */
export class MemorySignaling extends SignalingBase implements Signaling {
  readonly #switchboard: MemorySwitchboard;
  #join: JoinRequest | undefined;

  constructor(switchboard: MemorySwitchboard) {
    super();
    this.#switchboard = switchboard;
  }

  connect(join: JoinRequest): void {
    this.#join = join;
    this.enter({ status: 'connecting', attempt: 1 });
    queueMicrotask(() => this.rejoin());
  }

  relay(to: PeerId, body: string): boolean {
    const join = this.#join;
    if (!isThrough(this.state) || join === undefined) return false;
    queueMicrotask(() => this.#switchboard.relay(join, this, to, body));
    return true;
  }

  leave(): void {
    if (this.#join !== undefined) this.#switchboard.depart(this.#join, this, 'left');
    this.enter({ status: 'closed' });
  }

  retryNow(): void {
    if (this.state.status === 'connecting') this.rejoin();
  }

  comeIn(): void {
    if (this.#join === undefined) return;
    const { visit: _, ...join } = this.#join;
    this.#join = join;
    if (this.state.status === 'visiting') queueMicrotask(() => this.#switchboard.join(join, this));
  }

  /** The door of a room in memory is open, and stays so. */
  say(): boolean {
    return false;
  }
  reviseDoor(): void {}

  drop(): void {
    if (this.#join !== undefined) this.#switchboard.depart(this.#join, this, 'lost');
    this.enter({ status: 'closed' });
  }

  /** It is told at once when it may come back, so it is never late. */
  setCutOff(): void {}
  readonly isDoubted = false;
  probe(): void {}

  /** Loses the connection without a word, and comes back by itself where `back`. */
  lose({ back, reason = 'lost' }: LossOptions): void {
    if (this.#join !== undefined) this.#switchboard.depart(this.#join, this, reason);
    this.dropped();
    if (back) queueMicrotask(() => this.rejoin());
  }

  rejoin(): void {
    if (this.state.status === 'connecting' && this.#join !== undefined) {
      this.#switchboard.join(this.#join, this);
    }
  }

  dropped(): void {
    this.enter({ status: 'connecting', attempt: 1 });
  }

  takenOver(): void {
    this.enter({ status: 'taken-over' });
  }

  refuse(): void {
    const refusal = { code: 'room-full', message: 'the room is full' } as const;
    this.enter({ status: 'refused', refusal, retrying: false });
  }

  deliver(message: ServerMessage): void {
    queueMicrotask(() => {
      if (!this.ended) this.tell(message);
    });
  }
}
