import { parseCard, type PeerId, type RoomId } from '@peerline/protocol';
import { expect, test } from 'vitest';
import { wellFormed } from '../link/room-keys.ts';
import { RoomSeal } from '../seal/room-seal.ts';
import { NodeSeal, SPEC } from '../testing/node-seal.mjs';
import { agreeOnKey, tagOf, tagsFor } from './recognition.ts';
import type { End } from './word-exchange.ts';

const LINK = { name: 'calm-otter-52', key: 'AAECAwQFBgcICQoLDA0ODw' };
const ROOM = 'm_WZbVLJVeF525ukg0MhTQ' as RoomId;
const ANN = 'UFbnMjyociURqGmFdxv_ZA' as PeerId;
const BOB = 'jpAJuMGvsB5DL0r6EdJhBg' as PeerId;

const ann = new NodeSeal({ ...LINK, room: ROOM, peer: ANN, scalarByte: 0x11 });
const bob = new NodeSeal({ ...LINK, room: ROOM, peer: BOB, scalarByte: 0x22 });

const endOf = (peer: PeerId, { card }: NodeSeal): End => ({
  peer,
  card: wellFormed(parseCard(card)),
});
const ENDS = { ann: endOf(ANN, ann), bob: endOf(BOB, bob) };

/** What Ann's own implementation makes of the vectors' keys; Bob has the larger id, and offers. */
async function annsKey(): Promise<CryptoKey> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const { d: _, ...open } = ann.jwk;
  const seal = await RoomSeal.create(
    LINK,
    { room: ROOM, peer: ANN },
    Promise.resolve({
      privateKey: await crypto.subtle.importKey('jwk', ann.jwk, curve, false, ['deriveBits']),
      publicKey: await crypto.subtle.importKey('jwk', open, curve, true, []),
    }),
  );
  const pair = await seal.pair(BOB, ENDS.bob.card);
  if (pair === undefined) throw new Error('the card was refused');
  return agreeOnKey(pair.secret, ROOM, [ENDS.bob, ENDS.ann]);
}

test('IDENT1 IDENT2 IDENT4 the second implementation makes the vectors of SPEC.md', () => {
  const [one, other] = [ann.identityWith(bob, false), bob.identityWith(ann, true)];
  expect(one.key).toBe(other.key);
  const vectors = {
    'their identity key': one.key,
    '`known` from A to B': one.tag('known'),
    '`known` from B to A': other.tag('known'),
    '`kept` from A to B': one.tag('kept'),
  };
  for (const [of, is] of Object.entries(vectors)) expect(SPEC).toContain(`| ${of} | \`${is}\` |`);
});

test('IDENT1 IDENT2 IDENT4 both make the same tags, and each direction its own', async () => {
  const key = await annsKey();
  const [one, other] = [ann.identityWith(bob, false), bob.identityWith(ann, true)];
  for (const claim of ['known', 'kept'] as const) {
    expect(await tagOf(key, claim, ROOM, [ENDS.ann, ENDS.bob])).toBe(one.tag(claim));
    expect(await tagOf(key, claim, ROOM, [ENDS.bob, ENDS.ann])).toBe(other.tag(claim));
  }
  const all = [one.tag('known'), one.tag('kept'), other.tag('known'), other.tag('kept')];
  expect(new Set(all).size).toBe(4);
});

test.each([
  [0, 16],
  [16, 16],
  [17, 64],
  [65, 256],
  [256, 256],
])('IDENT2 %i known devices are %i tags', async (known, count) => {
  const key = await annsKey();
  const ends = { room: ROOM, own: ENDS.ann, theirs: ENDS.bob };
  const tags = await tagsFor(
    Array.from({ length: known }, () => key),
    ends,
  );
  expect(tags).toHaveLength(count);
  expect(tags.filter((tag) => tag === ann.identityWith(bob, false).tag('known'))).toHaveLength(
    known,
  );
});
