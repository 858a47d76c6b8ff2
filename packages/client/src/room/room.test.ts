import { describe, expect, test, vi } from 'vitest';
import type { PeerState, RoomState } from '../api.ts';
import { RemotePeer } from '../peer/remote-peer.ts';
import { CallRig, nameOf, view, only } from '../testing/call-rig.ts';
import { fakeRtc } from '../testing/fake-peer-connection.ts';

describe('joining', () => {
  test('JOIN4 those inside and those who come are met, by name', async () => {
    const rig = new CallRig();
    const [ann, bob, cem] = await rig.call('Ann', 'Bob', 'Cem');
    expect(ann && view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect(bob && view(bob)).toEqual({ Ann: 'connected', Cem: 'connected' });
    expect(cem && view(cem)).toEqual({ Ann: 'connected', Bob: 'connected' });
  });

  test('a pair is set up with at most 4 relayed envelopes, and none afterwards', async () => {
    const rig = new CallRig();
    const [ann] = await rig.call('Ann', 'Bob');
    expect(rig.switchboard.log.length).toBeLessThanOrEqual(4);
    const before = rig.switchboard.log.length;
    ann?.setPresence({ name: 'Anna' });
    ann?.setMediaPreferences({ camera: { receive: false } });
    await rig.clock.advanceAsync(120_000);
    expect(rig.switchboard.log.slice(before)).toEqual([]);
  });

  test('JOIN8 a full room, a server that is silent and an abort are typed errors', async () => {
    const rig = new CallRig({ capacity: 1 });
    await rig.join('Ann');
    await expect(rig.join('Bob')).rejects.toMatchObject({ code: 'room-full' });

    rig.switchboard.stop();
    const silent = rig.join('Cem');
    silent.catch(() => undefined);
    await vi.waitFor(() => expect(rig.connections).toHaveLength(3));
    await rig.clock.advanceAsync(21_000);
    await expect(silent).rejects.toMatchObject({ code: 'server-unreachable' });

    const aborted = rig.join('Dan', { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    const abort = new AbortController();
    const cancelled = rig.join('Eve', { signal: abort.signal });
    cancelled.catch(() => undefined);
    await vi.waitFor(() => expect(rig.connections).toHaveLength(4));
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
  });

  test('bad links, bad presence and a missing WebRTC are typed errors', async () => {
    const rig = new CallRig();
    await expect(rig.join('Ann', { room: 'no link' })).rejects.toMatchObject({ code: 'bad-link' });
    const presence = { name: 'x'.repeat(5_000) };
    await expect(rig.join('Ann', { presence })).rejects.toMatchObject({ code: 'bad-presence' });
    const { joinRoom } = await import('./join-without-capture.ts');
    await expect(joinRoom({ room: rig.link, url: 'http://localhost:1' })).rejects.toMatchObject({
      code: 'webrtc-missing',
    });
  });

  test('an abort later on leaves the room', async () => {
    const rig = new CallRig();
    const abort = new AbortController();
    const ann = await rig.join('Ann', { signal: abort.signal });
    const bob = await rig.join('Bob');
    await rig.clock.advanceAsync(1_000);
    abort.abort();
    await rig.clock.advanceAsync(100);
    expect(ann.state.status).toBe('left');
    expect(bob.peers.size).toBe(0);
  });
});

describe('messages', () => {
  test('go to everyone, or to those named; typed and in order', async () => {
    type Messages = { chat: { text: string }; count: number };
    const rig = new CallRig();
    const ann = await rig.join<Messages>('Ann');
    const bob = await rig.join<Messages>('Bob');
    const cem = await rig.join<Messages>('Cem');
    const heard: string[] = [];
    for (const [name, room] of [
      ['bob', bob],
      ['cem', cem],
    ] as const) {
      room.on('message', (message) => {
        if (message.type === 'chat') heard.push(`${name}: ${message.payload.text}`);
        else heard.push(`${name}: ${message.payload + 1}`);
      });
    }
    // Before anyone is connected: they wait.
    const sent = Promise.all([ann.send('chat', { text: 'hi' }), ann.send('count', 41)]);
    await rig.clock.advanceAsync(2_000);
    await sent;
    expect(heard.toSorted()).toEqual(['bob: 42', 'bob: hi', 'cem: 42', 'cem: hi']);
    heard.length = 0;
    await ann.send('count', 1, { to: cem.id });
    await rig.clock.advanceAsync(100);
    expect(heard).toEqual(['cem: 2']);
    await expect(ann.send('count', 1, { to: ann.id })).rejects.toMatchObject({ code: 'peer-gone' });
  });

  test('can be looped over, by type, until the room is left', async () => {
    type Messages = { chat: string; other: number };
    const rig = new CallRig();
    const ann = await rig.join<Messages>('Ann');
    const bob = await rig.join<Messages>('Bob');
    await rig.clock.advanceAsync(1_000);
    const chats = bob.messages('chat');
    await Promise.all([ann.send('chat', 'one'), ann.send('other', 2), ann.send('chat', 'two')]);
    await rig.clock.advanceAsync(100);
    void bob.leave();
    const heard: string[] = [];
    for await (const { payload, from } of chats) heard.push(`${payload} from ${nameOf(from)}`);
    expect(heard).toEqual(['one from Ann', 'two from Ann']);
  });

  test('that fail their schema are dropped and reported', async () => {
    type Messages = { count: number };
    const rig = new CallRig();
    const ann = await rig.join<{ count: number | string }>('Ann');
    const validate = (value: unknown): { value: number } | { issues: { message: string }[] } =>
      typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] };
    const bob = await rig.join<Messages>('Bob', {
      messages: { count: { '~standard': { version: 1, vendor: 'test', validate } } },
    });
    const heard: number[] = [];
    const problems: string[] = [];
    bob.on('message', ({ payload }) => heard.push(payload));
    bob.on('problem', ({ code, message }) => problems.push(`${code}: ${message}`));
    await rig.clock.advanceAsync(1_000);
    await ann.send('count', 'many');
    await ann.send('count', 3);
    await rig.clock.advanceAsync(100);
    expect(heard).toEqual([3]);
    expect(problems).toEqual(['bad-peer-message: "count": not a number']);
  });
});

describe('presence', () => {
  test('changes are told, without the server', async () => {
    const rig = new CallRig();
    const [ann, bob] = await rig.call('Ann', 'Bob');
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    const told: unknown[] = [];
    only(bob).on('presence', (presence) => told.push(presence));
    ann.setPresence({ name: 'Anna', hand: true });
    await rig.clock.advanceAsync(100);
    expect(told).toEqual([{ name: 'Anna', hand: true }]);
    expect(() => ann.setPresence({ name: 'x'.repeat(9_999) })).toThrow('4 KB');
  });
});

describe('leaving', () => {
  test('LEAVE1 BYE1 is seen by the others, with the server and without it', async () => {
    for (const serverUp of [true, false]) {
      const rig = new CallRig();
      const [ann, bob] = await rig.call('Ann', 'Bob');
      if (ann === undefined || bob === undefined) throw new Error('two rooms');
      const states: PeerState[] = [];
      const left: string[] = [];
      const peer = only(ann);
      peer.on('state', (state) => states.push(state));
      ann.on('peerleft', ({ id }) => left.push(id));
      if (!serverUp) rig.switchboard.stop();
      const leaving = bob.leave();
      await rig.clock.advanceAsync(2_000);
      expect(left).toEqual([bob.id]);
      expect(states.at(-1)).toMatchObject({ status: 'lost' });
      await leaving;
      await expect(peer.send('chat', 1)).rejects.toMatchObject({ code: 'peer-gone' });
      await expect(bob.send('chat', 1)).rejects.toMatchObject({ code: 'room-left' });
    }
  });

  test('nothing runs on behind it', async () => {
    const rig = new CallRig();
    const rooms = await rig.call('Ann', 'Bob', 'Cem');
    const leaving = Promise.all(rooms.map((room) => room.leave()));
    await rig.clock.advanceAsync(60_000);
    await leaving;
    expect(rig.clock.pending).toBe(0);
  });

  test('JOIN7 a takeover ends the room with its reason', async () => {
    const rig = new CallRig();
    const [ann] = await rig.call('Ann');
    rig.connections[0]?.takenOver();
    await rig.clock.advanceAsync(0);
    expect(ann?.state).toEqual({ status: 'left', reason: { code: 'taken-over' } });
  });
});

describe('when the server goes', () => {
  test('calls and messages go on, and a newcomer meets everyone when it is back', async () => {
    const rig = new CallRig();
    const [ann, bob] = await rig.call('Ann', 'Bob');
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    const roomStates: RoomState['status'][] = [];
    const peerStates: PeerState['status'][] = [];
    const heard: unknown[] = [];
    ann.on('state', ({ status }) => roomStates.push(status));
    only(ann).on('state', ({ status }) => peerStates.push(status));
    bob.on('message', ({ payload }) => heard.push(payload));
    rig.switchboard.stop();
    await rig.clock.advanceAsync(60_000);
    await ann.send('chat', 'still here');
    await rig.clock.advanceAsync(100);
    expect(heard).toEqual(['still here']);
    rig.switchboard.start();
    const cem = await rig.join('Cem');
    await rig.clock.advanceAsync(2_000);
    expect(view(cem)).toEqual({ Ann: 'connected', Bob: 'connected' });
    expect(view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect(roomStates).toEqual(['reconnecting', 'joined']);
    expect(peerStates).toEqual([]);
  });

  test('a peer whose own connection lives stays, though the server lost it', async () => {
    const rig = new CallRig();
    const [ann, bob] = await rig.call('Ann', 'Bob');
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    rig.connections[1]?.lose({ back: false });
    await rig.clock.advanceAsync(60_000);
    expect(view(ann)).toEqual({ Bob: 'connected' });
    // Both signs together: now it is gone.
    rig.network.setUp(false);
    await rig.clock.advanceAsync(30_000);
    expect(view(ann)).toEqual({});
  });

  test('a joiner who arrives while others come back meets them all', async () => {
    const rig = new CallRig();
    const rooms = await rig.call('Ann', 'Bob', 'Cem');
    rig.connections[0]?.lose({ back: true });
    rig.connections[1]?.lose({ back: true });
    rooms.push(await rig.join('Dan'));
    await rig.clock.advanceAsync(5_000);
    for (const room of rooms) {
      expect(Object.values(view(room))).toEqual(['connected', 'connected', 'connected']);
    }
  });
});

describe('when a third peer is all that is left', () => {
  test('FWD1 FWD3 a connection is brought back over a peer that both still reach', async () => {
    const rig = new CallRig();
    const [atAnns, atBobs] = [{ up: true }, { up: true }];
    const ann = await rig.join('Ann', { rtc: fakeRtc(rig.network, atAnns) });
    const bob = await rig.join('Bob', { rtc: fakeRtc(rig.network, atBobs) });
    await rig.join('Cem');
    await rig.clock.advanceAsync(2_000);
    rig.switchboard.stop();
    await rig.clock.advanceAsync(1_000);
    rig.network.breakPaths(atAnns, atBobs);
    await rig.clock.advanceAsync(40_000);
    expect(view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect(view(bob)).toEqual({ Ann: 'connected', Cem: 'connected' });
    const heard: unknown[] = [];
    bob.on('message', ({ payload }) => heard.push(payload));
    await ann.send('chat', 'over a new path', { to: bob.id });
    await rig.clock.advanceAsync(1_000);
    expect(heard).toEqual(['over a new path']);
  });
});

describe('who is away', () => {
  test('LEAVE1 silent for a while is away and comes back as the same peer, closed is soon gone', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const access = { up: true };
    const bob = await rig.join('Bob', { rtc: fakeRtc(rig.network, access) });
    await rig.clock.advanceAsync(2_000);
    const peer = only(ann);
    rig.network.setUp(false, access);
    await rig.clock.advanceAsync(7_500);
    rig.connections[1]?.lose({ back: false, reason: 'silent' });
    await rig.clock.advanceAsync(52_500);
    expect([ann.peers.size, peer.state.status]).toEqual([1, 'away']);
    rig.network.setUp(true, access);
    rig.connections[1]?.retryNow();
    await rig.clock.advanceAsync(5_000);
    expect(only(ann)).toBe(peer);
    expect([peer.state.status, only(bob).state.status]).toEqual(['connected', 'connected']);

    rig.network.setUp(false, access);
    rig.connections[1]?.lose({ back: false, reason: 'lost' });
    await rig.clock.advanceAsync(20_000);
    expect(ann.peers.size).toBe(0);
    expect(peer.state).toEqual({ status: 'lost', reason: 'gone' });
  });

  test('AWAY1 who said that the page is frozen is away until heard again', async () => {
    const rig = new CallRig();
    const [ann, bob] = await rig.call('Ann', 'Bob');
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    const peer = only(ann);
    const others = bob.peers.values().next().value;
    if (!(others instanceof RemotePeer)) throw new Error('no peer');
    others.control({ type: 'away' });
    await rig.clock.advanceAsync(50);
    expect(peer.state.status).toBe('away');
    await bob.send('chat', 'back');
    await rig.clock.advanceAsync(50);
    expect(peer.state.status).toBe('connected');
  });
});
