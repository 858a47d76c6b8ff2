import { cleanLine } from './shown-text.ts';

/** Enough for any name, short enough for a tile. */
export const NAME_MAX_CHARACTERS = 60;

/** Shown for those who tell no name. */
export const GUEST_NAME = 'Guest';

/** What people see as one character, whatever it is made of. */
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function characters(text: string): readonly string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

/** What people see as one character can be hundreds: families of emoji, syllables spelt letter by letter. */
const NAME_MAX_UNITS = 3 * NAME_MAX_CHARACTERS;

/** How much of a text is looked at for a name: it may have many marks and blanks that go. */
const NAME_LOOK_UNITS = 4_096;

/** A name as others may see it: one line, nothing unseen, of bounded length. */
export function cleanName(text: string): string {
  let name = '';
  for (const character of characters(cleanLine(text.slice(0, NAME_LOOK_UNITS))).slice(
    0,
    NAME_MAX_CHARACTERS,
  )) {
    if (name.length + character.length > NAME_MAX_UNITS) break;
    name += character;
  }
  return name.trim();
}

/** The name in a peer's presence, which is whatever that peer sent. */
export function nameFromPresence(presence: Readonly<Record<string, unknown>>): string {
  const name = presence['name'];
  const clean = typeof name === 'string' ? cleanName(name) : '';
  return clean === '' ? GUEST_NAME : clean;
}

/** One or two letters for the circle that stands in for a picture. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return '?';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) =>
      word === undefined ? '' : (characters(word).find((c) => /[\p{L}\p{N}]/u.test(c)) ?? ''),
    )
    .join('')
    .toLocaleUpperCase();
}

/** How many hues the stylesheet knows for initials. */
export const AVATAR_HUES = 8;

/** The same hue for the same name, everywhere and always. FNV-1a over UTF-16 units. */
export function avatarHue(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash % AVATAR_HUES;
}
