import type { Introduction, PeerId, RoomId } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { joinRequest } from '../testing/identity.ts';
import { Random, testSeed } from '../testing/random.ts';
import type { ConnectionId, RoomStore } from './room-store.ts';

/** What every implementation of {@link RoomStore} has to do, run over one of them. */
export function describeRoomStore(name: string, create: () => Promise<RoomStore>): void {
  describe(`RoomStore: ${name}`, () => {
    const { room, ...ann } = introduced();
    const { room: otherRoom, ...bob } = introduced();
    const { room: _, ...cat } = introduced();

    it('JOIN4 joins in order, and the version grows by one with each change', async () => {
      const store = await create();
      const first = await store.join(room, ann, 'a1', 8);
      const second = await store.join(room, bob, 'b1', 8);
      if (first.kind !== 'joined' || second.kind !== 'joined') throw new Error('not joined');
      expect(first.snapshot.peers).toEqual([ann]);
      expect(second.snapshot.peers).toEqual([ann, bob]);
      expect(second.snapshot.version).toBe(first.snapshot.version + 1);
      expect(await store.leave(room, ann.peer, 'a1')).toEqual({
        kind: 'left',
        version: second.snapshot.version + 1,
      });
      expect(await store.members(room)).toEqual({
        version: second.snapshot.version + 1,
        peers: [bob],
      });
    });

    it('JOIN7 takes over in place: same order, same version, the previous connection named', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      const before = await store.join(room, bob, 'b1', 8);
      if (before.kind !== 'joined') throw new Error('not joined');
      expect(await store.join(room, ann, 'a2', 8)).toEqual({
        kind: 'taken-over',
        previous: 'a1',
        snapshot: before.snapshot,
      });
      expect(await store.locate(room, ann.peer)).toBe('a2');
    });

    it('JOIN7 does not let the previous connection take the new one out', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      await store.join(room, ann, 'a2', 8);
      expect(await store.leave(room, ann.peer, 'a1')).toEqual({ kind: 'not-holder' });
      expect(await store.locate(room, ann.peer)).toBe('a2');
      expect((await store.leave(room, ann.peer, 'a2')).kind).toBe('left');
    });

    it('JOIN9 lets no earlier connection of the same card take a place', async () => {
      const store = await create();
      await store.join(room, { ...ann, attempt: 2 }, 'a2', 8);
      expect(await store.join(room, { ...ann, attempt: 1 }, 'a1', 8)).toEqual({
        kind: 'overtaken',
      });
      expect(await store.locate(room, ann.peer)).toBe('a2');
      expect((await store.join(room, { ...ann, attempt: 3 }, 'a3', 8)).kind).toBe('taken-over');
      const elsewhere = { ...ann, card: bob.card, attempt: 1 };
      expect((await store.join(room, elsewhere, 'a4', 8)).kind).toBe('taken-over');
    });

    it('JOIN8 refuses one more than the capacity, but not a takeover', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 2);
      await store.join(room, bob, 'b1', 2);
      const before = await store.members(room);
      expect(await store.join(room, cat, 'c1', 2)).toEqual({ kind: 'full' });
      expect(await store.members(room)).toEqual(before);
      expect((await store.join(room, bob, 'b2', 2)).kind).toBe('taken-over');
      await store.leave(room, ann.peer, 'a1');
      expect((await store.join(room, cat, 'c2', 2)).kind).toBe('joined');
    });

    it('RELAY3 locates members of that room only', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      await store.join(otherRoom, bob, 'b1', 8);
      expect(await store.locate(room, ann.peer)).toBe('a1');
      expect(await store.locate(room, bob.peer)).toBeUndefined();
      expect(await store.locate(otherRoom, ann.peer)).toBeUndefined();
      expect(await store.locate(room, cat.peer)).toBeUndefined();
    });

    it('lets one peer be in two rooms, each for itself', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      await store.join(otherRoom, ann, 'a2', 8);
      await store.leave(room, ann.peer, 'a1');
      expect(await store.locate(otherRoom, ann.peer)).toBe('a2');
    });

    it('takes an unknown room for an empty one', async () => {
      const store = await create();
      expect((await store.members(room)).peers).toEqual([]);
      expect(await store.leave(room, ann.peer, 'a1')).toEqual({ kind: 'not-holder' });
    });

    it('counts the rooms that have members', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      await store.join(room, bob, 'b1', 8);
      await store.join(otherRoom, cat, 'c1', 8);
      expect(await store.roomCount()).toBe(2);
      await store.leave(otherRoom, cat.peer, 'c1');
      expect(await store.roomCount()).toBe(1);
    });

    it('JOIN4 never lets versions go back when a room empties and fills again', async () => {
      const store = await create();
      await store.join(room, ann, 'a1', 8);
      await store.join(room, bob, 'b1', 8);
      await store.leave(room, bob.peer, 'b1');
      const last = await store.leave(room, ann.peer, 'a1');
      const again = await store.join(room, ann, 'a2', 8);
      if (last.kind !== 'left' || again.kind !== 'joined') throw new Error('not left and joined');
      expect(again.snapshot.version).toBeGreaterThan(last.version);
    });

    const seed = testSeed();
    it(`agrees with a simple model under interleaved calls (seed ${seed})`, async () => {
      const store = await create();
      await fuzz(store, new Random(seed));
    });
  });
}

