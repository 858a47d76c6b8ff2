import { MESSAGE_MAX_BYTES, SIGNAL_BODY_MAX_BYTES, TRANSPORT_MAX_BYTES } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { startServer } from '../testing/server.ts';

/** Two in one room, who have nothing left to read. */
async function pair(server: PeerlineServer): Promise<{ ann: TestClient; bob: TestClient }> {
  const room = randomId();
  const ann = await TestClient.join(server, { room });
  const bob = await TestClient.join(server, { room });
  await ann.client.expect('joined');
  return { ann: ann.client, bob: bob.client };
}

describe('relaying', () => {
  it('RELAY1 carries a body as it is, RELAY2 stamped with its sender', async () => {
    const { ann, bob } = await pair(await startServer());
    const body = JSON.stringify({ any: 'text', ünïcode: '🎥', nested: [1, { a: null }] });
    ann.signal(bob.peer, body);
    expect(await bob.expect('signal')).toEqual({ from: ann.peer, body });
    expect(await ann.drain()).toEqual([]);
  });

  it('RELAY1 keeps the order', async () => {
    const { ann, bob } = await pair(await startServer());
    for (let n = 0; n < 200; n += 1) ann.signal(bob.peer, String(n));
    for (let n = 0; n < 200; n += 1) expect((await bob.expect('signal')).body).toBe(String(n));
  });

  it('RELAY6 gives back what a peer relays to itself', async () => {
    const { ann, bob } = await pair(await startServer());
    ann.signal(ann.peer, 'echo');
    expect(await ann.expect('signal')).toEqual({ from: ann.peer, body: 'echo' });
    expect(await bob.drain()).toEqual([]);
  });

  it('RELAY2 refuses a forged sender', async () => {
    const { ann, bob } = await pair(await startServer());
    ann.socket.emit('signal', { to: bob.peer, from: bob.peer, body: 'forged' });
    expect(await ann.expectProblem()).toMatchObject({ code: 'bad-message', event: 'signal' });
    expect(await bob.drain()).toEqual([]);
  });

  it('RELAY3 gives one answer for a peer that is elsewhere, nowhere or gone', async () => {
    const server = await startServer();
    const { ann, bob } = await pair(server);
    const stranger = await TestClient.join(server);
    const gone = await TestClient.join(server);
    gone.client.socket.emit('leave', null);
    await gone.client.closed();
    const answers = [];
    for (const to of [stranger.client.peer, randomId(), gone.client.peer]) {
      ann.signal(to, 'hello?');
      const { peer, ...rest } = await ann.expectProblem();
      expect(peer).toBe(to);
      answers.push(rest);
    }
    expect(answers[0]).toEqual({
      code: 'unknown-peer',
      event: 'signal',
      message: expect.any(String),
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await stranger.client.drain()).toEqual([]);
    expect(await bob.drain()).toEqual([]);
  });

  it('RELAY4 keeps nothing for who comes back', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const ann = await TestClient.join(server, { room: identity.room });
    const bob = await TestClient.join(server, identity);
    bob.client.socket.disconnect();
    await ann.client.expect('joined');
    await ann.client.expect('left');
    ann.client.signal(identity.peer, 'missed');
    expect((await ann.client.expectProblem()).code).toBe('unknown-peer');
    const again = await TestClient.join(server, identity);
    expect(await again.client.drain()).toEqual([]);
  });

  it('RELAY5 carries the largest body, in bytes of UTF-8, and refuses one byte more', async () => {
    const { ann, bob } = await pair(await startServer());
    const largest = `${'é'.repeat(SIGNAL_BODY_MAX_BYTES / 2 - 1)}ab`;
    expect(Buffer.byteLength(largest)).toBe(SIGNAL_BODY_MAX_BYTES);
    ann.signal(bob.peer, largest);
    expect((await bob.expect('signal')).body).toBe(largest);
    ann.signal(bob.peer, `${largest}x`);
    expect(await ann.expectProblem()).toMatchObject({ code: 'too-large', event: 'signal' });
    ann.signal(bob.peer, 'x'.repeat(MESSAGE_MAX_BYTES * 2));
    expect(await ann.expectProblem()).toMatchObject({ code: 'too-large', event: 'signal' });
    expect(await bob.drain()).toEqual([]);
  });

  it('RELAY5 has the transport cut what is larger still', async () => {
    const { ann, bob } = await pair(await startServer());
    ann.signal(bob.peer, 'x'.repeat(TRANSPORT_MAX_BYTES));
    await ann.closed();
    expect((await bob.expect('left')).reason).toBe('lost');
    expect(await bob.drain()).toEqual([]);
  });
});

