import type { RoomLink } from 'peerline';
import { isRecord, readJson, writeJson, type KeyValueStorage } from './storage.ts';

const STORAGE_KEY = 'peerline.room-passwords';

/**
 * Passwords that opened a room, for as long as the tab is open: a reload in the middle of a call asks
 * for nothing again, and the next person at this computer finds nothing.
 */
export class RoomPasswords {
  readonly #storage: KeyValueStorage;
  readonly #byRoom: Map<string, string>;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
    const stored = readJson(storage, STORAGE_KEY);
    const entries = isRecord(stored) ? Object.entries(stored) : [];
    this.#byRoom = new Map(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  of(link: RoomLink): string | undefined {
    return this.#byRoom.get(keyOf(link));
  }

  /** @param password undefined where the room has none any more */
  keep(link: RoomLink, password: string | undefined): void {
    if (this.of(link) === password) return;
    if (password === undefined) this.#byRoom.delete(keyOf(link));
    else this.#byRoom.set(keyOf(link), password);
    writeJson(this.#storage, STORAGE_KEY, Object.fromEntries(this.#byRoom));
  }

  /** The room has another link from now on. */
  move(from: RoomLink, to: RoomLink): void {
    const password = this.of(from);
    this.keep(from, undefined);
    this.keep(to, password);
  }
}

function keyOf(link: RoomLink): string {
  return `${link.name}.${link.key}`;
}
