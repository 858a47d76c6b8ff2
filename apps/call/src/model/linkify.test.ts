import { describe, expect, it } from 'vitest';
import { linkify } from './linkify.ts';

function links(text: string): string[] {
  return linkify(text).flatMap((part) => (part.kind === 'link' ? [part.href] : []));
}

describe('linkify', () => {
  it.each([
    ['see https://example.org/a?b=c#d.', ['https://example.org/a?b=c#d']],
    ['(https://example.org/x)', ['https://example.org/x']],
    ['https://en.example.org/wiki/Tile_(roof)', ['https://en.example.org/wiki/Tile_(roof)']],
    ['HTTP://EXAMPLE.ORG, and https://b.example!', ['http://example.org/', 'https://b.example/']],
    ['two\nhttps://a.example\nlines', ['https://a.example/']],
  ])('finds the links of %j', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'https://',
    'https://user:secret@evil.example/',
    'https://bank.example@evil.example/',
    'no link here',
  ])('makes no link of %j', (text) => {
    expect(links(text)).toEqual([]);
  });

  it.each(['a https://a.example b', '<b>https://a.example</b>', 'https://x@y.example', ''])(
    'loses nothing of %j',
    (text) => {
      expect(
        linkify(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    },
  );
});
