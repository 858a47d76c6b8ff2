import { timingSafeEqual } from 'node:crypto';
import {
  type DoorKey,
  type JoinRefusal,
  type JoinRequest,
  type PeerId,
  type RoomAccess,
  type RoomSettings,
  type SettingsChange,
} from '@peerline/protocol';

/** What a room's door says to someone who comes. */
export type DoorAnswer =
  | { readonly kind: 'enter' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'refuse'; readonly refusal: JoinRefusal };

const REFUSALS = {
  'wrong-password': 'the room has a password, and this is not it; ask who invited you',
  'room-locked': 'the room is locked; ask someone inside to open it',
} as const;

/**
 * Who may come into one room, and who decides that (SPEC.md, section The door). It lives for as long as the
 * room has members, or places kept for them.
 */
export class Door {
  readonly #capacityMax: number;
  #access: RoomAccess;
  #capacity: number;
  #key: DoorKey | undefined;
  /** How many it has had. */
  #keys = 1;
  /** Members, and those whose place is kept, in the order in which they came. */
  readonly #places: PeerId[] = [];
  /** In the call before this room was: a proven id comes in whatever the access (SPEC.md, DOOR2). */
  readonly #expected: ReadonlySet<PeerId>;
  /** Those whom the builder's backend named hosts (SPEC.md, TOKEN1). */
  readonly #appointed = new Set<PeerId>();

  constructor(first: JoinRequest, capacityMax: number) {
    this.#capacityMax = capacityMax;
    this.#capacity = capacityMax;
    this.#access = first.door?.access ?? 'open';
    this.#key = first.door?.key;
    this.#expected = new Set(first.door?.expects);
  }

  /** Whoever was appointed, else whoever was there first. */
  get host(): PeerId | undefined {
    return this.#places.find((peer) => this.#appointed.has(peer)) ?? this.#places[0];
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** As that member is told them. */
  settingsFor(member: PeerId): RoomSettings {
    return {
      access: this.#access,
      capacity: this.#capacity,
      capacityMax: this.#capacityMax,
      passwordRevision: this.#key === undefined ? 0 : this.#keys,
      host: this.host ?? member,
    };
  }

  has(peer: PeerId): boolean {
    return this.#places.includes(peer);
  }

  answer({ peer, door }: JoinRequest, isAppointed: boolean): DoorAnswer {
    if (this.has(peer)) return { kind: 'enter' };
    if (this.#key !== undefined && !isSame(this.#key, door?.key)) return refuse('wrong-password');
    if (this.isEmpty || isAppointed || this.#expected.has(peer)) return { kind: 'enter' };
    if (this.#access === 'locked') return refuse('room-locked');
    return { kind: this.#access === 'knock' ? 'wait' : 'enter' };
  }

  /** A place is the peer's from now on. */
  enter(peer: PeerId, isAppointed: boolean): void {
    if (isAppointed) this.#appointed.add(peer);
    if (!this.has(peer)) this.#places.push(peer);
  }

  /** Its place is not kept any longer. */
  gone(peer: PeerId): void {
    this.#appointed.delete(peer);
    const place = this.#places.indexOf(peer);
    if (place >= 0) this.#places.splice(place, 1);
  }

  /** @returns false where the room cannot be so */
  change({ access, capacity, key }: SettingsChange): boolean {
    if (capacity !== undefined && (capacity < 2 || capacity > this.#capacityMax)) return false;
    this.#access = access ?? this.#access;
    this.#capacity = capacity ?? this.#capacity;
    if (key !== undefined) {
      this.#key = key ?? undefined;
      this.#keys += 1;
    }
    return true;
  }
}

/** In the same time wherever they differ: who holds the link could else try passwords by the part that fits. */
function isSame(key: DoorKey, shown: DoorKey | undefined): boolean {
  return shown !== undefined && timingSafeEqual(Buffer.from(key), Buffer.from(shown));
}

function refuse(code: keyof typeof REFUSALS): DoorAnswer {
  return { kind: 'refuse', refusal: { code, message: REFUSALS[code] } };
}
