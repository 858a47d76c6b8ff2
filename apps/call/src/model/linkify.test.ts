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

  it.each([
    ['https://\u0430pple.example', 'https://xn--pple-43d.example/'],
    ['https://bank.example\\@evil.example', 'https://bank.example/@evil.example'],
    ['https://bank.example%2f.evil.example', undefined],
    ['https://ｅｖｉｌ.example', 'https://evil.example/'],
    ['https://0x7f.1/', 'https://127.0.0.1/'],
    ['https://a.example/\u05d0/b.\u05d1', 'https://a.example/%D7%90/b.%D7%91'],
    ['https://a\u00adb.example/', 'https://ab.example/'],
    ['https://a.example:443/x', 'https://a.example/x'],
    ['https://a.example/日本?q=ü#é', 'https://a.example/日本?q=ü#é'],
    ['HTTPS://A.example/b', 'HTTPS://A.example/b'],
  ])('shows of %j where it leads', (text, expected) => {
    const [part] = linkify(text);
    expect(part?.kind === 'link' ? part.text : undefined).toBe(expected);
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
