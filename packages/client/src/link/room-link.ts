import { ID_PATTERN } from '@peerline/protocol';
import { PeerlineError } from '../base/errors.ts';
import { toBase64Url } from './base64url.ts';

/** The name and key of a room: everything that one needs to join, and nothing the server ever gets. */
export interface RoomLink {
  /** Can be said aloud, like `calm-otter-52`; `[a-z0-9-]`, 1 to 64 characters. */
  readonly name: string;
  /** 128 random bits in base64url (SPEC.md, ID1). */
  readonly key: string;
}

const NAME_MAX_CHARACTERS = 64;
const NAME_PATTERN = new RegExp(`^[a-z0-9-]{1,${NAME_MAX_CHARACTERS}}$`);
const KEY_BYTES = 16;

/** Keys of the links that were made in this page, oldest first. */
const madeHere = new Set<string>();

/** A page joins a link soon after it made it; a program that makes links for others would remember all of them. */
const MADE_HERE_MAX = 64;

/**
 * A new room under the given name, and a key that nobody can guess.
 *
 * The key is what keeps others out, so it is always 128 random bits, never made of a passphrase: the
 * room id that the server sees would let it try passphrases at leisure. A room that is to last is a
 * `RoomLink` that is kept.
 *
 * @param name `[a-z0-9-]`, 1 to 64 characters
 * @throws PeerlineError `bad-link` for another name
 */
export function createRoomLink(name: string): RoomLink {
  const key = toBase64Url(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
  const link = checked({ name, key });
  madeHere.add(key);
  const [oldest = key] = madeHere;
  if (madeHere.size > MADE_HERE_MAX) madeHere.delete(oldest);
  return link;
}

/** Whether this page made the link not long ago, and so will mostly be the first in its room. */
export function isMadeHere({ key }: RoomLink): boolean {
  return madeHere.has(key);
}

/**
 * The room of a link: a whole URL, its fragment, or `<name>.<key>` alone. Space around it,
 * percent-encoding and capitals in the name are forgiven, since they come with copying and dictating.
 *
 * @throws PeerlineError `bad-link`, saying what is wrong without repeating the key
 */
export function parseRoomLink(text: string | URL): RoomLink {
  const whole = decoded(String(text).trim());
  if (whole === '') throw badLink('the link is empty; copy it again, whole');
  const hash = whole.indexOf('#');
  if (hash < 0 && whole.includes('/')) {
    throw badLink('the link has no "#"; copy it again, whole');
  }
  const fragment = whole.slice(hash + 1);
  const dot = fragment.indexOf('.');
  if (dot < 0) {
    throw badLink('the link has no key behind the room name; copy it again, whole');
  }
  return checked({ name: fragment.slice(0, dot).toLowerCase(), key: fragment.slice(dot + 1) });
}

/** The link as text: `<base>#<name>.<key>`. A fragment in `base` is replaced. */
export function formatRoomLink(link: RoomLink, base: string | URL = ''): string {
  return `${String(base).replace(/#.*$/s, '')}#${link.name}.${link.key}`;
}

function checked(link: RoomLink): RoomLink {
  if (!NAME_PATTERN.test(link.name)) {
    throw badLink(`a room name is 1 to ${NAME_MAX_CHARACTERS} letters a-z, digits and hyphens`);
  }
  if (!ID_PATTERN.test(link.key)) {
    throw badLink(
      `the link's key was cut or changed (${link.key.length} characters); copy it again, whole`,
    );
  }
  return link;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray "%" is no encoding; the checks behind this say what is wrong with the rest.
    return text;
  }
}

function badLink(message: string): PeerlineError {
  return new PeerlineError('bad-link', message);
}