function introduced(): Introduction & { readonly room: RoomId } {
  const { room, peer, card } = joinRequest();
  return { room, peer, card };
}

const ROUNDS = 400;
const CALLS_AT_ONCE = 8;
const CAPACITY = 4;

/**
 * Calls at random, several in flight at a time. Whatever order the store takes them in, the answers must
 * fit one order of changes: versions without gaps, seats within the capacity, one holder per peer.
 */
async function fuzz(store: RoomStore, random: Random): Promise<void> {
  const rooms = Array.from({ length: 3 }, () => joinRequest().room);
  const peers = Array.from({ length: 7 }, introduced);
  const histories = new Map<RoomId, number[]>(rooms.map((room) => [room, []]));
  const held = new Map<ConnectionId, { room: RoomId; peer: PeerId }>();
  let connections = 0;

  const oneCall = async (): Promise<void> => {
    const room = random.pick(rooms);
    const history = histories.get(room) ?? [];
    const leaving = random.chance(0.5) ? [...held].at(random.below(held.size)) : undefined;
    if (leaving !== undefined) {
      const [connection, place] = leaving;
      held.delete(connection);
      const left = await store.leave(place.room, place.peer, connection);
      if (left.kind === 'left') histories.get(place.room)?.push(left.version);
      return;
    }
    const { peer, card } = random.pick(peers);
    const connection = `c${(connections += 1)}`;
    const joined = await store.join(room, { peer, card }, connection, CAPACITY);
    if (joined.kind === 'full') return;
    if (joined.kind === 'overtaken') throw new Error('all are first attempts');
    const seated = joined.snapshot.peers.map((one) => one.peer);
    expect(joined.snapshot.peers).toContainEqual({ peer, card });
    expect(new Set(seated).size).toBe(joined.snapshot.peers.length);
    expect(joined.snapshot.peers.length).toBeLessThanOrEqual(CAPACITY);
    if (joined.kind === 'joined') history.push(joined.snapshot.version);
    else held.delete(joined.previous);
    held.set(connection, { room, peer });
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, oneCall));
    for (const room of rooms) {
      const { peers: members, version } = await store.members(room);
      const holders = await Promise.all(members.map(({ peer }) => store.locate(room, peer)));
      for (const [index, holder] of holders.entries()) {
        expect(held.get(holder ?? '')).toEqual({ room, peer: members[index]?.peer });
      }
      const holding = [...held.values()].filter((place) => place.room === room);
      expect(holding).toHaveLength(members.length);
      const history = histories.get(room) ?? [];
      expect(new Set(history).size).toBe(history.length);
      if (members.length > 0) expect(version).toBe(Math.max(...history));
    }
  }
}
