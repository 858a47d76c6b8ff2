export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /https?:\/\/[^\s<>"]+/giu;

/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'’”\]}]+$/u;

function trimLink(text: string): string {
  let trimmed = text.replace(TRAILING, '');
  // A closing bracket belongs to the address only if it was opened in it.
  while (trimmed.endsWith(')') && !trimmed.includes('(')) {
    trimmed = trimmed.slice(0, -1).replace(TRAILING, '');
  }
  return trimmed;
}

/** Web addresses only, and only as the URL parser reads them, so no other scheme gets through. */
function readHref(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  // `https://bank.example@evil.example` shows one host and opens another.
  return web && url.username === '' && url.password === '' ? url.href : undefined;
}

/** Cuts a message into text and links. Put together again, the texts are the message. */
export function linkify(message: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of message.matchAll(LINK)) {
    const text = trimLink(match[0]);
    const href = readHref(text);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ kind: 'text', text: message.slice(end, match.index) });
    parts.push({ kind: 'link', text, href });
    end = match.index + text.length;
  }
  if (end < message.length) parts.push({ kind: 'text', text: message.slice(end) });
  return parts;
}
