import { parseCard, type Envelope, type Introduction } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { createIdentity, deriveRoomId, wellFormed } from '../link/room-keys.ts';
import { createRoomLink, type RoomLink } from '../link/room-link.ts';
import { MemorySwitchboard } from '../testing/memory-signaling.ts';
import { SealedMember } from '../testing/sealed-member.ts';

const SAID: Envelope = { epoch: 1, toEpoch: 0, seq: 1, base: 1, ack: 0, signal: { type: 'hail' } };

async function pair(): Promise<readonly [MemorySwitchboard, RoomLink, SealedMember, SealedMember]> {
  const switchboard = new MemorySwitchboard();
  const link = createRoomLink('sealed');
  const ann = await SealedMember.join(switchboard, link);
  const bob = await SealedMember.join(switchboard, link);
  await ann.hears(2);
  return [switchboard, link, ann, bob];
}

describe('SEAL7 who holds the link', () => {
  test('is introduced and heard, in the order in which the server told it', async () => {
    const [, , ann, bob] = await pair();
    expect(ann.told[1]).toEqual(['joined', bob.id]);
    expect(bob.told[0]).toMatchObject(['welcome', { peers: [ann.id] }]);
    const bodies = [await bob.say(ann, SAID), await bob.say(ann, SAID)];
    for (const body of bodies) ann.given(bob.id, body);
    ann.signaling.deliver({ event: 'left', data: { peer: bob.id, version: 3, reason: 'left' } });
    const heard = await ann.hears(5);
    expect(heard.slice(2).map(([type]) => type)).toEqual(['signal', 'signal', 'left']);
    expect(heard[2]).toEqual(['signal', { from: bob.id, isVisitor: false, envelope: SAID }]);
  });

  test('SEAL6 a copy is dropped, and is no forgery', async () => {
    const [, , ann, bob] = await pair();
    const body = await bob.say(ann, SAID);
    for (const copy of [body, body, await bob.say(ann, SAID)]) ann.given(bob.id, copy);
    const heard = await ann.hears(4);
    expect(heard.slice(2).map(([type]) => type)).toEqual(['signal', 'signal']);
    expect(await ann.signals.open(bob.id, body)).toBeUndefined();
    expect(ann.told).toHaveLength(4);
  });

  test('keeps its counters over a return to the server', async () => {
    const [, , ann, bob] = await pair();
    ann.given(bob.id, await bob.say(ann, SAID));
    bob.signaling.lose({ back: true });
    await bob.hears(2);
    ann.given(bob.id, await bob.say(ann, SAID));
    const heard = await ann.hears(6);
    expect(heard.slice(2).map(([type]) => type)).toEqual(['signal', 'left', 'joined', 'signal']);
  });
});

describe('SEAL7 who does not hold it', () => {
  test('is no member, whatever the server says', async () => {
    const [switchboard, link, ann] = await pair();
    const room = await deriveRoomId(link);
    const stranger = await SealedMember.join(switchboard, createRoomLink('sealed'), room);
    const [, , joined] = await ann.hears(3);
    expect(joined).toEqual(['forged', expect.stringContaining(stranger.id)]);
    const told = await stranger.hears(3);
    expect(told.map(([type]) => type)).toEqual(['forged', 'forged', 'welcome']);
    expect(told[2]).toMatchObject(['welcome', { peers: [] }]);
    expect(await ann.signals.seal(stranger.id, SAID)).toBeUndefined();
    ann.given(stranger.id, JSON.stringify(SAID));
    expect((await ann.hears(4))[3]?.[0]).toBe('forged');
  });

  test('a card of another peer, of another time or one’s own brings nobody in', async () => {
    const [switchboard, link, ann, bob] = await pair();
    const { peer } = await createIdentity();
    const later = await SealedMember.join(switchboard, link);
    await ann.hears(3);
    const introduce = (one: Introduction): void =>
      ann.signaling.deliver({ event: 'joined', data: { ...one, version: 4 } });
    introduce({ peer, card: bob.card });
    introduce({ peer: bob.id, card: later.card });
    introduce({ peer: ann.id, card: ann.card });
    introduce({ peer, card: wellFormed(parseCard('-'.repeat(130))) });
    const heard = await ann.hears(7);
    expect(heard.slice(3).map(([type]) => type)).toEqual(Array.from({ length: 4 }, () => 'forged'));
  });

  test('a signal that was changed, reflected, or sealed by or for someone else is dropped', async () => {
    const [switchboard, link, ann, bob] = await pair();
    const cem = await SealedMember.join(switchboard, link);
    await ann.hears(3);
    await bob.hears(2);
    const genuine = await bob.say(ann, SAID);
    const changed = `${genuine.slice(0, 40)}${genuine[40] === 'A' ? 'B' : 'A'}${genuine.slice(41)}`;
    const bodies = [
      changed,
      await ann.say(bob, SAID),
      await cem.say(ann, SAID),
      await bob.say(cem, SAID),
      'x',
      '{}',
    ];
    for (const body of bodies) ann.given(bob.id, body);
    ann.given(bob.id, genuine);
    const heard = await ann.hears(10);
    expect(heard.slice(3).map(([type]) => type)).toEqual([...bodies.map(() => 'forged'), 'signal']);
  });
});
