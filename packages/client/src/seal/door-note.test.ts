import { describe, expect, it } from 'vitest';
import { createRoomLink, parseRoomLink } from '../link/room-link.ts';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { nodeOpenNote, nodeSealNote } from '../testing/node-seal.mjs';
import { openDoorNote, sealDoorNote } from './door-note.ts';

const LINK = parseRoomLink('#calm-otter-52.AAECAwQFBgcICQoLDA0ODw');
const PEER = 'AAAAAAAAAAAAAAAAAAAAAA';
const OTHER = 'BBBBBBBBBBBBBBBBBBBBBA';

describe('the note of one who knocks', () => {
  it('DOOR4 is read by those who hold the link, and of one size whatever the name', async () => {
    const notes = await Promise.all(
      ['', 'Ann', 'Łukasz 🦦', 'x'.repeat(255)].map(async (name) => {
        const note = await sealDoorNote(LINK, PEER, name);
        expect(await openDoorNote(LINK, PEER, note)).toBe(name);
        return note.length;
      }),
    );
    expect(new Set(notes).size).toBe(1);
  });

  it('DOOR4 is the same in a second implementation, both ways', async () => {
    expect(nodeOpenNote(LINK, PEER, await sealDoorNote(LINK, PEER, 'Łukasz'))).toBe('Łukasz');
    expect(await openDoorNote(LINK, PEER, nodeSealNote(LINK, PEER, 'Łukasz'))).toBe('Łukasz');
  });

  it('DOOR4 opens for no other link, peer or byte', async () => {
    const note = await sealDoorNote(LINK, PEER, 'Ann');
    expect(await openDoorNote(createRoomLink('calm-otter-52'), PEER, note)).toBeUndefined();
    expect(await openDoorNote(LINK, OTHER, note)).toBeUndefined();
    const bytes = fromBase64Url(note);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    expect(await openDoorNote(LINK, PEER, toBase64Url(bytes))).toBeUndefined();
    expect(await openDoorNote(LINK, PEER, 'garbage')).toBeUndefined();
  });

  it('cuts a name that is too long between letters', async () => {
    const note = await sealDoorNote(LINK, PEER, 'ü'.repeat(200));
    expect(await openDoorNote(LINK, PEER, note)).toMatch(/^ü+$/);
  });
});
