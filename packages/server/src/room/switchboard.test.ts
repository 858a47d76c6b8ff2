import type { Introduction, JoinRequest, PeerId, ServerMessage, Welcome } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log/log.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { RoomStore } from '../store/room-store.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { Random, testSeed } from '../testing/random.ts';
import type { CloseManner, Membership, Outlet } from './membership.ts';
import { provenRoom } from './proof.ts';
import { Switchboard } from './switchboard.ts';

class FakeOutlet implements Outlet {
  readonly sent: ServerMessage[] = [];
  closed: CloseManner | undefined;

  send(message: ServerMessage): void {
    this.sent.push(message);
  }

  close(manner: CloseManner): void {
    this.closed = manner;
  }

  get events(): string[] {
    return this.sent.map(({ event }) => event);
  }
}

/** A store whose answers arrive late and in any order, as between several servers. */
class SlowStore implements RoomStore {
  readonly #inner = new MemoryStore(() => 0);
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async join(...args: Parameters<RoomStore['join']>): ReturnType<RoomStore['join']> {
    return await this.#late(this.#inner.join(...args));
  }

  async leave(...args: Parameters<RoomStore['leave']>): ReturnType<RoomStore['leave']> {
    return await this.#late(this.#inner.leave(...args));
  }

  async members(...args: Parameters<RoomStore['members']>): ReturnType<RoomStore['members']> {
    return await this.#late(this.#inner.members(...args));
  }

  async locate(...args: Parameters<RoomStore['locate']>): ReturnType<RoomStore['locate']> {
    return await this.#late(this.#inner.locate(...args));
  }

  async roomCount(): Promise<number> {
    return await this.#inner.roomCount();
  }

  async #late<T>(answer: Promise<T>): Promise<T> {
    for (let turns = this.#random.below(5); turns > 0; turns -= 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return await answer;
  }
}

function setUp(store: RoomStore = new MemoryStore(() => 0), capacity = 4): Switchboard {
  return new Switchboard({ store, capacity, log: silentLog, nowMs: () => performance.now() });
}

let connections = 0;

async function enter(
  switchboard: Switchboard,
  request: JoinRequest,
): Promise<{ membership: Membership; outlet: FakeOutlet }> {
  const outlet = new FakeOutlet();
  const result = await switchboard.join(`c${(connections += 1)}`, request, outlet);
  if (result.kind === 'refused') throw new Error(result.refusal.code);
  return { membership: result.membership, outlet };
}

async function enterAndOpen(
  switchboard: Switchboard,
  request: JoinRequest,
): ReturnType<typeof enter> {
  const entered = await enter(switchboard, request);
  entered.membership.open({ iceServers: [] });
  return entered;
}

