/** Enough for any name, short enough for a tile. */
export const NAME_MAX_CHARACTERS = 60;

/** Shown for those who tell no name. */
export const GUEST_NAME = 'Guest';

/**
 * Control and format characters (Unicode categories Cc and Cf) could turn the text around them or
 * hide in a name; zero-width joiners (U+200C, U+200D) belong to scripts and emoji and stay.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** What people see as one character, whatever it is made of. */
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function characters(text: string): readonly string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

/** A name as others may see it: one line, nothing unseen, of bounded length. */
export function cleanName(text: string): string {
  const visible = text.replace(UNSEEN, (character) =>
    character === '\u200c' || character === '\u200d' ? character : ' ',
  );
  const oneLine = visible.replace(/\s+/gu, ' ').trim();
  return characters(oneLine).slice(0, NAME_MAX_CHARACTERS).join('').trim();
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
