import { describe, expect, it } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { startServer } from '../testing/server.ts';

interface VisitOptions {
  readonly room: string;
  readonly door?: object;
}

/** Connects as a visitor; whatever comes first is the test's to take. */
function visitor(server: PeerlineServer, { room, door }: VisitOptions): TestClient {
  const request = { ...joinRequest({ room }), visit: true, ...(door !== undefined && { door }) };
  const client = new TestClient(server, request);
  client.socket.connect();
  return client;
}

async function visiting(server: PeerlineServer, options: VisitOptions): Promise<TestClient> {
  const client = visitor(server, options);
  await client.expect('lobby');
  return client;
}

async function hosted(
  server: PeerlineServer,
  door?: object,
): Promise<{ readonly room: string; readonly host: TestClient }> {
  const room = randomId();
  const host = new TestClient(server, {
    ...joinRequest({ room }),
    ...(door !== undefined && { door }),
  });
  host.socket.connect();
  await host.expect('welcome');
  return { room, host };
}

describe('a visit', () => {
  it('VISIT1 shows the room to one whom the room does not see', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = visitor(server, { room });
    const lobby = await client.expect('lobby');
    expect(lobby).toMatchObject({
      peers: [host.introduction],
      settings: { access: 'open', host: host.peer },
    });
    expect(await host.drain()).toEqual([]);
    const { welcome } = await TestClient.join(server, { room });
    expect(welcome.peers).toEqual([host.introduction]);
  });

  it('VISIT1 to an empty room leaves no room behind, and makes nobody its host', async () => {
    const server = await startServer();
    const room = randomId();
    const door = { access: 'knock' };
    const client = visitor(server, { room, door });
    expect((await client.expect('lobby')).peers).toEqual([]);
    const first = await TestClient.join(server, { room });
    expect(first.welcome.settings).toMatchObject({ access: 'open', host: first.client.peer });
    expect(await client.expect('joined')).toMatchObject(first.client.introduction);
  });

  it('VISIT1 is refused for whatever a join is, but that the room is full', async () => {
    const server = await startServer({ roomCapacity: 2 });
    const key = randomId();
    const { room, host } = await hosted(server, { key });
    const second = new TestClient(server, { ...joinRequest({ room }), door: { key } });
    second.socket.connect();
    await host.expect('joined');
    const request = { ...joinRequest({ room }), visit: true };
    expect((await TestClient.refused(server, request)).code).toBe('wrong-password');
    const client = await visiting(server, { room, door: { key } });
    client.socket.emit('enter', null);
    await client.closed();
    host.socket.emit('settings', { access: 'locked' });
    await host.expect('settings');
    const again = { ...joinRequest({ room }), visit: true, door: { key } };
    expect((await TestClient.refused(server, again)).code).toBe('room-locked');
  });

  it('VISIT1 is for 64 at a time', async () => {
    const server = await startServer();
    const { room } = await hosted(server);
    await Promise.all(Array.from({ length: 64 }, () => visiting(server, { room })));
    const request = { ...joinRequest({ room }), visit: true };
    expect((await TestClient.refused(server, request)).code).toBe('room-full');
    await TestClient.join(server, { room });
  });

  it('VISIT1 again by the same peer ends the visit before', async () => {
    const server = await startServer();
    const { room } = await hosted(server);
    const request = { ...joinRequest({ room }), visit: true };
    const clients = [new TestClient(server, request), new TestClient(server, request)] as const;
    for (const client of clients) {
      client.socket.connect();
      await client.expect('lobby');
    }
    expect((await clients[0].expect('problem')).code).toBe('visit-ended');
    clients[1].socket.emit('enter', null);
    await clients[1].expect('welcome');
  });

  it('VISIT2 tells who comes and goes', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    const { client: other } = await TestClient.join(server, { room });
    expect(await client.expect('joined')).toMatchObject(other.introduction);
    other.socket.emit('leave', null);
    expect(await client.expect('left')).toMatchObject({ peer: other.peer, reason: 'left' });
    await host.expect('joined');
  });

  it('VISIT2 shows nobody, and reaches nobody, where one has to knock', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, { access: 'knock' });
    const client = visitor(server, { room });
    expect((await client.expect('lobby')).peers).toEqual([]);
    client.signal(host.peer, 'hello');
    expect(await client.expectProblem()).toMatchObject({ code: 'unknown-peer', peer: host.peer });
    host.signal(client.peer, 'who is there?');
    expect((await host.expectProblem()).code).toBe('unknown-peer');
    const friend = new TestClient(server, joinRequest({ room }));
    friend.socket.connect();
    await friend.expect('waiting');
    friend.socket.emit('note', { note: 'c2VhbGVk' });
    await host.expect('knock');
    host.socket.emit('admit', { peer: friend.peer });
    await host.expect('joined');
    expect(await client.drain()).toEqual([]);
    client.socket.emit('enter', null);
    expect(await client.closed()).toBe('transport close');
    expect(await host.drain()).toEqual([]);
  });

  it.each([
    ['locked', { access: 'locked' }],
    ['that has them knock', { access: 'knock' }],
    ['with a new password', { key: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('VISIT2 ends at a door %s', async (_, change) => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    host.socket.emit('settings', change);
    expect((await client.expect('problem')).code).toBe('visit-ended');
    await client.closed();
    host.signal(client.peer, 'still there?');
    await host.expect('settings');
    expect((await host.expectProblem()).code).toBe('unknown-peer');
  });

  it('VISIT2 ends where the first one inside would not let it in', async () => {
    const server = await startServer();
    const room = randomId();
    const client = await visiting(server, { room });
    const host = new TestClient(server, { ...joinRequest({ room }), door: { access: 'knock' } });
    host.socket.connect();
    await host.expect('welcome');
    expect((await client.expect('problem')).code).toBe('visit-ended');
  });

  it('VISIT2 ends where the room moves', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    host.socket.emit('remove', { peer: randomId() });
    expect((await client.expect('problem')).code).toBe('visit-ended');
  });

  it('VISIT3 brings the card with what it says, and the answer back', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    client.signal(host.peer, 'hello');
    expect(await host.expect('signal')).toEqual({
      from: client.peer,
      body: 'hello',
      card: client.introduction.card,
    });
    host.signal(client.peer, 'good day');
    expect(await client.expect('signal')).toEqual({ from: host.peer, body: 'good day' });
    client.signal(client.peer, 'echo');
    expect((await client.expect('signal')).body).toBe('echo');
  });

  it('VISIT3 leads to no other visitor', async () => {
    const server = await startServer();
    const { room } = await hosted(server);
    const one = await visiting(server, { room });
    const other = await visiting(server, { room });
    one.signal(other.peer, 'hello');
    expect((await one.expectProblem()).code).toBe('unknown-peer');
    expect(await other.drain()).toEqual([]);
  });

  it('VISIT4 comes in by one word, and is one like any other', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    client.socket.emit('enter', null);
    client.signal(host.peer, 'hello');
    expect((await client.expect('welcome')).peers).toEqual([host.introduction]);
    expect(await host.expect('joined')).toMatchObject(client.introduction);
    expect(await host.expect('signal')).toEqual({ from: client.peer, body: 'hello' });
    client.socket.emit('enter', null);
    expect(await client.drain()).toEqual([]);
    client.socket.emit('leave', null);
    expect(await host.expect('left')).toMatchObject({ peer: client.peer, reason: 'left' });
  });

  it('VISIT4 by the first one opens the room as it asked', async () => {
    const server = await startServer();
    const room = randomId();
    const client = await visiting(server, { room, door: { access: 'knock' } });
    client.socket.emit('enter', null);
    expect((await client.expect('welcome')).settings).toMatchObject({
      ...{ access: 'knock', host: client.peer },
    });
  });

  it.each(['now', false, {}])('VISIT4 says null and nothing else, not %j', async (word) => {
    const server = await startServer();
    const { room } = await hosted(server);
    const client = await visiting(server, { room });
    client.socket.emit('enter', word);
    expect(await client.expectProblem()).toMatchObject({ code: 'bad-message', event: 'enter' });
  });

  it('VISIT4 may end without it, which nobody hears of', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server);
    const client = await visiting(server, { room });
    client.socket.disconnect();
    const other = await visiting(server, { room });
    other.socket.emit('leave', null);
    await other.closed();
    host.signal(client.peer, 'gone?');
    expect((await host.expectProblem()).code).toBe('unknown-peer');
    expect(await host.drain()).toEqual([]);
  });
});
