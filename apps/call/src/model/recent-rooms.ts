import type { RoomLink } from 'peerline';
import { readLink, sameLink } from './route.ts';
import { Store, type ReadableStore } from './store.ts';
import { isRecord, readJson, writeJson, type KeyValueStorage } from './storage.ts';

export interface RecentRoom {
  readonly link: RoomLink;
  /** When the room was last joined, in milliseconds since the epoch. */
  readonly joinedAtMs: number;
}

const STORAGE_KEY = 'peerline.recent-rooms';

/** What fits under the field without scrolling; older rooms are forgotten, keys and all. */
export const RECENT_ROOMS_MAX = 6;

function parseRecent(input: unknown): readonly RecentRoom[] {
  if (!Array.isArray(input)) return [];
  const rooms: RecentRoom[] = [];
  for (const entry of input) {
    if (!isRecord(entry)) continue;
    const { room, joinedAtMs } = entry;
    if (typeof room !== 'string' || typeof joinedAtMs !== 'number') continue;
    const link = readLink(room);
    if (link !== undefined) rooms.push({ link, joinedAtMs });
  }
  return rooms.slice(0, RECENT_ROOMS_MAX);
}

/**
 * Rooms joined from this browser. The key must be kept with the name, since it alone opens the
 * room: whoever uses this browser can go back in, so all of it can be cleared and turned off.
 */
export class RecentRooms implements ReadableStore<readonly RecentRoom[]> {
  readonly #storage: KeyValueStorage;
  readonly #store: Store<readonly RecentRoom[]>;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
    this.#store = new Store(parseRecent(readJson(storage, STORAGE_KEY)));
  }

  readonly get = (): readonly RecentRoom[] => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  add(link: RoomLink, joinedAtMs: number): void {
    const others = this.#without(link);
    this.#keep([{ link, joinedAtMs }, ...others].slice(0, RECENT_ROOMS_MAX));
  }

  /** The room has another link from now on; the old one opens nothing any more. */
  move(from: RoomLink, to: RoomLink): void {
    const kept = this.#without(to).map((room) =>
      sameLink(room.link, from) ? { ...room, link: to } : room,
    );
    this.#keep(kept);
  }

  remove(link: RoomLink): void {
    this.#keep(this.#without(link));
  }

  clear(): void {
    this.#keep([]);
  }

  #without(link: RoomLink): RecentRoom[] {
    return this.get().filter((room) => !sameLink(room.link, link));
  }

  #keep(rooms: readonly RecentRoom[]): void {
    this.#store.set(rooms);
    if (rooms.length === 0) {
      try {
        this.#storage.removeItem(STORAGE_KEY);
      } catch {
        // A blocked storage has nothing to remove.
      }
      return;
    }
    const stored = rooms.map(({ link, joinedAtMs }) => ({
      room: `${link.name}.${link.key}`,
      joinedAtMs,
    }));
    writeJson(this.#storage, STORAGE_KEY, stored);
  }
}
