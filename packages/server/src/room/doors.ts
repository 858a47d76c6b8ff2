import type { JoinRequest, PeerId, RoomId } from '@peerline/protocol';
import { Door } from './door.ts';

/** Whoever lost its connection is mostly back within seconds; a host keeps its place as long. */
const PLACE_KEPT_MS = 15_000;

/** Long enough for whoever holds an old link to come and read where to ask; a call lasts no longer. */
const MOVED_KEPT_MS = 6 * 3_600_000;
const MOVED_MAX = 10_000;

/** The doors of all rooms that have one: one for each room with members, or with places kept. */
export class Doors {
  readonly #doors = new Map<RoomId, Door>();
  readonly #capacity: number;
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>();
  /** Rooms that moved to another id, and when that is forgotten. In order of their coming. */
  readonly #moved = new Map<RoomId, number>();
  readonly #nowMs: () => number;

  constructor(capacity: number, nowMs: () => number) {
    this.#capacity = capacity;
    this.#nowMs = nowMs;
  }

  at(room: RoomId): Door | undefined {
    return this.#doors.get(room);
  }

  /** The room's door, a new one where there is none. */
  open(request: JoinRequest): Door {
    const { room } = request;
    const door = this.seen(request);
    this.#doors.set(room, door);
    return door;
  }

  /** The room's door, or what a new one would be. */
  seen(request: JoinRequest): Door {
    return this.#doors.get(request.room) ?? new Door(request, this.#capacity);
  }

  /** Its place is kept no longer for good. */
  back(room: RoomId, peer: PeerId): void {
    clearTimeout(this.#leaving.get(room + peer));
    this.#leaving.delete(room + peer);
  }

  /**
   * The peer is not in the room any more.
   *
   * @param isForGood it said so; else its place is kept for a while
   * @param follows `onHost`: somebody else is host now; `onEmpty`: nobody is
   */
  left(
    room: RoomId,
    peer: PeerId,
    isForGood: boolean,
    follows: { readonly onHost: () => void; readonly onEmpty: () => void },
  ): void {
    this.back(room, peer);
    const end = (): void => {
      this.#leaving.delete(room + peer);
      const door = this.#doors.get(room);
      if (door === undefined) return;
      const { host } = door;
      door.gone(peer);
      if (door.isEmpty) {
        this.#doors.delete(room);
        follows.onEmpty();
      } else if (door.host !== host) follows.onHost();
    };
    if (isForGood) end();
    else this.#leaving.set(room + peer, setTimeout(end, PLACE_KEPT_MS).unref());
  }

  /** Nobody new comes in here any more: those inside have another link (SPEC.md, DOOR6). */
  close(room: RoomId): void {
    this.#moved.delete(room);
    this.#moved.set(room, this.#nowMs() + MOVED_KEPT_MS);
    const [oldest] = this.#moved.keys();
    if (this.#moved.size > MOVED_MAX && oldest !== undefined) this.#moved.delete(oldest);
  }

  isMoved(room: RoomId): boolean {
    const untilMs = this.#moved.get(room);
    if (untilMs === undefined) return false;
    if (untilMs > this.#nowMs()) return true;
    this.#moved.delete(room);
    return false;
  }

  shutDown(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }
}