describe('Switchboard', () => {
  const room = randomId();

  it('JOIN4 welcomes with the others in order of arrival and tells them of the newcomer', async () => {
    const switchboard = setUp();
    const requests = [joinRequest({ room }), joinRequest({ room }), joinRequest({ room })] as const;
    const ann = await enterAndOpen(switchboard, requests[0]);
    await enterAndOpen(switchboard, requests[1]);
    const cat = await enterAndOpen(switchboard, requests[2]);
    expect(cat.outlet.sent).toEqual([
      {
        event: 'welcome',
        data: {
          protocol: 1,
          version: 3,
          peers: [introduced(requests[0]), introduced(requests[1])],
          settings: {
            ...{ access: 'open', capacity: 4, capacityMax: 4, passwordRevision: 0 },
            host: requests[0].peer,
          },
          iceServers: [],
        },
      },
    ]);
    expect(ann.outlet.sent.slice(1)).toEqual([
      { event: 'joined', data: { ...introduced(requests[1]), version: 2 } },
      { event: 'joined', data: { ...introduced(requests[2]), version: 3 } },
    ]);
  });

  it('JOIN4 holds everything back until the welcome has gone out', async () => {
    const switchboard = setUp();
    const request = joinRequest({ room });
    const ann = await enter(switchboard, request);
    const other = joinRequest({ room });
    const bob = await enterAndOpen(switchboard, other);
    await switchboard.relay(bob.membership, { to: request.peer, body: 'early' });
    await switchboard.end(bob.membership, 'left');
    expect(ann.outlet.sent).toEqual([]);
    ann.membership.open({ iceServers: [] });
    expect(ann.outlet.sent).toEqual([
      expect.objectContaining({ event: 'welcome' }),
      { event: 'joined', data: { ...introduced(other), version: 2 } },
      { event: 'signal', data: { from: other.peer, body: 'early' } },
      { event: 'left', data: { peer: other.peer, version: 3, reason: 'left' } },
    ]);
  });

  it('JOIN4 takes back a join whose connection ended before it was opened', async () => {
    const switchboard = setUp();
    const ann = await enterAndOpen(switchboard, joinRequest({ room }));
    const bob = await enter(switchboard, joinRequest({ room }));
    await switchboard.end(bob.membership, 'lost');
    bob.membership.open({ iceServers: [] });
    expect(bob.outlet.sent).toEqual([]);
    expect(ann.outlet.events).toEqual(['welcome', 'joined', 'left']);
    expect(switchboard.memberCount).toBe(1);
  });

  it('JOIN7 tells and closes the old connection, the others hear nothing', async () => {
    const switchboard = setUp();
    const request = joinRequest({ room });
    const watcher = await enterAndOpen(switchboard, joinRequest({ room }));
    const old = await enterAndOpen(switchboard, request);
    const seen = watcher.outlet.sent.length;
    const current = await enterAndOpen(switchboard, request);
    expect(old.outlet.sent.at(-1)).toMatchObject({ data: { code: 'taken-over' } });
    expect(old.outlet.closed).toBe('final');
    await switchboard.end(old.membership, 'lost');
    expect(watcher.outlet.sent).toHaveLength(seen);
    expect(await switchboard.relay(watcher.membership, { to: request.peer, body: 'hi' })).toBe(
      undefined,
    );
    expect(current.outlet.sent.at(-1)).toMatchObject({ event: 'signal' });
    expect(old.outlet.sent.at(-1)).toMatchObject({ event: 'problem' });
  });

  it('JOIN7 welcomes before it says taken-over where the takeover came in between', async () => {
    const switchboard = setUp();
    const request = joinRequest({ room });
    const old = await enter(switchboard, request);
    await enterAndOpen(switchboard, request);
    old.membership.open({ iceServers: [] });
    expect(old.outlet.events).toEqual(['welcome', 'problem']);
    expect(old.outlet.closed).toBe('final');
  });

  it('VISIT1 forgets a visit that the store failed on', async () => {
    const store = new MemoryStore();
    const switchboard = setUp(store);
    store.members = () => Promise.reject(new Error('store down'));
    const visit = switchboard.join(
      'c',
      { ...joinRequest({ room }), visit: true },
      new FakeOutlet(),
    );
    await expect(visit).rejects.toThrow('store down');
    expect(switchboard.memberCount).toBe(0);
  });

  it('forgets a join that the store failed on', async () => {
    const store = new MemoryStore();
    const switchboard = setUp(store);
    store.join = () => Promise.reject(new Error('store down'));
    const join = switchboard.join('c', joinRequest({ room }), new FakeOutlet());
    await expect(join).rejects.toThrow('store down');
    expect(switchboard.memberCount).toBe(0);
  });

  it('refuses joins and sends all away once it is shut, without telling anyone that others left', async () => {
    const switchboard = setUp();
    const ann = await enterAndOpen(switchboard, joinRequest({ room }));
    const bob = await enterAndOpen(switchboard, joinRequest({ room }));
    switchboard.shutDown();
    await switchboard.end(bob.membership, 'lost');
    expect(ann.outlet.events).toEqual(['welcome', 'joined', 'problem']);
    expect(ann.outlet.closed).toBe('retry');
    const late = await switchboard.join('late', joinRequest({ room }), new FakeOutlet());
    expect(late).toMatchObject({ kind: 'refused', refusal: { code: 'shutting-down' } });
  });

  // The second one had a peer's place given away while its next connection was on its way in.
  it.each([testSeed(), 1_681_740_682])(
    'JOIN4 DOOR3 keeps every view true with a slow store (seed %i)',
    async (seed) => {
      const random = new Random(seed);
      const store = new SlowStore(random);
      const switchboard = setUp(store, 5);
      const identities = Array.from({ length: 7 }, () => joinRequest({ room }));
      const present = new Set<{ membership: Membership; outlet: FakeOutlet }>();

      const comeAndGo = async (): Promise<void> => {
        for (let round = 0; round < 60; round += 1) {
          const outlet = new FakeOutlet();
          const request = random.pick(identities);
          const result = await switchboard.join(`f${(connections += 1)}`, request, outlet);
          if (result.kind === 'refused') continue;
          const { membership } = result;
          if (random.chance(0.8)) membership.open({ iceServers: [] });
          const entry = { membership, outlet };
          present.add(entry);
          if (round < 55 && random.chance(0.7)) {
            present.delete(entry);
            await switchboard.end(membership, 'left');
          }
        }
      };
      await Promise.all(Array.from({ length: 6 }, comeAndGo));
      for (const { membership } of present) membership.open({ iceServers: [] });
      // A connection that was closed ends.
      for (const { membership, outlet } of present) {
        if (outlet.closed !== undefined) await switchboard.end(membership, 'left');
      }

      const truth = await store.members(roomOf(identities));
      const open = [...present].filter(({ membership }) => membership.isOpen);
      expect(open).toHaveLength(truth.peers.length);
      expect(truth.peers.length).toBeGreaterThan(0);
      for (const { membership, outlet } of open) {
        expect(outlet.events.lastIndexOf('welcome')).toBe(0);
        const view = viewOf(outlet);
        const others = idsOf(truth).filter((peer) => peer !== membership.place.peer);
        expect([...view.peers].toSorted()).toEqual([...others].toSorted());
      }
      const hosts = open.map(({ outlet }) => hostIn(outlet));
      expect(new Set(hosts).size).toBe(1);
      expect(idsOf(truth)).toContain(hosts[0]);
    },
  );
});

