import { describe, expect, it } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { startServer } from '../testing/server.ts';

type Access = 'open' | 'knock' | 'locked';

/** A room and its host. */
async function hosted(
  server: PeerlineServer,
  access: Access,
  key?: string,
): Promise<{ readonly room: string; readonly host: TestClient }> {
  const room = randomId();
  const host = new TestClient(server, at(room, { access, ...(key !== undefined && { key }) }));
  host.socket.connect();
  expect((await host.expect('welcome')).settings).toMatchObject({ access, host: host.peer });
  return { room, host };
}

function at(room: string, door?: object, secret?: string): object {
  const request = joinRequest({ room, ...(secret !== undefined && { secret }) });
  return { ...request, ...(door !== undefined && { door }) };
}

/** Someone who stands in front of the door and said who it is. */
async function knocking(
  server: PeerlineServer,
  room: string,
  note = 'c2VhbGVk',
): Promise<TestClient> {
  const client = new TestClient(server, at(room));
  client.socket.connect();
  await client.expect('waiting');
  client.socket.emit('note', { note });
  return client;
}

describe('the door', () => {
  it('DOOR1 is open unless whoever comes first says otherwise', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const { welcome } = await TestClient.join(server, { room });
    expect(welcome.settings).toMatchObject({ access: 'open', host: host.peer });
  });

  it('DOOR2 takes what a later one says for nothing', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const other = new TestClient(server, at(room, { access: 'locked', key: randomId() }));
    other.socket.connect();
    expect((await other.expect('welcome')).settings).toMatchObject({
      ...{ access: 'open', passwordRevision: 0, host: host.peer },
    });
  });

  it('DOOR4 has who knocks wait, unseen and unheard, until the host lets it in', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'knock');
    const friend = await knocking(server, room);
    expect(await host.expect('knock')).toMatchObject({ peer: friend.peer, note: 'c2VhbGVk' });
    // It reaches nobody, and learns of nobody.
    friend.socket.emit('signal', { to: host.peer, body: 'let me in' });
    friend.socket.emit('admit', { peer: friend.peer });
    friend.socket.emit('settings', { access: 'open' });
    expect(await host.drain()).toEqual([]);
    host.socket.emit('admit', { peer: friend.peer });
    const welcome = await friend.expect('welcome');
    expect(welcome.peers).toEqual([host.introduction]);
    expect((await host.expect('joined')).peer).toBe(friend.peer);
    friend.signal(host.peer, 'thank you');
    expect((await host.expect('signal')).body).toBe('thank you');
  });

  it('DOOR4 tells those inside nothing of who only waits', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const member = await TestClient.join(server, { room });
    await host.expect('joined');
    host.socket.emit('settings', { access: 'knock' });
    await host.expect('settings');
    await member.client.expect('settings');
    await knocking(server, room);
    await host.expect('knock');
    expect(await member.client.drain()).toEqual([]);
  });

  it('DOOR4 turns away whom the host declines, and tells when one gave up', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'knock');
    const stranger = await knocking(server, room);
    await host.expect('knock');
    host.socket.emit('decline', { peer: stranger.peer });
    expect((await stranger.expect('problem')).code).toBe('declined');
    await stranger.closed();
    const impatient = await knocking(server, room);
    await host.expect('knock');
    impatient.socket.emit('leave', null);
    expect(await host.expect('knock-ended')).toEqual({ peer: impatient.peer });
    host.socket.emit('admit', { peer: impatient.peer });
    expect((await host.expectProblem()).code).toBe('unknown-peer');
  });

  it('DOOR4 has nobody wait for a room that has emptied', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'knock');
    const friend = await knocking(server, room);
    await host.expect('knock');
    host.socket.emit('leave', null);
    expect((await friend.expect('problem')).code).toBe('declined');
    const { welcome } = await TestClient.join(server, { room });
    expect(welcome.peers).toEqual([]);
  });

  it('DOOR4 shows those who wait to the next host', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const heir = await TestClient.join(server, { room });
    await host.expect('joined');
    host.socket.emit('settings', { access: 'knock' });
    await heir.client.expect('settings');
    const friend = await knocking(server, room);
    await host.expect('settings');
    await host.expect('knock');
    host.socket.emit('leave', null);
    await heir.client.expect('left');
    expect((await heir.client.expect('settings')).host).toBe(heir.client.peer);
    expect((await heir.client.expect('knock')).peer).toBe(friend.peer);
    heir.client.socket.emit('admit', { peer: friend.peer });
    await friend.expect('welcome');
  });

  it('DOOR3 is for the host alone, whatever a modified client sends', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const { client } = await TestClient.join(server, { room });
    await host.expect('joined');
    const theft: readonly (readonly [string, object])[] = [
      ['settings', { access: 'locked' }],
      ['settings', { key: null }],
      ['admit', { peer: client.peer }],
      ['decline', { peer: host.peer }],
      ['remove', { peer: host.peer }],
    ];
    for (const [event, data] of theft) {
      client.socket.emit(event, data);
      expect(await client.expectProblem()).toMatchObject({ code: 'not-host', event });
    }
    expect(await host.drain()).toEqual([]);
  });

  it('DOOR3 does not go to who takes a secret for that of the host', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'locked');
    const forged = { ...joinRequest({ room }), peer: host.peer };
    expect((await TestClient.refused(server, forged)).code).toBe('bad-proof');
    host.socket.emit('settings', { access: 'open' });
    expect((await host.expect('settings')).host).toBe(host.peer);
  });

  it('DOOR3 stays with a host that comes back, and goes on with one that leaves', async () => {
    const server = await startServer();
    const secret = randomId();
    const room = randomId();
    const first = new TestClient(server, at(room, undefined, secret));
    first.socket.connect();
    await first.expect('welcome');
    const { client } = await TestClient.join(server, { room });
    first.socket.disconnect();
    await client.expect('left');
    const again = new TestClient(server, at(room, undefined, secret));
    again.socket.connect();
    expect((await again.expect('welcome')).settings.host).toBe(again.peer);
    await client.expect('joined');
    again.socket.emit('leave', null);
    await client.expect('left');
    expect((await client.expect('settings')).host).toBe(client.peer);
  });

  it('DOOR1 locked: nobody new, but who was in comes back', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const secret = randomId();
    const member = new TestClient(server, at(room, undefined, secret));
    member.socket.connect();
    await member.expect('welcome');
    host.socket.emit('settings', { access: 'locked' });
    await member.expect('settings');
    expect((await TestClient.refused(server, at(room))).code).toBe('room-locked');
    member.socket.disconnect();
    const again = new TestClient(server, at(room, undefined, secret));
    again.socket.connect();
    await again.expect('welcome');
  });

  it('DOOR5 wants the key of the room, whether none or another one is shown', async () => {
    const server = await startServer();
    const key = randomId();
    const { room } = await hosted(server, 'open', key);
    const none = await TestClient.refused(server, at(room));
    const wrong = await TestClient.refused(server, at(room, { key: randomId() }));
    expect(none).toEqual(wrong);
    expect(none.code).toBe('wrong-password');
    const friend = new TestClient(server, at(room, { key }));
    friend.socket.connect();
    expect((await friend.expect('welcome')).settings.passwordRevision).toBe(1);
  });

  it('DOOR5 RATE4 lets one address guess at one room a few times, and right ones and other rooms go on', async () => {
    const server = await startServer({ limits: { passwords: { burst: 3, perSecond: 0.001 } } });
    const key = randomId();
    const { room } = await hosted(server, 'open', key);
    for (let times = 0; times < 5; times += 1) {
      const friend = new TestClient(server, at(room, { key }));
      friend.socket.connect();
      await friend.expect('welcome');
    }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => TestClient.refused(server, at(room, { key: randomId() }))),
    );
    const codes = answers.map(({ code }) => code).toSorted();
    expect(codes).toEqual([
      ...Array.from({ length: 3 }, () => 'rate-limited'),
      ...Array.from({ length: 3 }, () => 'wrong-password'),
    ]);
    const late = answers.find(({ code }) => code === 'rate-limited');
    expect(late?.retryAfterMs).toBeGreaterThan(0);
    // Who shows none is asked for it, and guesses nothing.
    expect((await TestClient.refused(server, at(room))).code).toBe('wrong-password');
    expect((await TestClient.refused(server, at(room, { key }))).code).toBe('rate-limited');
    const other = await hosted(server, 'open', key);
    const guest = new TestClient(server, at(other.room, { key }));
    guest.socket.connect();
    await guest.expect('welcome');
  });

  it('DOOR5 has its key changed and taken away by the host', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open', randomId());
    const key = randomId();
    host.socket.emit('settings', { key });
    await host.expect('settings');
    expect((await TestClient.refused(server, at(room, { key: randomId() }))).code).toBe(
      'wrong-password',
    );
    host.socket.emit('settings', { key: null });
    expect((await host.expect('settings')).passwordRevision).toBe(0);
    await TestClient.join(server, { room });
  });

  it('DOOR1 takes no more than the host allows, nor the host more than the server', async () => {
    const server = await startServer({ roomCapacity: 4 });
    const { room, host } = await hosted(server, 'open');
    for (const capacity of [1, 5, 64]) {
      host.socket.emit('settings', { capacity });
      expect((await host.expectProblem()).code).toBe('bad-message');
    }
    host.socket.emit('settings', { capacity: 2 });
    expect(await host.expect('settings')).toMatchObject({ capacity: 2, capacityMax: 4 });
    await TestClient.join(server, { room });
    expect((await TestClient.refused(server, at(room))).code).toBe('room-full');
  });

  it('DOOR6 closes the id of the room behind who is removed, for new ids as well', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'open');
    const secret = randomId();
    const rude = new TestClient(server, at(room, undefined, secret));
    rude.socket.connect();
    await rude.expect('welcome');
    const friend = await TestClient.join(server, { room });
    host.socket.emit('remove', { peer: rude.peer });
    await rude.expect('joined');
    expect((await rude.expect('problem')).code).toBe('removed');
    await rude.closed();
    expect((await TestClient.refused(server, at(room, undefined, secret))).code).toBe('room-moved');
    expect((await TestClient.refused(server, at(room))).code).toBe('room-moved');
    // Those inside have not moved yet, and still reach each other.
    friend.client.signal(host.peer, 'here');
    await host.expect('joined');
    await host.expect('joined');
    await host.expect('left');
    expect((await host.expect('signal')).body).toBe('here');
  });

  it('DOOR2 lets in those whom the first one expects, and nobody by their id alone', async () => {
    const server = await startServer();
    const secrets = [randomId(), randomId()];
    for (const access of ['locked', 'knock'] as const) {
      const room = randomId();
      const expects = secrets.map((secret) => joinRequest({ room, secret }).peer);
      const host = new TestClient(server, at(room, { access, expects }));
      host.socket.connect();
      await host.expect('welcome');
      const thief = { ...joinRequest({ room }), peer: expects[0] };
      expect((await TestClient.refused(server, thief)).code).toBe('bad-proof');
      // What a later one says about others counts for nothing.
      const strangers = [randomId(), randomId()];
      const ids = strangers.map((secret) => joinRequest({ room, secret }).peer);
      for (const secret of secrets) {
        const friend = new TestClient(server, at(room, { expects: ids }, secret));
        friend.socket.connect();
        expect((await friend.expect('welcome')).settings).toMatchObject({
          access,
          host: host.peer,
        });
      }
      const stranger = new TestClient(server, at(room, undefined, strangers[0]));
      if (access === 'locked') {
        expect((await TestClient.refused(server, at(room, undefined, strangers[1]))).code).toBe(
          'room-locked',
        );
      } else {
        stranger.socket.connect();
        await stranger.expect('waiting');
      }
    }
  });

  it('PROBLEM2 takes garbage at the door for what it is', async () => {
    const server = await startServer();
    const { room, host } = await hosted(server, 'knock');
    const garbage: readonly (readonly [string, unknown])[] = [
      ['settings', null],
      ['settings', { access: 'ajar' }],
      ['settings', { capacity: '4' }],
      ['settings', { key: 'short' }],
      ['settings', { host: host.peer }],
      ['admit', {}],
      ['admit', { peer: { $ne: null } }],
      ['remove', { peer: host.peer, moved: true }],
      ['note', { note: 'x'.repeat(10_000) }],
    ];
    for (const [event, data] of garbage) {
      host.socket.emit(event, data);
      expect((await host.expectProblem()).code).toBe('bad-message');
    }
    for (const door of [{ access: 'ajar' }, { key: 7 }, { note: 'x' }, null, 'open']) {
      const refusal = await TestClient.refused(server, { ...joinRequest({ room }), door });
      expect(refusal.code).toBe('bad-join');
    }
  });

  it('DOOR4 lets no crowd wait', async () => {
    const server = await startServer();
    const { room } = await hosted(server, 'knock');
    for (let waiting = 0; waiting < 32; waiting += 1) await knocking(server, room);
    expect((await TestClient.refused(server, at(room))).code).toBe('room-full');
  });
});
