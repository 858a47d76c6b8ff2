import type { Card, PeerId, RoomId } from '@peerline/protocol';
import type {
  ConnectionId,
  Newcomer,
  RoomSnapshot,
  RoomStore,
  StoreJoin,
  StoreLeave,
} from './room-store.ts';

interface Seat {
  readonly connection: ConnectionId;
  readonly card: Card;
  readonly attempt: number;
}

interface Room {
  version: number;
  /** A map keeps the order of insertion, and a takeover keeps its key's place in it. */
  readonly members: Map<PeerId, Seat>;
}

/** The rooms of one server process. Nothing outlives it: clients join again, that is all. */
export class MemoryStore implements RoomStore {
  readonly #rooms = new Map<RoomId, Room>();
  readonly #nowUs: () => number;
  /** Behind the clock, but for a room that changed more than once a microsecond. */
  #versionFloor = 0;

  /**
   * @param nowUs where the versions of a new room count on from, so that none of a forgotten room comes
   *   again. A count alone would tell whoever makes a room how much went on in others.
   */
  constructor(nowUs: () => number = microsecondsNow) {
    this.#nowUs = nowUs;
  }

  async join(
    roomId: RoomId,
    { peer, card, attempt = 1 }: Newcomer,
    connection: ConnectionId,
    capacity: number,
  ): Promise<StoreJoin> {
    const room = this.#rooms.get(roomId) ?? this.#emptyRoom();
    const previous = room.members.get(peer);
    if (previous === undefined && room.members.size >= capacity) return { kind: 'full' };
    if (previous?.card === card && attempt < previous.attempt) return { kind: 'overtaken' };
    room.members.set(peer, { connection, card, attempt });
    if (previous !== undefined) {
      return { kind: 'taken-over', previous: previous.connection, snapshot: snapshotOf(room) };
    }
    room.version += 1;
    this.#rooms.set(roomId, room);
    return { kind: 'joined', snapshot: snapshotOf(room) };
  }

  async leave(roomId: RoomId, peer: PeerId, connection: ConnectionId): Promise<StoreLeave> {
    const room = this.#rooms.get(roomId);
    if (room === undefined || room.members.get(peer)?.connection !== connection)
      return { kind: 'not-holder' };
    room.members.delete(peer);
    room.version += 1;
    if (room.members.size === 0) {
      this.#rooms.delete(roomId);
      this.#versionFloor = Math.max(this.#versionFloor, room.version);
    }
    return { kind: 'left', version: room.version };
  }

  async members(roomId: RoomId): Promise<RoomSnapshot> {
    const room = this.#rooms.get(roomId);
    return snapshotOf(room ?? this.#emptyRoom());
  }

  async locate(roomId: RoomId, peer: PeerId): Promise<ConnectionId | undefined> {
    return this.#rooms.get(roomId)?.members.get(peer)?.connection;
  }

  async roomCount(): Promise<number> {
    return this.#rooms.size;
  }

  #emptyRoom(): Room {
    return { version: Math.max(this.#nowUs(), this.#versionFloor), members: new Map() };
  }
}

/** Since 1970, and it never goes back while the process runs. */
function microsecondsNow(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1_000);
}

function snapshotOf(room: Room): RoomSnapshot {
  const peers = [...room.members].map(([peer, { card }]) => ({ peer, card }));
  return { version: room.version, peers };
}
