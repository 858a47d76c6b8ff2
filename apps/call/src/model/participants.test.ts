import { describe, expect, it } from 'vitest';
import { Participants } from './participants.ts';
import { FakePeer, FakeRoom } from './testing/fake-room.ts';

function rig() {
  const room = new FakeRoom();
  const joined: string[] = [];
  const left: string[] = [];
  const present = room.enter(new FakePeer({ name: 'Ann' }));
  const participants = new Participants(room, {
    joined: ({ name }) => joined.push(name),
    left: ({ name }) => left.push(name),
  });
  return { room, participants, joined, left, present };
}

describe('participants', () => {
  it('has those present, without announcing them', () => {
    const { participants, joined } = rig();
    expect(participants.get().map(({ name }) => name)).toEqual(['Ann']);
    expect(joined).toEqual([]);
  });

  it('announces newcomers once their name is known', () => {
    const { room, participants, joined } = rig();
    const peer = new FakePeer({});
    peer.become({ status: 'connecting', sinceMs: 0 });
    room.enter(peer);
    expect(participants.get().map(({ name }) => name)).toEqual(['Ann', 'Guest']);
    expect(joined).toEqual([]);
    peer.introduce({ name: 'Bo' });
    peer.introduce({ name: 'Bo', hand: true });
    expect(joined).toEqual(['Bo']);
    expect(participants.find(peer.id)).toMatchObject({ name: 'Bo', handRaised: true });
  });

  it('announces those who never tell a name when they are connected', () => {
    const { room, joined } = rig();
    const peer = new FakePeer({});
    peer.become({ status: 'connecting', sinceMs: 0 });
    room.enter(peer);
    peer.become({ status: 'connected', generation: 1 });
    expect(joined).toEqual(['Guest']);
  });

  it('follows tracks, state and quality', () => {
    const { participants, present } = rig();
    present.turnOn('camera');
    expect(participants.find(present.id)?.tracks.camera?.source).toBe('camera');
    present.turnOff('camera');
    expect(participants.find(present.id)?.tracks.camera).toBeUndefined();
    present.become({ status: 'recovering', sinceMs: 0 });
    expect(participants.find(present.id)?.state.status).toBe('recovering');
  });

  it('drops who left, and everything that listened to them', () => {
    const { room, participants, left, present } = rig();
    room.exit(present);
    expect(participants.get()).toEqual([]);
    expect(left).toEqual(['Ann']);
    expect(present.listenerCount()).toBe(0);
  });

  it('shows someone once who left and came back', () => {
    const { room, participants, present } = rig();
    room.exit(present);
    present.become({ status: 'connected', generation: 2 });
    room.enter(present);
    expect(participants.get()).toHaveLength(1);
  });

  it('lets go of everything when disposed of', () => {
    const { room, participants, present } = rig();
    participants.dispose();
    expect(room.listenerCount() + present.listenerCount()).toBe(0);
  });
});
