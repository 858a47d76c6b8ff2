import { describe, expect, it } from 'vitest';
import { PeerlineError } from '../base/errors.ts';
import { createRoomLink } from './sayable-link.ts';
import { formatRoomLink, isMadeHere, parseRoomLink } from './room-link.ts';
import { ADJECTIVES, ANIMALS } from './words.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODw';
const LINK = { name: 'calm-otter-52', key: KEY };

function reason(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PeerlineError && error.code === 'bad-link') return error.message;
    throw error;
  }
  throw new Error('expected a bad-link error');
}

describe('createRoomLink', () => {
  it('ROOM1 makes a name that can be said aloud and a 128-bit key', () => {
    const link = createRoomLink();
    expect(link.name).toMatch(/^[a-z]+-[a-z]+-[1-9][0-9]$/);
    expect(link.key).toMatch(/^[A-Za-z0-9_-]{21}[AQgw]$/);
    expect(parseRoomLink(formatRoomLink(link))).toEqual(link);
  });

  it('ROOM1 never makes the same key twice', () => {
    const keys = new Set(Array.from({ length: 1_000 }, () => createRoomLink().key));
    expect(keys.size).toBe(1_000);
  });

  it('chooses evenly from lists of 16 different words', () => {
    for (const words of [ADJECTIVES, ANIMALS]) {
      expect(new Set(words).size).toBe(16);
      for (const word of words) expect(word).toMatch(/^[a-z]{2,8}$/);
    }
  });
});

describe('parseRoomLink', () => {
  it.each([
    ['a whole URL', `https://call.example/#calm-otter-52.${KEY}`],
    ['a path and a query', `https://call.example/a/b?c=d#calm-otter-52.${KEY}`],
    ['a URL object', new URL(`https://call.example/#calm-otter-52.${KEY}`)],
    ['the fragment', `#calm-otter-52.${KEY}`],
    ['the bare form', `calm-otter-52.${KEY}`],
    ['space around it', `\n  calm-otter-52.${KEY} `],
    ['capitals in the name', `Calm-Otter-52.${KEY}`],
    ['percent-encoding', `https://call.example/%23calm%2Dotter%2D52%2E${KEY}`],
  ])('ROOM1 takes %s', (_form, text) => {
    expect(parseRoomLink(text)).toEqual(LINK);
  });

  it.each([
    ['nothing', '  ', /empty/],
    ['a URL without fragment', 'https://call.example/room', /no "#"/],
    ['a name alone', 'calm-otter-52', /no key/],
    ['a short key', `calm-otter-52.${KEY.slice(0, 20)}`, /20 characters/],
    [
      'a key all in capitals',
      `calm-otter-52.${KEY.toUpperCase().replace(/.$/, 'W')}`,
      /copy it again/,
    ],
    ['a key of 132 bits', `calm-otter-52.${KEY.slice(0, 21)}B`, /copy it again/],
    ['no name', `.${KEY}`, /room name/],
    ['a name of 65 characters', `${'a'.repeat(65)}.${KEY}`, /1 to 64/],
    ['a name with other letters', `stra\u00dfe.${KEY}`, /letters a-z/],
    ['a stray percent sign', `50%-off.${KEY}`, /room name/],
  ])('ROOM1 refuses %s', (_form, text, message) => {
    expect(reason(() => parseRoomLink(text))).toMatch(message);
  });

  it('ROOM2 keeps the key out of its errors', () => {
    const message = reason(() => parseRoomLink(`not a name.${KEY}`));
    expect(message).not.toContain(KEY);
  });

  it('ROOM1 leaves the case of the key alone', () => {
    const key = 'aAbBcCdDeEfFgGhHiIjJkQ';
    expect(parseRoomLink(`CALM.${key}`)).toEqual({ name: 'calm', key });
  });
});

describe('formatRoomLink', () => {
  it('puts the room into the fragment, in place of one that is there', () => {
    expect(formatRoomLink(LINK, 'https://call.example/?a=b')).toBe(
      `https://call.example/?a=b#calm-otter-52.${KEY}`,
    );
    expect(formatRoomLink(LINK, new URL('https://call.example/#old'))).toBe(
      `https://call.example/#calm-otter-52.${KEY}`,
    );
    expect(formatRoomLink(LINK)).toBe(`#calm-otter-52.${KEY}`);
  });
});

describe("a name of one's own", () => {
  it('is kept, with a key that is drawn anew', () => {
    expect(createRoomLink('standup').name).toBe('standup');
    expect(createRoomLink('standup').key).not.toBe(createRoomLink('standup').key);
  });

  it('is refused where it cannot stand in a link', () => {
    expect(reason(() => createRoomLink('Stand up'))).toMatch(/room name/);
    expect(reason(() => createRoomLink(''))).toMatch(/room name/);
  });
});

describe('isMadeHere', () => {
  it('knows the newest links of this page, however they are written, and no others', () => {
    const [oldest, newest] = [createRoomLink(), createRoomLink()];
    expect([oldest, newest, LINK].map(isMadeHere)).toEqual([true, true, false]);
    expect(isMadeHere(parseRoomLink(formatRoomLink(newest, 'https://call.test/')))).toBe(true);
    for (let more = 0; more < 63; more += 1) createRoomLink();
    expect([oldest, newest].map(isMadeHere)).toEqual([false, true]);
  });
});
