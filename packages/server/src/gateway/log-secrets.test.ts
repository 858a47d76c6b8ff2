import { expect, it } from 'vitest';
import { createLog } from '../log/create-log.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { startServer } from '../testing/server.ts';
import { hmac, inSeconds, SECRET, token } from '../testing/tokens.ts';
import { MemoryStore } from '../store/memory-store.ts';

const NAME = 'Grace Hopper';
const ADDRESS = '203.0.113.77';

it('the log has no names, secrets, tokens, keys, bodies, whole ids or addresses, whatever happens', async () => {
  const lines: string[] = [];
  const log = createLog({
    ...{ level: 'debug', format: 'json' },
    destination: { write: (line) => lines.push(line) },
  });
  const store = new MemoryStore();
  const server = await startServer({
    ...{ log, store, trustedProxies: 1, roomCapacity: 3 },
    joinTokens: { key: { kind: 'shared-secret', secret: SECRET } },
  });
  const sign = (claims: object): string => token({ alg: 'HS256' }, claims, hmac(SECRET));
  const good = sign({ room: '*', sub: NAME, exp: inSeconds(600) });
  const bad = sign({ room: '*', sub: NAME, exp: inSeconds(-600) });
  const room = randomId();
  const doorKey = randomId();
  const secrets = new Set([NAME, ADDRESS, SECRET, room, doorKey]);
  for (const one of [good, bad]) for (const part of one.split('.')) secrets.add(part);
  const headers = { 'X-Forwarded-For': ADDRESS };
  const draw = (more: object = {}): ReturnType<typeof joinRequest> => {
    const request = { ...joinRequest({ room, token: good }), ...more };
    for (const one of [request.peer, request.secret, request.roomSecret, request.card]) {
      secrets.add(one);
    }
    return request;
  };
  const enter = async (more?: object): Promise<TestClient> => {
    const client = new TestClient(server, draw(more), { headers });
    client.socket.connect();
    await client.expect('welcome');
    return client;
  };

  // Joining, relaying, the door, removal, and what is refused at each.
  const host = await enter({ door: { key: doorKey } });
  const guest = await enter({ door: { key: doorKey } });
  await host.expect('joined');
  const body = `sealed for ${NAME}`;
  secrets.add(body);
  guest.signal(host.peer, body);
  expect((await host.expect('signal')).body).toBe(body);
  for (const more of [{ token: bad }, { token: NAME }, { door: { key: randomId() } }]) {
    await TestClient.refused(server, draw(more), { headers });
  }
  await TestClient.refused(server, draw({ secret: randomId() }), { headers });
  await TestClient.refused(server, { ...draw(), name: NAME }, { headers });
  for (const [event, data] of [
    ['signal', { to: NAME, body }],
    ['settings', { key: NAME }],
    [NAME, { token: good }],
    ['token', { token: bad }],
  ] as const) {
    guest.socket.emit(event, data);
    await guest.expectProblem();
  }
  host.socket.emit('remove', { peer: guest.peer });
  await guest.closed();

  // Attackers, and a store that fails with what it was called with.
  const raw = await RawSocket.open(server);
  raw.send(`40/${NAME},${JSON.stringify(draw())}`);
  raw.send(`42["${NAME}",{"secret":"${doorKey}"}]`);
  raw.tcp.end();
  await raw.closed;
  const join = store.join.bind(store);
  store.join = () => Promise.reject(new Error('store down'));
  await TestClient.refused(server, { ...draw(), room: randomId() }, { headers });
  store.join = join;
  host.socket.emit('leave', null);
  await host.closed();
  await (await fetch(`${server.url}/${encodeURIComponent(NAME)}?key=${doorKey}`)).text();

  const all = lines.join('');
  for (const said of [
    'peer joined',
    'not authorized',
    'peer refused',
    'joining failed',
    'peer left',
  ]) {
    expect(all).toContain(said);
  }
  for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
});
