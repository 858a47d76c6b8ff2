import type { Envelope, PeerId } from '@peerline/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PeerState } from '../api.ts';
import { createIdentity } from '../link/room-keys.ts';
import type { Pulse } from '../peer/standing.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Visitors } from './visitors.ts';

const ENVELOPE: Envelope = { epoch: 1, toEpoch: 0, seq: 1, base: 1, ack: 0 };

class FakePeer {
  readonly id: PeerId;
  pulse: Pulse = 'none';
  state: PeerState = { status: 'connecting', sinceMs: 0 };
  started = 0;
  received = 0;
  closed = 0;

  constructor(id: PeerId) {
    this.id = id;
  }

  start(): void {
    this.started += 1;
  }
  receive(): void {
    this.received += 1;
  }
  close(): void {
    this.closed += 1;
  }
}

let clock: FakeClock;
let isOpen: boolean;
let made: FakePeer[];
let unconfirmed: PeerId[];
let visitors: Visitors<FakePeer>;

beforeEach(() => {
  clock = new FakeClock();
  isOpen = true;
  made = [];
  unconfirmed = [];
  visitors = new Visitors<FakePeer>({
    clock,
    isOpen: () => isOpen,
    create: (id) => {
      const peer = new FakePeer(id);
      made.push(peer);
      return peer;
    },
    onUnconfirmed: (id) => unconfirmed.push(id),
  });
});

async function visited(): Promise<FakePeer> {
  const { peer } = await createIdentity();
  visitors.receive(peer, ENVELOPE);
  const visitor = made.at(-1);
  if (visitor?.id !== peer) throw new Error('not taken');
  return visitor;
}

function connect(visitor: FakePeer): void {
  visitor.pulse = 'beating';
  visitor.state = { status: 'connected', generation: 1 };
  visitors.pulsed(visitor);
}

describe('visitors', () => {
  test('VISIT6 are eight at a time', async () => {
    for (let n = 0; n < 8; n += 1) await visited();
    await expect(visited()).rejects.toThrow('not taken');
    const [first] = made;
    if (first !== undefined) visitors.drop(first.id);
    await visited();
    expect(made.map(({ closed }) => closed)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('are begun once, and hear all that comes for them', async () => {
    const visitor = await visited();
    visitors.receive(visitor.id, ENVELOPE);
    expect(visitor).toMatchObject({ started: 1, received: 2 });
  });

  test('VISIT6 are not taken, nor kept, where the room is not open', async () => {
    const visitor = await visited();
    isOpen = false;
    visitors.settled();
    expect(visitor.closed).toBe(1);
    await expect(visited()).rejects.toThrow('not taken');
  });

  test('VISIT6 that fall silent, or never connect, are let go', async () => {
    const silent = await visited();
    connect(silent);
    const never = await visited();
    silent.pulse = 'faint';
    visitors.pulsed(silent);
    expect([silent.closed, never.closed]).toEqual([1, 0]);
    clock.advance(30_000);
    expect(never.closed).toBe(1);
    const kept = await visited();
    connect(kept);
    clock.advance(600_000);
    expect(kept.closed).toBe(0);
  });

  test('VISIT5 come in by the word of the server', async () => {
    const visitor = await visited();
    expect(visitors.joined(visitor.id)).toBe(visitor);
    expect(visitors.joined(visitor.id)).toBeUndefined();
    clock.advance(60_000);
    expect(unconfirmed).toEqual([]);
    expect(visitor.closed).toBe(0);
  });

  test('VISIT5 come in by their own, which the server has to confirm', async () => {
    const [honest, other] = [await visited(), await visited()];
    expect(visitors.entered(honest.id)).toBe(honest);
    expect(visitors.entered(other.id)).toBe(other);
    visitors.joined(honest.id);
    clock.advance(10_000);
    expect(unconfirmed).toEqual([other.id]);
  });

  test('VISIT6 do not come in by their own where the room is not open', async () => {
    const visitor = await visited();
    isOpen = false;
    expect(visitors.entered(visitor.id)).toBeUndefined();
    expect(visitors.joined(visitor.id)).toBe(visitor);
  });

  test('DOOR6 do not go along to another link, nor stay unless they are in', async () => {
    const [visitor, entered] = [await visited(), await visited()];
    visitors.entered(entered.id);
    visitors.dropAll();
    expect([visitor.closed, entered.closed]).toEqual([1, 0]);
    clock.advance(10_000);
    expect(unconfirmed).toEqual([entered.id]);
  });

  test('are closed with the room', async () => {
    const [visitor, entered] = [await visited(), await visited()];
    visitors.entered(entered.id);
    visitors.close();
    clock.advance(60_000);
    expect(visitor.closed).toBe(1);
    expect(unconfirmed).toEqual([]);
  });
});
