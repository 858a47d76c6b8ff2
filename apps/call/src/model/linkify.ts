export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /https?:\/\/[^\s<>"]+/giu;

/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'’”\]}*_~]+$/u;

/** An address at the beginning of a text, without what ends the sentence behind it; empty where there is none. */
export function leadingLink(text: string): string {
  const [match] = text.matchAll(LINK);
  return match?.index === 0 ? trimLink(match[0]) : '';
}

function trimLink(text: string): string {
  let trimmed = text.replace(TRAILING, '');
  // A closing bracket belongs to the address only if it was opened in it.
  while (trimmed.endsWith(')') && !trimmed.includes('(')) {
    trimmed = trimmed.slice(0, -1).replace(TRAILING, '');
  }
  return trimmed;
}

/**
 * Web addresses only, and only as the URL parser reads them, so no other scheme gets through.
 *
 * @returns undefined where it is none, or where it hides which host it opens
 */
export function readWebAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  // `https://bank.example@evil.example` shows one host and opens another.
  return web && url.username === '' && url.password === '' ? url : undefined;
}

/** Letters of scripts that run from right to left turn the dots and slashes between them around. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mende_Kikakui}]/u;

const AUTHORITY = /^https?:\/\/([^/?#]*)(.*)$/isu;

/**
 * An address as people are to read it: as it was written where that tells where it leads, and else as the browser
 * reads it. `https://аpple.example` with a Cyrillic letter is `https://xn--pple-43d.example/`.
 */
function shown(text: string, url: URL): string {
  const [, authority = '', rest = ''] = AUTHORITY.exec(text) ?? [];
  const plain = authority.toLowerCase() === url.host && !RIGHT_TO_LEFT.test(rest);
  // A backslash is a slash to browsers, and to nobody else; dots and unseen characters are taken out.
  const same = !/[\\\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);
  return plain && same ? text : url.href;
}

/** Cuts a message into text and links. */
export function linkify(message: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of message.matchAll(LINK)) {
    const text = trimLink(match[0]);
    const url = readWebAddress(text);
    if (url === undefined) continue;
    if (match.index > end) parts.push({ kind: 'text', text: message.slice(end, match.index) });
    parts.push({ kind: 'link', text: shown(text, url), href: url.href });
    end = match.index + text.length;
  }
  if (end < message.length) parts.push({ kind: 'text', text: message.slice(end) });
  return parts;
}
