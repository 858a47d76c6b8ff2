import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { startServer } from '../testing/server.ts';

describe('joining', () => {
  it.each([['websocket'], ['polling']])(
    'JOIN1 rides in the CONNECT packet, and JOIN4 welcome is the first event (%s)',
    async (transport) => {
      const server = await startServer();
      const { client, welcome } = await TestClient.join(server, { transports: [transport] });
      const settings = {
        ...{ access: 'open', capacity: 16, capacityMax: 16, passwordRevision: 0 },
        host: client.peer,
      };
      const version = expect.any(Number);
      expect(welcome).toEqual({ protocol: 1, version, peers: [], settings, iceServers: [] });
    },
  );

  it('JOIN1 is complete on the wire in one packet each way', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(joinRequest())}`);
    expect(await raw.packet('0')).toContain('"sid"');
    expect(await raw.packets.next()).toMatch(/^40\{/);
    expect(await raw.packets.next()).toMatch(/^42\["welcome",\{/);
  });

  const good = joinRequest();
  it.each<[string, object]>([
    ['nothing', {}],
    ['a field too many', { ...good, name: 'Ann' }],
    ['no secret', { ...good, secret: undefined }],
    ['no room secret', { ...good, roomSecret: undefined }],
    ['a room id that is too short', { ...good, room: good.room.slice(1) }],
    ['a room id that is no text', { ...good, room: { $ne: null } }],
    ['a peer id in another alphabet', { ...good, peer: `${good.peer.slice(0, 20)}+A` }],
    ['a protocol that is no number', { ...good, protocol: '1' }],
    ['an oversize secret', { ...good, secret: 'x'.repeat(40_000) }],
  ])('JOIN2 is refused with bad-join for %s', async (_, auth) => {
    const server = await startServer();
    expect(await TestClient.refused(server, auth)).toMatchObject({ code: 'bad-join' });
    await TestClient.join(server);
  });

  it('JOIN2 is refused for deep nesting', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    raw.send(`40{"protocol":1,"room":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(await raw.packet('44')).toContain('"code":"bad-join"');
    await TestClient.join(server);
  });

  it('JOIN2 is refused for binary in its place', async () => {
    const server = await startServer();
    const auth = { ...joinRequest(), room: Buffer.from('garbage') };
    expect((await TestClient.refused(server, auth)).code).toBe('bad-join');
  });

  it.each([0, 2, 1.5, -1, 1e300])(
    'VERSION1 refuses version %s and names those spoken',
    async (protocol) => {
      const server = await startServer();
      const refusal = await TestClient.refused(server, { protocol, whatever: true });
      expect(refusal.code).toBe('version-unsupported');
      expect(refusal.message).toContain('supported: 1');
    },
  );

  it('JOIN4 tells the others, in order, with versions that grow by one', async () => {
    const server = await startServer();
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const { version } = ann.welcome;
    const bob = await TestClient.join(server, { room });
    const cat = await TestClient.join(server, { room });
    expect(cat.welcome.peers).toEqual([ann.client.introduction, bob.client.introduction]);
    expect(cat.welcome.version).toBe(version + 2);
    expect(await ann.client.expect('joined')).toEqual({
      ...bob.client.introduction,
      version: version + 1,
    });
    expect(await ann.client.expect('joined')).toEqual({
      ...cat.client.introduction,
      version: version + 2,
    });
    bob.client.socket.disconnect();
    expect(await ann.client.expect('left')).toEqual({
      peer: bob.client.peer,
      version: version + 3,
      reason: 'lost',
    });
    expect(await cat.client.drain()).toHaveLength(1);
    expect(await ann.client.drain()).toEqual([]);
  });

  it('JOIN4 leaves no view wrong when many join and go at once', async () => {
    const server = await startServer();
    const room = randomId();
    const watcher = await TestClient.join(server, { room });
    const joined = await Promise.all(
      Array.from({ length: 12 }, () => TestClient.join(server, { room })),
    );
    for (const { client } of joined.slice(0, 6)) client.socket.emit('leave', null);
    const staying = joined.slice(6);
    await Promise.all(joined.slice(0, 6).map(({ client }) => client.closed()));
    const expected = [watcher, ...staying].map(({ client }) => client.peer).toSorted();
    for (const { client, welcome } of [watcher, ...staying]) {
      const view = new Set([...welcome.peers.map(({ peer }) => peer), client.peer].map(String));
      let { version } = welcome;
      for (const { event, data } of await client.drain()) {
        if (event !== 'joined' && event !== 'left') throw new Error(`unexpected ${event}`);
        expect(data.version).toBe((version += 1));
        if (event === 'joined') view.add(data.peer);
        else view.delete(data.peer);
      }
      expect([...view].toSorted()).toEqual(expected);
    }
  });

  it('JOIN4 frees the seat of a connection that ends right behind its join', async () => {
    const server = await startServer({ roomCapacity: 2 });
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(joinRequest({ room }))}`);
    raw.tcp.end();
    expect((await ann.client.expect('joined')).version).toBe(ann.welcome.version + 1);
    expect((await ann.client.expect('left')).reason).toBe('lost');
    await TestClient.join(server, { room });
  });

  it('JOIN4 frees the seat of a connection that ends while the store still works', async () => {
    const store = new MemoryStore();
    const memoryJoin = store.join.bind(store);
    let release = (): void => undefined;
    let entered = (): void => undefined;
    const isEntered = new Promise<void>((resolve) => (entered = resolve));
    store.join = async (...args) => {
      const result = await memoryJoin(...args);
      entered();
      await new Promise<void>((resolve) => (release = resolve));
      return result;
    };
    const server = await startServer({ store });
    const room = joinRequest();
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(room)}`);
    await isEntered;
    raw.tcp.destroy();
    await raw.closed;
    const memoryLeave = store.leave.bind(store);
    const left = new Promise((resolve) => {
      store.leave = async (...args) => {
        const result = await memoryLeave(...args);
        resolve(result.kind);
        return result;
      };
    });
    release();
    expect(await left).toBe('left');
    expect(await store.roomCount()).toBe(0);
  });

  it('JOIN5 closes the connection behind a refusal', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    raw.send('40{"protocol":1}');
    expect(await raw.packet('44')).toContain('"code":"bad-join"');
    await raw.closed;
  });

  it('JOIN5 says internal when the store fails, and goes on', async () => {
    const store = new MemoryStore();
    const memoryJoin = store.join.bind(store);
    store.join = () => Promise.reject(new Error('store down'));
    const server = await startServer({ store });
    expect((await TestClient.refused(server, joinRequest())).code).toBe('internal');
    store.join = memoryJoin;
    await TestClient.join(server);
  });

  it.each([true, false])(
    'JOIN6 refuses an id that does not follow from the secret (JOIN3), in use or not (%s)',
    async (isInUse) => {
      const server = await startServer();
      const victim = joinRequest();
      const other = joinRequest({ room: victim.room });
      const present = isInUse ? victim : other;
      const { client } = await TestClient.join(server, present);
      const forged = { ...victim, secret: randomId() };
      const refusal = await TestClient.refused(server, forged);
      expect(refusal).toEqual({ code: 'bad-proof', message: expect.any(String) });
      expect(await client.drain()).toEqual([]);
    },
  );

  it('JOIN7 takes over: the old connection is told and closed, the others hear nothing', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const watcher = await TestClient.join(server, { room: identity.room });
    const old = await TestClient.join(server, identity);
    await watcher.client.expect('joined');
    const current = await TestClient.join(server, identity);
    expect(current.welcome).toMatchObject({
      version: watcher.welcome.version + 1,
      peers: [watcher.client.introduction],
    });
    expect((await old.client.expect('problem')).code).toBe('taken-over');
    await old.client.closed();
    // Once its end has been handled, the new connection must still be the one that is reached.
    expect(await watcher.client.drain()).toEqual([]);
    watcher.client.signal(identity.peer, 'still there?');
    expect((await current.client.expect('signal')).body).toBe('still there?');
    current.client.socket.emit('leave', null);
    expect((await watcher.client.expect('left')).version).toBe(watcher.welcome.version + 2);
  });

  it('JOIN9 refuses a connection that an outage held back until a later one was in', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const current = new TestClient(server, { ...identity, attempt: 2 });
    current.socket.connect();
    await current.expect('welcome');
    const refusal = await TestClient.refused(server, { ...identity, attempt: 1 });
    expect(refusal.code).toBe('overtaken');
    expect(await current.drain()).toEqual([]);
  });

  it('JOIN7 survives a storm of takeovers by one peer', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const watcher = await TestClient.join(server, { room: identity.room });
    const all = await Promise.all(
      Array.from({ length: 20 }, () => TestClient.join(server, identity)),
    );
    expect((await watcher.client.expect('joined')).peer).toBe(identity.peer);
    const ends = await Promise.all(
      all.map(async ({ client }) => {
        watcher.client.signal(identity.peer, 'who is it?');
        return (await client.next()).event;
      }),
    );
    expect(ends.filter((event) => event === 'signal')).toHaveLength(1);
    expect(ends.filter((event) => event === 'problem')).toHaveLength(19);
    expect(await watcher.client.drain()).toEqual([]);
  });

  it('JOIN8 refuses one more than the capacity, but not a takeover', async () => {
    const server = await startServer({ roomCapacity: 2 });
    const identity = joinRequest();
    const ann = await TestClient.join(server, identity);
    const bob = await TestClient.join(server, { room: identity.room });
    const refusal = await TestClient.refused(server, joinRequest({ room: identity.room }));
    expect(refusal.code).toBe('room-full');
    expect(await bob.client.drain()).toEqual([]);
    await TestClient.join(server, identity);
    await ann.client.closed();
    bob.client.socket.emit('leave', null);
    await bob.client.closed();
    await TestClient.join(server, { room: identity.room });
  });
});
