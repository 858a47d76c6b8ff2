import { cardShape, doorKeyShape, peerIdShape } from './ids.ts';
import { NOTE_MAX_CHARACTERS, ROOM_PEERS_MAX } from './limits.ts';
import { parseWith, type Parsed } from './parse.ts';
import {
  integer,
  list,
  nullable,
  object,
  oneOf,
  optional,
  strictObject,
  text,
  type ValueOf,
} from './shape.ts';

/** Who may join: whoever holds the link, whoever the host lets in, or nobody new (SPEC.md, DOOR1). */
export const ACCESSES = ['open', 'knock', 'locked'] as const;
export type RoomAccess = (typeof ACCESSES)[number];

/** What a join says at the door (SPEC.md, DOOR2, DOOR5). */
export const joinDoorShape = strictObject({
  /** How the room is to be where it is new. */
  access: optional(oneOf(ACCESSES)),
  key: optional(doorKeyShape),
  /** Who may come into the new room without asking: those who are in the call already. */
  expects: optional(list(peerIdShape, ROOM_PEERS_MAX)),
});
export type JoinDoor = ValueOf<typeof joinDoorShape>;

/** Sealed for those inside: the server does not look at it. */
const note = text(NOTE_MAX_CHARACTERS, 1);

const noteShape = strictObject({ note });
/** Who is there, from one who waits (SPEC.md, DOOR4). */
export type DoorNote = ValueOf<typeof noteShape>;

export function parseDoorNote(input: unknown): Parsed<DoorNote> {
  return parseWith(noteShape, input);
}

/** The door of a room as all members know it. */
export const settingsShape = object({
  access: oneOf(ACCESSES),
  capacity: integer(1),
  /** The most that `capacity` may be set to. */
  capacityMax: integer(1),
  /** Counts the passwords that the room has had; 0 while it has none. */
  passwordRevision: integer(0),
  host: peerIdShape,
});
export type RoomSettings = ValueOf<typeof settingsShape>;

/** Someone asks the host to be let in (SPEC.md, DOOR4). */
export const knockShape = object({
  peer: peerIdShape,
  card: cardShape,
  note,
});
export type Knock = ValueOf<typeof knockShape>;

export const knockEndedShape = object({ peer: peerIdShape });
export type KnockEnded = ValueOf<typeof knockEndedShape>;

const settingsChangeShape = strictObject({
  access: optional(oneOf(ACCESSES)),
  capacity: optional(integer(1, ROOM_PEERS_MAX)),
  /** `null` takes the password away. */
  key: optional(nullable(doorKeyShape)),
});
/** What the host changes (SPEC.md, DOOR3). */
export type SettingsChange = ValueOf<typeof settingsChangeShape>;

const aboutPeerShape = strictObject({ peer: peerIdShape });
export type AboutPeer = ValueOf<typeof aboutPeerShape>;

/** What a host says to the server, by event name. */
export interface HostMessages {
  readonly settings: SettingsChange;
  readonly admit: AboutPeer;
  readonly decline: AboutPeer;
  /** The peer goes, and the room's id with it (SPEC.md, DOOR6). */
  readonly remove: AboutPeer;
}
export type HostEvent = keyof HostMessages;
export type HostMessage = {
  [E in HostEvent]: { readonly event: E; readonly data: HostMessages[E] };
}[HostEvent];

/** @returns the message, `bad-message`, or undefined for an event that is not a host's */
export function parseHostMessage(event: unknown, data: unknown): Parsed<HostMessage> | undefined {
  switch (event) {
    case 'settings': {
      const parsed = parseWith(settingsChangeShape, data);
      return parsed.ok ? { ok: true, value: { event, data: parsed.value } } : parsed;
    }
    case 'admit':
    case 'decline':
    case 'remove': {
      const parsed = parseWith(aboutPeerShape, data);
      return parsed.ok ? { ok: true, value: { event, data: parsed.value } } : parsed;
    }
    default:
      return undefined;
  }
}