/** As it was told last. */
function hostIn({ sent }: FakeOutlet): PeerId | undefined {
  const told = sent.flatMap(({ event, data }) => {
    if (event === 'welcome') return [data.settings.host];
    return event === 'settings' ? [data.host] : [];
  });
  return told.at(-1);
}

function roomOf([first]: readonly JoinRequest[]): JoinRequest['room'] {
  if (first === undefined) throw new Error('nobody');
  return provenRoom(first);
}

function introduced({ peer, card }: JoinRequest): Introduction {
  return { peer, card };
}

function idsOf({ peers }: { readonly peers: readonly Introduction[] }): PeerId[] {
  return peers.map(({ peer }) => peer);
}

function welcomeOf(outlet: FakeOutlet): Welcome {
  const [first] = outlet.sent;
  if (first?.event !== 'welcome') throw new Error('no welcome');
  return first.data;
}

/** The room as a client sees it that applies what it was told. */
function viewOf(outlet: FakeOutlet): { peers: Set<string>; version: number } {
  const welcome = welcomeOf(outlet);
  const view = { peers: new Set<string>(idsOf(welcome)), version: welcome.version };
  for (const { event, data } of outlet.sent.slice(1)) {
    if (event !== 'joined' && event !== 'left') continue;
    expect(data.version).toBe(view.version + 1);
    view.version = data.version;
    if (event === 'joined') view.peers.add(data.peer);
    else view.peers.delete(data.peer);
  }
  return view;
}
