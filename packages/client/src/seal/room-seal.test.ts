import { parseCard, type Card, type PeerId, type RoomId } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { wellFormed } from '../link/room-keys.ts';
import { NodeSeal, SPEC } from '../testing/node-seal.mjs';
import { seededRandom, type SeededRandom } from '../testing/random.ts';
import type { PairSeal } from './pair-seal.ts';
import { RoomSeal } from './room-seal.ts';

const LINK = { name: 'calm-otter-52', key: 'AAECAwQFBgcICQoLDA0ODw' };
const ROOM = 'm_WZbVLJVeF525ukg0MhTQ' as RoomId;
const ANN = 'UFbnMjyociURqGmFdxv_ZA' as PeerId;
const BOB = 'jpAJuMGvsB5DL0r6EdJhBg' as PeerId;

const ann = new NodeSeal({ ...LINK, room: ROOM, peer: ANN, scalarByte: 0x11 });
const bob = new NodeSeal({ ...LINK, room: ROOM, peer: BOB, scalarByte: 0x22 });

/** The keys of the second implementation, as WebCrypto takes them. */
async function keysOf({ jwk }: NodeSeal): Promise<CryptoKeyPair> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const { d: _, ...open } = jwk;
  return {
    privateKey: await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', open, curve, true, []),
  };
}

/** A body with one of its bits turned. */
function turned(body: string, at: number, bit: number): string {
  const bytes = fromBase64Url(body);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return toBase64Url(bytes);
}

function cardOf(text: string): Card {
  return wellFormed(parseCard(text));
}

async function pairOf(self: PeerId, other: PeerId, card: string): Promise<PairSeal> {
  const seal = await RoomSeal.create(
    LINK,
    { room: ROOM, peer: self },
    keysOf(self === ANN ? ann : bob),
  );
  const pair = await seal.pair(other, cardOf(card));
  if (pair === undefined) throw new Error('the card was refused');
  return pair;
}

function letter(random: SeededRandom): string {
  return toBase64Url(Uint8Array.of(random.integer(256), 0, 0)).slice(0, 1);
}

const FORGED = { kind: 'forged' };
const SAID = '{"epoch":1,"signal":{"type":"hail"}}';

describe('the format is what is written', () => {
  test('SEAL1 SEAL2 SEAL3 SEAL4 the second implementation makes the vectors of SPEC.md', () => {
    const vectors = {
      root: ann.root,
      'card of A': ann.card,
      'card of B': bob.card,
      'key from A to B': ann.keyTo(bob),
      'key from B to A': bob.keyTo(ann),
      'the same from A to B, counter 1, begins with': ann.seal(bob, 1, '{"a":1}').slice(0, 64),
      'and ends with': ann.seal(bob, 1, '{"a":1}').slice(-64),
    };
    for (const [of, is] of Object.entries(vectors)) expect(SPEC).toContain(`| ${of} | \`${is}\` |`);
  });

  test('SEAL2 both make the same card', async () => {
    const seal = await RoomSeal.create(LINK, { room: ROOM, peer: ANN }, keysOf(ann));
    expect(seal.card).toBe(ann.card);
    expect(seal.card).toHaveLength(130);
  });

  test('SEAL4 SEAL5 both make the same bytes, and open what the other made', async () => {
    const pair = await pairOf(ANN, BOB, bob.card);
    const random = seededRandom(5);
    for (const [index, length] of [7, 256, 2_000, 16_385, 29_000, 100_000].entries()) {
      // Packs to three quarters, as base64 does; the last is one that packs well.
      const noise = Array.from({ length }, () => (length > 50_000 ? 'x' : letter(random)));
      const json = JSON.stringify(noise.join(''));
      const body = await pair.seal(json);
      expect(body).toBe(ann.seal(bob, index + 1, json));
      expect(bob.open(ann, body ?? '')).toBe(json);
      const answer = bob.seal(ann, index + 1, json);
      expect(await pair.open(answer)).toEqual({ kind: 'genuine', text: json });
    }
    const noise = Array.from({ length: 40_000 }, () => letter(random));
    expect(await pair.seal(noise.join(''))).toBeUndefined();
  });

  test('SEAL5 a member that sends what unpacks into too much is not believed', async () => {
    const pair = await pairOf(ANN, BOB, bob.card);
    const body = bob.seal(ann, 1, 'x'.repeat(200_000));
    expect(await pair.open(body)).toEqual(FORGED);
  });
});

describe('what is not genuine does not open', () => {
  test('SEAL2 SEAL3 a card that was changed, moved or made without the link', async () => {
    const seal = await RoomSeal.create(LINK, { room: ROOM, peer: ANN });
    expect(await seal.pair(BOB, cardOf(bob.card))).toBeDefined();
    expect(await seal.pair(ANN, cardOf(ann.card)), 'its own').toBeUndefined();
    const stranger = new NodeSeal({
      ...LINK,
      key: '__79_Pv6-fj39vX08_Lx8A',
      room: ROOM,
      peer: BOB,
      scalarByte: 0x22,
    });
    const cards = [ann.card, stranger.card, 'A'.repeat(130), `${bob.card.slice(0, 128)}--`];
    const random = seededRandom(1);
    for (let i = 0; i < 100; i += 1) {
      cards.push(turned(bob.card, random.integer(97), random.integer(8)));
    }
    for (const card of cards) {
      expect([card, await seal.pair(BOB, cardOf(card))]).toEqual([card, undefined]);
    }
  });

  test('SEAL4 a signal with any bit changed, cut short, or of another version', async () => {
    const pair = await pairOf(BOB, ANN, ann.card);
    const genuine = ann.seal(bob, 1, SAID);
    const bytes = fromBase64Url(genuine);
    for (let at = 0; at < bytes.length; at += 1) {
      expect([at, await pair.open(turned(genuine, at, at % 8))]).toEqual([at, FORGED]);
    }
    for (const length of [0, 1, 9, 24, 25, bytes.length - 1]) {
      const cut = toBase64Url(bytes.subarray(0, length));
      expect([length, await pair.open(cut)]).toEqual([length, FORGED]);
    }
    expect(await pair.open('not base64 at all!')).toEqual(FORGED);
    expect(await pair.open(genuine)).toEqual({ kind: 'genuine', text: SAID });
  });

  test('SEAL4 a signal that is reflected, or was meant for another peer or room', async () => {
    const pair = await pairOf(ANN, BOB, bob.card);
    const own = await pair.seal(SAID);
    expect(await pair.open(own ?? '')).toEqual(FORGED);
    const cem = new NodeSeal({ ...LINK, room: ROOM, peer: ROOM, scalarByte: 0x11 });
    expect(await pair.open(bob.seal(cem, 1, SAID))).toEqual(FORGED);
    const elsewhere = new NodeSeal({ ...LINK, room: BOB, peer: BOB, scalarByte: 0x22 });
    expect(await pair.open(elsewhere.seal(ann, 1, SAID))).toEqual(FORGED);
  });

  test('SEAL6 a signal that came before, or is too far behind; order does not matter', async () => {
    const pair = await pairOf(BOB, ANN, ann.card);
    const take = async (counter: number): Promise<string> =>
      (await pair.open(ann.seal(bob, counter, SAID))).kind;
    for (const counter of [3, 1, 2]) expect(await take(counter)).toBe('genuine');
    for (const counter of [1, 2, 3]) expect(await take(counter)).toBe('repeated');
    expect(await take(2_000)).toBe('genuine');
    expect(await take(977)).toBe('genuine');
    expect(await take(976)).toBe('repeated');
    expect(await take(977)).toBe('repeated');
  });
});
