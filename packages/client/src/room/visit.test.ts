import { describe, expect, test, vi } from 'vitest';
import type { MessageMap, Room } from '../api.ts';
import type { VisitState } from '../api-visit.ts';
import { drawIdentity } from '../link/room-keys.ts';
import { parseRoomLink } from '../link/room-link.ts';
import { createNoMedia } from '../media/no-media.ts';
import { RemotePeer } from '../peer/remote-peer.ts';
import { CallRig, nameOf, only, view } from '../testing/call-rig.ts';
import { FakeTrack } from '../testing/fake-media.ts';
// Loaded when a first visitor comes, which takes real time.
import './visitors.ts';

/** The larger id offers, and a visitor's is mostly larger: those inside may draw more often still. */
const VISITOR_DRAWS = 16;
const DRAWS = [
  { who: 'the visitor', insideDraws: 1 },
  { who: 'the one inside', insideDraws: 1_000 },
];

/** Of a link that was made elsewhere: the largest of so many. */
function drawing(draws: number): CallRig['createIdentity'] {
  const link = parseRoomLink('elsewhere.AAAAAAAAAAAAAAAAAAAAAA');
  return () => drawIdentity(link, undefined, draws);
}

function rigOf(insideDraws: number): CallRig {
  const rig = new CallRig();
  rig.createIdentity = drawing(insideDraws);
  return rig;
}

/** Time enough to connect, and to acknowledge all of it. */
const CONNECTED_MS = 3_000;

function withCamera(): ReturnType<typeof createNoMedia> {
  const camera = new FakeTrack({ kind: 'video' });
  return { ...createNoMedia(), track: (source) => (source === 'camera' ? camera : undefined) };
}

/** Who came and went, and what was known of the name when its camera was told of. */
function seenBy(room: Room): string[] {
  const seen: string[] = [];
  room.on('peer', (peer) => {
    seen.push(`came as ${nameOf(peer)}`);
    peer.on('media', ({ camera }) => camera && seen.push(`${nameOf(peer)}: camera`));
  });
  room.on('peerleft', () => seen.push('left'));
  return seen;
}

