import { expect, it } from 'vitest';
import { RoomPasswords } from './room-passwords.ts';
import { memoryStorage } from './storage.ts';
import { FAKE_LINK } from './testing/fake-room.ts';

const OTHER = { ...FAKE_LINK, key: 'DwAECAwQFBgcICQoLDA0OA' };

it('remembers passwords for the tab, and moves them with the link', () => {
  const storage = memoryStorage();
  const passwords = new RoomPasswords(storage);
  passwords.keep(FAKE_LINK, 'sesame');
  expect(new RoomPasswords(storage).of(FAKE_LINK)).toBe('sesame');
  passwords.move(FAKE_LINK, OTHER);
  const later = new RoomPasswords(storage);
  expect([later.of(FAKE_LINK), later.of(OTHER)]).toEqual([undefined, 'sesame']);
  later.keep(OTHER, undefined);
  expect(new RoomPasswords(storage).of(OTHER)).toBeUndefined();
});

it('takes nothing from what is broken', () => {
  const storage = memoryStorage();
  storage.setItem('peerline.room-passwords', '{"a.b": 7, "c.d": "x"}');
  expect(new RoomPasswords(storage).of(FAKE_LINK)).toBeUndefined();
  storage.setItem('peerline.room-passwords', 'oh');
  expect(new RoomPasswords(storage).of(FAKE_LINK)).toBeUndefined();
});
