import { describe, expect, it } from 'vitest';
import { cleanLetter, cleanLine } from './shown-text.ts';

const ZALGO = `a${'\u0300\u0336\u0489'.repeat(500)}b`;
const ENGLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';

describe('a line of someone else', () => {
  it.each([
    ['overrides', 'evil\u202egnp.exe', 'evil gnp.exe'],
    ['isolates', 'a\u2067b\u2069c', 'a b c'],
    ['marks of a direction', 'Ann\u200f\u200e\u061c', 'Ann'],
    ['null bytes and escapes', 'a\u0000b\u001b[31mc', 'a b [31mc'],
    ['lines', 'a\r\nb\u2028c\u0085d', 'a b c d'],
    ['fillers and blanks', 'A\u3164n\u2800n\u115f', 'A n n'],
    ['tags', 'Ann\u{e0041}\u{e0042}', 'Ann'],
    ['stray variants', '\ufe0fA\u{e0100}nn', 'A nn'],
    ['joiners that hide', 'An\u200dn\u200c', 'An n'],
    ['halves of characters', 'A\ud83dnn', 'A nn'],
    ['noncharacters', 'A\ufffenn', 'A nn'],
    ['marks without a letter', '\u0301\u0302 Ann \u0303', 'Ann'],
  ])('loses %s', (_, text, expected) => {
    expect(cleanLine(text)).toBe(expected);
  });

  it.each([
    ['a family', '👩‍👩‍👧 Kim'],
    ['a skin and a sex', '👩🏽‍💻'],
    ['a flag of a country', '🇳🇴 Kari'],
    ['a flag in tags', `${ENGLAND} Tom`],
    ['a heart in colour', '❤️'],
    ['a key cap', '1️⃣'],
    ['Persian with a non-joiner', 'می‌خواهم'],
    ['Sinhala with a joiner', 'ශ්‍රී'],
    ['Hebrew with points', 'בְּרֵאשִׁ֖ית'],
    ['Tibetan', 'བསྒྲུབས'],
    ['Vietnamese taken apart', 'Nguye\u0302\u0303n'],
    ['Thai', 'น้ำ'],
    ['Burmese', 'ကျွန်ုပ်'],
  ])('keeps %s', (_, text) => {
    expect(cleanLine(text)).toBe(text);
    expect(cleanLetter(text)).toBe(text);
  });

  it.each(['\u200b', '\u2800 \u3164', '\u0301', '\u200d\u200d', '\u{e0041}', ' \u202e '])(
    'is empty where nothing of %j is seen',
    (text) => {
      expect(cleanLine(text)).toBe('');
      expect(cleanLetter(text)).toBe('');
    },
  );

  it('piles no more marks on a letter than scripts need, joiners or not', () => {
    expect(cleanLine(ZALGO)).toBe('a\u0300\u0336\u0489\u0300b');
    expect(cleanLetter(ZALGO)).toBe('a\u0300\u0336\u0489\u0300b');
    const joined = `\u05d0${'\u05b0\u200d'.repeat(500)}\u05d1`;
    expect(cleanLine(joined).match(/\p{Mn}/gu)).toHaveLength(4);
  });

  it.each([
    ['marks', `a${'\u0300'.repeat(8_000)}`],
    ['joiners', '\u05b0\u200d'.repeat(4_000)],
    ['lines and blanks', ' \n'.repeat(4_000)],
    ['flags that never end', `\u{1f3f4}\u{e0041}`.repeat(2_000)],
  ])('is clean at once, be it full of %s', (_, text) => {
    const startMs = performance.now();
    cleanLine(text);
    cleanLetter(text);
    // Linear takes a few; what multiplies would take seconds.
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

describe('a letter of someone else', () => {
  it.each([
    ['lines and tabs stay', 'a\tb\r\nc\rd\u2028e', 'a\tb\nc\nd\ne'],
    ['overrides go', 'see \u202ehttps://moc.live/\u202c', 'see https://moc.live/'],
    ['isolates go', '\u2067// \u2066evil\u2069', '// evil'],
    ['marks of a direction stay', 'אבג\u200f!', 'אבג\u200f!'],
    ['null bytes go', 'java\u0000script:', 'javascript:'],
    ['tags go', 'a\u{e0068}\u{e0069}b', 'ab'],
    ['a page of nothing goes', `a${'\n'.repeat(500)}b`, 'a\n\n\nb'],
    ['a page of blanks goes', `a${' \t\n'.repeat(500)}b`, 'a \t\n\n\nb'],
    ['two empty lines stay', 'a\n\n\nb', 'a\n\n\nb'],
  ])('%s', (_, text, expected) => {
    expect(cleanLetter(text)).toBe(expected);
  });
});