describe('a visit', () => {
  test.each(DRAWS)(
    'VISIT5 is seen by nobody, and connected when it joins: $who offers',
    async (draw) => {
      const rig = rigOf(draw.insideDraws);
      const ann = await rig.join('Ann', { local: withCamera() });
      rig.createIdentity = drawing(VISITOR_DRAWS);
      const seen = seenBy(ann);
      const visit = await rig.visit({ local: withCamera() });
      await rig.clock.advanceAsync(CONNECTED_MS);
      expect(visit.state).toEqual({ status: 'ready', others: 1 });
      expect(ann.peers.size).toBe(0);
      expect(seen).toEqual([]);
      const relayed = rig.switchboard.log.join('\n');
      expect(relayed).not.toMatch(/Ann|"camera":true|"revision":1/u);

      const before = rig.switchboard.log.length;
      const bob = await visit.join({ presence: { name: 'Bob' } });
      await rig.clock.advanceAsync(50);
      expect(view(bob)).toEqual({ Ann: 'connected' });
      expect(view(ann)).toEqual({ Bob: 'connected' });
      expect(only(ann).media.camera && only(bob).media.camera).toBe(true);
      expect(seen).toEqual(['came as ', 'Bob: camera']);
      expect(rig.switchboard.log.slice(before)).toEqual([]);
      await rig.clock.advanceAsync(60_000);
      expect(view(ann)).toEqual({ Bob: 'connected' });
      expect(seen).toEqual(['came as ', 'Bob: camera']);
    },
  );

  test('VISIT5 hears no messages, and none of it are heard', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    await ann.send('chat', 'before');
    const bob = await visit.join({ presence: { name: 'Bob' } });
    const heard: unknown[] = [];
    bob.on('message', ({ payload }) => heard.push(payload));
    await rig.clock.advanceAsync(50);
    const sent = ann.send('chat', 'behind');
    await rig.clock.advanceAsync(1_000);
    await sent;
    expect(heard).toEqual(['behind']);
  });

  test('VISIT5 is in by its own word, before the server says so, and stays', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const seen = seenBy(ann);
    const visit = await rig.visit({ local: withCamera() });
    await rig.clock.advanceAsync(CONNECTED_MS);
    const toServer = rig.connections.at(-1);
    const comeIn = toServer?.comeIn.bind(toServer);
    if (toServer === undefined || comeIn === undefined) throw new Error('no connection');
    toServer.comeIn = () => void rig.clock.setTimeout(comeIn, 1_000);
    const joining = visit.join({ presence: { name: 'Bob' } });
    await rig.clock.advanceAsync(500);
    expect(view(ann)).toEqual({ Bob: 'connected' });
    await rig.clock.advanceAsync(1_000);
    const bob = await joining;
    await rig.clock.advanceAsync(60_000);
    expect(seen).toEqual(['came as Bob', 'Bob: camera']);
    expect(view(bob)).toEqual({ Ann: 'connected' });
  });

  test('VISIT5 is not heard, whatever its program says', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const heard: unknown[] = [];
    ann.on('message', ({ payload }) => heard.push(payload));
    const visit = await rig.visit();
    const visitors: RemotePeer<MessageMap>[] = [];
    const start = Reflect.get<{ start: RemotePeer<MessageMap>['start'] }, 'start'>(
      RemotePeer.prototype,
      'start',
    );
    const spy = vi.spyOn(RemotePeer.prototype, 'start').mockImplementation(function (
      this: RemotePeer<MessageMap>,
      isUnseen,
    ) {
      if (isUnseen === true) visitors.push(this);
      start.call(this, isUnseen);
    });
    await rig.clock.advanceAsync(CONNECTED_MS);
    spy.mockRestore();
    const sent = visitors[0]?.send('chat', 'psst');
    await rig.clock.advanceAsync(1_000);
    await sent;
    expect(visitors).toHaveLength(1);
    expect(heard).toEqual([]);
    await visit.leave();
  });

  test.each(DRAWS)(
    'VISIT4 by the server alone connects when it joins: $who offers',
    async (draw) => {
      const rig = rigOf(draw.insideDraws);
      const ann = await rig.join('Ann');
      rig.createIdentity = drawing(VISITOR_DRAWS);
      const visit = await rig.visit({ connect: 'server' });
      await rig.clock.advanceAsync(CONNECTED_MS);
      expect(visit.state).toEqual({ status: 'ready', others: 1 });
      expect(rig.switchboard.log).toEqual([]);
      const bob = await visit.join({ presence: { name: 'Bob' } });
      await rig.clock.advanceAsync(CONNECTED_MS);
      expect(view(bob)).toEqual({ Ann: 'connected' });
      expect(view(ann)).toEqual({ Bob: 'connected' });
      expect(rig.switchboard.log.length).toBeLessThanOrEqual(4);
    },
  );

  test('connects with nobody where addresses are to be kept', async () => {
    const rig = new CallRig();
    await rig.join('Ann');
    await rig.visit({ relayOnly: true, iceServers: [{ urls: 'turn:relay.test' }] });
    await rig.clock.advanceAsync(CONNECTED_MS);
    expect(rig.switchboard.log).toEqual([]);
  });

  test('VISIT2 knows who comes and goes meanwhile', async () => {
    const rig = new CallRig();
    const visit = await rig.visit();
    const states: VisitState[] = [];
    visit.on('state', (state) => states.push(state));
    await rig.clock.advanceAsync(CONNECTED_MS);
    const ann = await rig.join('Ann');
    await rig.join('Cem');
    await rig.clock.advanceAsync(CONNECTED_MS);
    expect(visit.state).toEqual({ status: 'ready', others: 2 });
    const left = ann.leave();
    await rig.clock.advanceAsync(CONNECTED_MS);
    await left;
    expect(states.map((state) => (state.status === 'ready' ? state.others : state.status))).toEqual(
      [0, 1, 2, 1],
    );
    const bob = await visit.join({ presence: { name: 'Bob' } });
    await rig.clock.advanceAsync(50);
    expect(view(bob)).toEqual({ Cem: 'connected' });
  });

  test('several come in one after the other, and see each other', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const visits = [await rig.visit(), await rig.visit()] as const;
    await rig.clock.advanceAsync(CONNECTED_MS);
    const bob = await visits[0].join({ presence: { name: 'Bob' } });
    const cem = await visits[1].join({ presence: { name: 'Cem' } });
    await rig.clock.advanceAsync(CONNECTED_MS);
    expect(view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect(view(bob)).toEqual({ Ann: 'connected', Cem: 'connected' });
    expect(view(cem)).toEqual({ Ann: 'connected', Bob: 'connected' });
  });

  test('leaves without a trace', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const seen = seenBy(ann);
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    await visit.leave();
    await rig.clock.advanceAsync(CONNECTED_MS);
    const before = rig.switchboard.log.length;
    await rig.clock.advanceAsync(120_000);
    expect(visit.state).toEqual({ status: 'ended' });
    expect(seen).toEqual([]);
    expect(rig.switchboard.log.slice(before)).toEqual([]);
    await expect(visit.join()).rejects.toMatchObject({ code: 'room-left' });
  });

  test('comes in once', async () => {
    const rig = new CallRig();
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    await visit.join();
    await expect(visit.join()).rejects.toMatchObject({ code: 'room-left' });
    await visit.leave();
  });

  test('that is not ready, or over, joins like anyone else', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const hasty = await rig.visit();
    const bob = await hasty.join({ presence: { name: 'Bob' } });
    const ended = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    rig.connections.at(-1)?.drop();
    await rig.clock.advanceAsync(50);
    expect(ended.state).toEqual({ status: 'ended' });
    const cem = await ended.join({ presence: { name: 'Cem' } });
    await rig.clock.advanceAsync(CONNECTED_MS);
    expect(view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect([bob.peers.size, cem.peers.size]).toEqual([2, 2]);
  });

  test('goes on over another connection to the server', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    rig.switchboard.stop();
    await rig.clock.advanceAsync(50);
    expect(visit.state).toEqual({ status: 'connecting' });
    rig.switchboard.start();
    await rig.clock.advanceAsync(CONNECTED_MS);
    expect(visit.state).toEqual({ status: 'ready', others: 1 });
    const bob = await visit.join({ presence: { name: 'Bob' } });
    await rig.clock.advanceAsync(50);
    expect(view(ann)).toEqual({ Bob: 'connected' });
    expect(view(bob)).toEqual({ Ann: 'connected' });
  });

  test('VISIT6 JOIN8 to a full room is told so, and nobody inside has seen anyone', async () => {
    const rig = new CallRig({ capacity: 1 });
    const ann = await rig.join('Ann');
    const seen = seenBy(ann);
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    const joining = visit.join({ presence: { name: 'Bob' } });
    joining.catch(() => undefined);
    await rig.clock.advanceAsync(CONNECTED_MS);
    await expect(joining).rejects.toMatchObject({ code: 'room-full' });
    expect(seen).toEqual([]);
  });

  test('may be given up while it joins', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    const abort = new AbortController();
    const joining = visit.join({ signal: abort.signal });
    joining.catch(() => undefined);
    abort.abort();
    await rig.clock.advanceAsync(CONNECTED_MS);
    await expect(joining).rejects.toMatchObject({ code: 'aborted' });
    expect(ann.peers.size).toBe(0);
  });

  test('checks what it is given as joining does', async () => {
    const rig = new CallRig();
    await expect(rig.visit({ room: 'no link' })).rejects.toMatchObject({ code: 'bad-link' });
    const visit = await rig.visit();
    await rig.clock.advanceAsync(CONNECTED_MS);
    const presence = { name: 'x'.repeat(5_000) };
    await expect(visit.join({ presence })).rejects.toMatchObject({ code: 'bad-presence' });
    // Nothing came of that, so it may be tried again.
    const room = await visit.join({ presence: { name: 'Ann' } });
    expect(room.state.status).toBe('joined');
    await vi.waitFor(() => expect(visit.state).toEqual({ status: 'ended' }));
  });
});
