import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, parsePreferences, PreferenceStore } from './preferences.ts';
import { RECENT_ROOMS_MAX, RecentRooms } from './recent-rooms.ts';
import { memoryStorage, type KeyValueStorage } from './storage.ts';
import { FAKE_LINK } from './testing/fake-room.ts';

/** As browsers that block site data: every touch throws. */
const blocked: KeyValueStorage = {
  getItem: () => {
    throw new Error('blocked');
  },
  setItem: () => {
    throw new Error('blocked');
  },
  removeItem: () => {
    throw new Error('blocked');
  },
};

describe('preferences', () => {
  it.each([undefined, null, 'text', [], 7, {}])('are the defaults for %j', (input) => {
    expect(parsePreferences(input)).toEqual(DEFAULT_PREFERENCES);
  });

  it('take what fits and leave the rest', () => {
    expect(
      parsePreferences({
        name: ' Ann\u0000 ',
        theme: 'pink',
        cameraOn: 'no',
        chime: true,
        cameraId: '',
      }),
    ).toEqual({ ...DEFAULT_PREFERENCES, name: 'Ann', chime: true });
  });

  it('last from one visit to the next', () => {
    const storage = memoryStorage();
    new PreferenceStore(storage).change({ theme: 'dark', speakerId: 'spk-1' });
    expect(new PreferenceStore(storage).get()).toMatchObject({ theme: 'dark', speakerId: 'spk-1' });
  });

  it('last for the page where the browser keeps nothing', () => {
    const preferences = new PreferenceStore(blocked);
    preferences.change({ name: 'Ann' });
    expect(preferences.get().name).toBe('Ann');
  });
});

describe('recent rooms', () => {
  const link = (name: string) => ({ ...FAKE_LINK, name });

  it('stand newest first, each once, and not too many', () => {
    const storage = memoryStorage();
    const rooms = new RecentRooms(storage);
    for (let i = 0; i < RECENT_ROOMS_MAX + 2; i += 1) rooms.add(link(`room-${i}`), i);
    rooms.add(link('room-5'), 99);
    const names = new RecentRooms(storage).get().map((room) => room.link.name);
    expect(names).toHaveLength(RECENT_ROOMS_MAX);
    expect(names.slice(0, 3)).toEqual(['room-5', 'room-7', 'room-6']);
  });

  it('move with a room whose link changed', () => {
    const storage = memoryStorage();
    const rooms = new RecentRooms(storage);
    rooms.add(link('one'), 1);
    rooms.add(link('two'), 2);
    rooms.move(link('one'), link('new'));
    const known = new RecentRooms(storage).get();
    expect(known.map((room) => [room.link.name, room.joinedAtMs])).toEqual([
      ['two', 2],
      ['new', 1],
    ]);
  });

  it('leave no key behind when they are forgotten', () => {
    const storage = memoryStorage();
    const rooms = new RecentRooms(storage);
    rooms.add(link('one'), 1);
    rooms.add(link('two'), 2);
    rooms.remove(link('one'));
    expect(rooms.get().map((room) => room.link.name)).toEqual(['two']);
    rooms.clear();
    expect(rooms.get()).toEqual([]);
    expect(storage.getItem('peerline.recent-rooms')).toBeNull();
  });

  it('are none where what is stored is broken or blocked', () => {
    const storage = memoryStorage();
    storage.setItem(
      'peerline.recent-rooms',
      JSON.stringify([{ room: 'no-key', joinedAtMs: 1 }, 7, { room: `a.${FAKE_LINK.key}` }]),
    );
    expect(new RecentRooms(storage).get()).toEqual([]);
    const rooms = new RecentRooms(blocked);
    rooms.add(link('one'), 1);
    rooms.clear();
    expect(rooms.get()).toEqual([]);
  });
});
