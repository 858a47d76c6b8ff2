import { describe, expect, it } from 'vitest';
import { isOfferer } from '@peerline/protocol';
import {
  createIdentity,
  deriveRoomId,
  deriveRoomSecret,
  drawIdentity,
  type CryptoPort,
} from './room-keys.ts';
import { createRoomLink, parseRoomLink, type RoomLink } from './room-link.ts';

/**
 * The expected values were computed by Python's hmac and hashlib after the text of RFC 5869 and
 * FIPS 180-4, and agree with node:crypto; none of the code under test had a part in them.
 */
const KEY = 'AAECAwQFBgcICQoLDA0ODw';
const OTHER_KEY = '__79_Pv6-fj39vX08_Lx8A';

/** WebCrypto with a "random" generator that counts up or down from a byte. */
function cryptoFrom(first: number, step: number): CryptoPort {
  return {
    subtle: crypto.subtle,
    getRandomValues(bytes) {
      bytes.forEach((_, index) => {
        bytes[index] = first + step * index;
      });
      return bytes;
    },
  };
}

const insecure: CryptoPort = { subtle: undefined, getRandomValues: (bytes) => bytes };

describe('deriveRoomId', () => {
  it.each([
    ['calm-otter-52', KEY, 'm_WZbVLJVeF525ukg0MhTQ'],
    ['calm-otter-53', KEY, 'qcGspbtsT4zMrnPCSJBDRA'],
    ['calm-otter-52', OTHER_KEY, 'HfctTYUfaPOo8IVbdElsRQ'],
  ])('ROOM1 derives the id of %s.%s', async (name, key, id) => {
    await expect(deriveRoomId({ name, key })).resolves.toBe(id);
  });

  it.each([
    ['calm-otter-52', KEY, 'Pfri1XwJC7GhkImC1TVufg'],
    ['calm-otter-53', KEY, 'MSZfWzNfNQAKrO-hJbeRHQ'],
    ['calm-otter-52', OTHER_KEY, '6ei_oo8hqgUw9Z3X5CU9GQ'],
  ])('ROOM3 derives the secret of %s.%s', async (name, key, secret) => {
    await expect(deriveRoomSecret({ name, key })).resolves.toBe(secret);
  });

  it('says what to do where the page is not secure', async () => {
    await expect(deriveRoomId({ name: 'a', key: KEY }, insecure)).rejects.toMatchObject({
      code: 'insecure-context',
    });
  });
});

describe('createIdentity', () => {
  it.each([
    [0, 1, KEY, 'UFbnMjyociURqGmFdxv_ZA'],
    [255, -1, OTHER_KEY, 'jpAJuMGvsB5DL0r6EdJhBg'],
  ])('JOIN3 hashes the secret into the id (%i, %i)', async (first, step, secret, peer) => {
    await expect(createIdentity(cryptoFrom(first, step))).resolves.toEqual({ secret, peer });
  });

  it('JOIN3 draws a new secret each time', async () => {
    const [one, other] = await Promise.all([createIdentity(), createIdentity()]);
    expect(one.secret).not.toBe(other.secret);
    expect(one.peer).not.toBe(other.peer);
  });

  it('says what to do where the page is not secure', async () => {
    await expect(createIdentity(insecure)).rejects.toMatchObject({ code: 'insecure-context' });
  });
});

describe('drawIdentity', () => {
  const elsewhere = parseRoomLink('elsewhere.AAAAAAAAAAAAAAAAAAAAAA');
  const here = createRoomLink('here');

  async function drawn(link: RoomLink): Promise<{ one: string; all: string[] }> {
    const all: string[] = [];
    const { peer } = await drawIdentity(link, async () => {
      const identity = await createIdentity();
      all.push(identity.peer);
      return identity;
    });
    return { one: peer, all };
  }

  it('takes the one that offers to the others, for a link from elsewhere', async () => {
    const { one, all } = await drawn(elsewhere);
    expect(all).toHaveLength(16);
    expect(one).toBe(all.toSorted().at(-1));
  });

  it('takes the one that is offered to, for a link that was made here, however it is written', async () => {
    for (const link of [here, parseRoomLink(`https://call.test/#${here.name}.${here.key}`)]) {
      const { one, all } = await drawn(link);
      expect(one).toBe(all.toSorted().at(0));
    }
  });

  it('mostly has who comes later offer (SPEC.md, NEG1)', async () => {
    const rounds = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const [maker, guest] = await Promise.all([drawIdentity(here), drawIdentity(elsewhere)]);
        return isOfferer(guest.peer, maker.peer);
      }),
    );
    // One in 2^16 or so does not.
    expect(rounds.filter((isGuest) => isGuest).length).toBeGreaterThanOrEqual(98);
  });
});