describe('leaving', () => {
  it('LEAVE1 ends the membership at once, also when the client hangs up in the same breath', async () => {
    const { ann, bob } = await pair(await startServer());
    bob.socket.emit('leave', null);
    bob.socket.disconnect();
    expect(await ann.expect('left')).toMatchObject({ peer: bob.peer, reason: 'left' });
  });

  it('LEAVE1 closes the connection of who has left', async () => {
    const { ann, bob } = await pair(await startServer());
    bob.socket.emit('leave', null);
    expect(await bob.closed()).toBe('io server disconnect');
    expect((await ann.expect('left')).reason).toBe('left');
  });

  it('LEAVE1 reports a connection that just ends as lost', async () => {
    const { ann, bob } = await pair(await startServer());
    bob.socket.io.engine.close();
    expect((await ann.expect('left')).reason).toBe('lost');
  });

  it('LEAVE1 still relays what was said before it', async () => {
    const { ann, bob } = await pair(await startServer());
    bob.signal(ann.peer, 'goodbye');
    bob.socket.emit('leave', null);
    expect((await ann.expect('signal')).body).toBe('goodbye');
    expect((await ann.expect('left')).reason).toBe('left');
  });
});

describe('problems', () => {
  const nobody = randomId();
  it.each<[string, readonly unknown[]]>([
    ['no argument', ['signal']],
    ['null', ['signal', null]],
    ['an array', ['signal', []]],
    ['a text', ['signal', 'hello']],
    ['a number', ['signal', 7]],
    ['no body', ['signal', { to: nobody }]],
    ['no receiver', ['signal', { body: 'x' }]],
    ['an empty body', ['signal', { to: nobody, body: '' }]],
    ['a body that is no text', ['signal', { to: nobody, body: { sdp: 'x' } }]],
    ['a receiver that is no id', ['signal', { to: 'everyone', body: 'x' }]],
    ['a list of receivers', ['signal', { to: [nobody, nobody], body: 'x' }]],
    ['a field too many', ['signal', { to: nobody, body: 'x', room: nobody }]],
    ['two arguments', ['signal', { to: nobody, body: 'x' }, 1]],
    ['an acknowledgement asked for', ['signal', { to: nobody, body: 'x' }, () => undefined]],
    ['only an acknowledgement', ['signal', () => undefined]],
    ['binary', ['signal', Buffer.from([1, 2, 3])]],
    ['binary in its body', ['signal', { to: nobody, body: Buffer.from('x') }]],
    ['leave without null', ['leave']],
    ['leave with something', ['leave', { now: true }]],
    ['leave with two', ['leave', null, null]],
  ])('PROBLEM1 answers %s with bad-message and relays nothing', async (_, [event, ...args]) => {
    const { ann, bob } = await pair(await startServer());
    ann.socket.emit(String(event), ...args);
    expect(await ann.expectProblem()).toEqual({
      code: 'bad-message',
      event,
      message: expect.any(String),
    });
    expect(await bob.drain()).toEqual([]);
    expect(await ann.drain()).toEqual([]);
  });

  it.each(['join', 'welcome', 'error', 'message', 'problem', '__proto__', 'constructor', ''])(
    'PROBLEM1 answers the unknown event "%s"',
    async (event) => {
      const { ann, bob } = await pair(await startServer());
      ann.socket.emit(event, { to: bob.peer, body: 'x' });
      expect(await ann.expectProblem()).toEqual({
        code: 'unknown-event',
        event,
        message: expect.any(String),
      });
      expect(await bob.drain()).toEqual([]);
    },
  );

  it('PROBLEM1 does not repeat a long event name', async () => {
    const { ann } = await pair(await startServer());
    ann.socket.emit('e'.repeat(10_000));
    expect(await ann.expectProblem()).toEqual({
      code: 'unknown-event',
      message: expect.any(String),
    });
  });

  it.each([
    ['a number for an event', '42[7,{}]'],
    ['no event', '42'],
    ['no event, but an acknowledgement', '427'],
    ['a boolean for an event', '4299[true]'],
    ['an acknowledgement asked for', '421["signal",{}]'],
    ['a reserved event', '42["disconnect"]'],
    ['a second CONNECT', '40{}'],
    ['an acknowledgement of nothing', '4312["x"]'],
    ['binary that never comes', '451-["signal",{"_placeholder":true,"num":0}]'],
    ['deep nesting', `42["signal",${'['.repeat(50_000)}${']'.repeat(50_000)}]`],
    ['broken JSON', '42["signal",{'],
    ['an unknown packet type', '49'],
    ['an unknown Engine.IO type', '9'],
  ])('PROBLEM2 lets %s touch nobody else', async (_, packet) => {
    const server = await startServer();
    const { ann, bob } = await pair(server);
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(joinRequest())}`);
    await raw.packet('42["welcome"');
    raw.send(packet);
    raw.send('42["signal",{}]');
    const answer = await raw.packet('42["problem"').catch(() => 'cut');
    expect(answer).toMatch(/^cut$|unknown-event|bad-message/);
    ann.signal(bob.peer, 'undisturbed');
    expect((await bob.expect('signal')).body).toBe('undisturbed');
    expect(await ann.drain()).toEqual([]);
  });

  it('PROBLEM2 answers internal when the server itself fails, and goes on', async () => {
    const store = new MemoryStore();
    const { ann, bob } = await pair(await startServer({ store }));
    const memoryLocate = store.locate.bind(store);
    store.locate = () => Promise.reject(new Error('store down'));
    ann.signal(bob.peer, 'lost');
    expect(await ann.expectProblem()).toMatchObject({ code: 'internal', event: 'signal' });
    store.locate = memoryLocate;
    ann.signal(bob.peer, 'again');
    expect((await bob.expect('signal')).body).toBe('again');
  });
});
