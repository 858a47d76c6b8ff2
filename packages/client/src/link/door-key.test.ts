import { describe, expect, it } from 'vitest';
import { nodeDoorKey } from '../testing/node-seal.mjs';
import { deriveDoorKey } from './door-key.ts';
import { createRoomLink, parseRoomLink } from './room-link.ts';

const LINK = parseRoomLink('#calm-otter-52.AAECAwQFBgcICQoLDA0ODw');

describe('deriveDoorKey', () => {
  it('DOOR5 gives the test vector of SPEC.md', async () => {
    expect(await deriveDoorKey(LINK, 'open sesame')).toBe('wVeYqml41u_fwCMamCc9HA');
  });

  it('DOOR5 gives what another implementation of PBKDF2 gives', async () => {
    const link = createRoomLink('other');
    const password = 'Ünïcode ｗｉｄｅ';
    expect(await deriveDoorKey(link, password)).toBe(nodeDoorKey(link, password));
  });

  it('DOOR5 is the same however the letters were typed, and another one for each link', async () => {
    const composed = await deriveDoorKey(LINK, 'caf\u00e9');
    expect(await deriveDoorKey(LINK, 'cafe\u0301')).toBe(composed);
    expect(await deriveDoorKey(createRoomLink('calm-otter-52'), 'caf\u00e9')).not.toBe(composed);
  });

  it('refuses an empty one', async () => {
    await expect(deriveDoorKey(LINK, '')).rejects.toMatchObject({ code: 'bad-options' });
  });
});
