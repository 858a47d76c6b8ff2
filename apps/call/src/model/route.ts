import { parseRoomLink, type RoomLink } from 'peerline';

/** What the address bar asks for. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'room'; readonly link: RoomLink }
  /** There is a fragment, but no room's: cut off while copying, most likely. */
  | { readonly page: 'bad-link' };

/** @param fragment `location.hash`, with or without its `#` */
export function parseRoute(fragment: string): Route {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  if (text === '') return { page: 'home' };
  const link = readLink(text);
  return link === undefined ? { page: 'bad-link' } : { page: 'room', link };
}

/** A link or code as a person types or pastes it; undefined where it is none. */
export function readLink(text: string): RoomLink | undefined {
  try {
    return parseRoomLink(text.trim());
  } catch {
    return undefined;
  }
}

export function sameLink(a: RoomLink, b: RoomLink): boolean {
  return a.name === b.name && a.key === b.key;
}

/** The fragment of a room, as it stands in the address bar. */
export function roomFragment(link: RoomLink): string {
  return `#${link.name}.${link.key}`;
}

/** A room's name for people: `calm-otter-52` reads as `Calm otter 52`. */
export function roomTitle(link: RoomLink): string {
  const words = link.name.replaceAll('-', ' ').trim();
  return words === '' ? link.name : words.charAt(0).toUpperCase() + words.slice(1);
}
