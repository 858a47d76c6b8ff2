import type { Envelope, Signal } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FaultyPath } from '../testing/faulty-path.ts';
import { seededRandom } from '../testing/random.ts';
import { Mailbox } from './mailbox.ts';

/** A signal that carries a number, to tell signals apart. */
const numbered = (generation: number): Signal => ({
  type: 'need-offer',
  negotiation: 0,
  generation,
  want: 'exchange',
});

class End {
  readonly received: number[] = [];
  readonly sent: Envelope[] = [];
  restarts = 0;
  overdue = 0;
  readonly mailbox: Mailbox;

  constructor(clock: FakeClock, epoch: number, transmit: (envelope: Envelope) => void) {
    this.mailbox = new Mailbox({
      epoch,
      clock,
      transmit: (envelope) => {
        this.sent.push(envelope);
        transmit(envelope);
      },
      onOverdue: () => {
        this.overdue += 1;
      },
      onSignal: (signal) => {
        if (signal.type === 'need-offer') this.received.push(signal.generation);
      },
      onRestart: () => {
        this.restarts += 1;
      },
    });
  }
}

function pair(clock = new FakeClock()): {
  clock: FakeClock;
  a: End;
  b: End;
  cut: { value: boolean };
} {
  const cut = { value: false };
  const a: End = new End(clock, 1, (envelope) => {
    if (!cut.value) b.mailbox.receive(structuredClone(envelope));
  });
  const b: End = new End(clock, 1, (envelope) => {
    if (!cut.value) a.mailbox.receive(structuredClone(envelope));
  });
  return { clock, a, b, cut };
}

describe('signals between two peers', () => {
  test('DELIV3 what is of no use any more when a path returns is replaced, and keeps its place', () => {
    const { a, b, cut } = pair();
    cut.value = true;
    for (const number of [1, 2, 3]) a.mailbox.post(numbered(number));
    a.mailbox.replace(
      (signal) => signal.type === 'need-offer' && signal.generation === 2,
      numbered(9),
    );
    cut.value = false;
    a.mailbox.resume();
    expect(b.received).toEqual([1, 9, 3]);
    a.mailbox.replace(() => true, numbered(7));
    a.mailbox.post(numbered(4));
    expect(b.received).toEqual([1, 9, 3, 4]);
  });

  test('DELIV1 are numbered from 1, and one acknowledgement answers several', () => {
    const { clock, a, b } = pair();
    a.mailbox.post(numbered(1));
    a.mailbox.post(numbered(2));
    expect(a.sent.map(({ seq, base }) => [seq, base])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(b.sent).toEqual([]);
    clock.advance(1_000);
    expect(b.sent.map(({ seq, ack }) => [seq, ack])).toEqual([[0, 2]]);
    expect(a.mailbox.waiting).toBe(0);
  });

  test('DELIV1 an acknowledgement rides on a signal that goes the other way', () => {
    const { clock, a, b } = pair();
    a.mailbox.post(numbered(1));
    b.mailbox.post(numbered(9));
    expect(b.sent.map(({ seq, ack }) => [seq, ack])).toEqual([[1, 1]]);
    clock.advance(60_000);
    expect(b.sent).toHaveLength(1);
    expect(a.sent).toHaveLength(2); // the signal, and the acknowledgement of the other one
  });

  test('DELIV2 are handed on in order, each once', () => {
    const { a, b } = pair();
    const lone = new End(new FakeClock(), 1, () => undefined);
    a.mailbox.post(numbered(1));
    a.mailbox.post(numbered(2));
    a.mailbox.post(numbered(3));
    const [first, second, third] = a.sent;
    if (first === undefined || second === undefined || third === undefined) throw new Error('sent');
    for (const envelope of [third, second, third, first, first, second]) {
      lone.mailbox.receive(envelope);
    }
    expect(lone.received).toEqual([1, 2, 3]);
    expect(b.received).toEqual([1, 2, 3]);
  });

  test('DELIV2 what is below the base is not waited for', () => {
    const { a, b } = pair();
    const gap = { epoch: 1, toEpoch: 0, ack: 0 };
    b.mailbox.receive({ ...gap, seq: 1, base: 1, signal: numbered(1) });
    b.mailbox.receive({ ...gap, seq: 5, base: 4, signal: numbered(5) });
    expect(b.received).toEqual([1]);
    b.mailbox.receive({ ...gap, seq: 6, base: 5, signal: numbered(6) });
    expect(b.received).toEqual([1, 5, 6]);
    expect(a.restarts).toBe(0);
  });

  test('NEG9 DELIV2 what a newer one voids is not sent again, nor waited for', () => {
    const clock = new FakeClock();
    let isUp = false;
    const ends: { a?: End; b?: End } = {};
    const a = new End(clock, 1, (envelope) => {
      if (isUp) ends.b?.mailbox.receive(envelope);
    });
    const b = new End(clock, 1, (envelope) => ends.a?.mailbox.receive(envelope));
    Object.assign(ends, { a, b });
    a.mailbox.post(numbered(1));
    a.mailbox.post(numbered(2));
    a.mailbox.post(numbered(3), { voidsEarlier: true });
    isUp = true;
    a.mailbox.resume();
    expect(b.received).toEqual([3]);
    a.mailbox.post(numbered(4));
    clock.advance(5_000);
    expect(b.received).toEqual([3, 4]);
    expect(a.mailbox.waiting).toBe(0);
  });

  test('DELIV3 are sent again when a path returns', () => {
    const { a, b, cut } = pair();
    cut.value = true;
    a.mailbox.post(numbered(1));
    a.mailbox.post(numbered(2));
    expect(b.received).toEqual([]);
    cut.value = false;
    a.mailbox.resume();
    expect(b.received).toEqual([1, 2]);
  });

  test('DELIV3 are sent again after times that double, up to a bound', () => {
    const { clock, a, cut } = pair();
    cut.value = true;
    a.mailbox.post(numbered(1));
    const atMs: number[] = [];
    for (let ms = 0; ms < 120_000; ms += 1_000) {
      const before = a.sent.length;
      clock.advance(1_000);
      if (a.sent.length > before) atMs.push(clock.nowMs());
    }
    expect(atMs).toEqual([2_000, 6_000, 14_000, 30_000, 54_000, 78_000, 102_000]);
    expect(a.overdue, 'each time the path is doubted').toBe(7);
  });

  test('DELIV4 an older epoch is dropped, a newer one begins anew', () => {
    const { clock, a, b } = pair();
    a.mailbox.post(numbered(1));
    b.mailbox.post(numbered(7));
    const reborn = new End(clock, 2, (envelope) => b.mailbox.receive(envelope));
    reborn.mailbox.post(numbered(2));
    expect(b.restarts).toBe(1);
    expect(b.received).toEqual([1, 2]);
    a.mailbox.post(numbered(3));
    expect(b.received).toEqual([1, 2]);
  });

  test('DELIV5 who speaks to a former life learns of the new one', () => {
    const { clock, a } = pair();
    a.mailbox.post(numbered(1));
    clock.advance(1_000);
    const reborn: End = new End(clock, 2, (envelope) => a.mailbox.receive(envelope));
    a.mailbox.post(numbered(2));
    const stale = a.sent.at(-1);
    if (stale === undefined) throw new Error('nothing was sent');
    expect(stale.toEpoch).toBe(1);
    reborn.mailbox.receive(stale);
    expect(reborn.received).toEqual([]);
    expect(a.restarts).toBe(1);
    const before = a.sent.length;
    a.mailbox.post(numbered(3));
    for (const envelope of a.sent.slice(before)) reborn.mailbox.receive(envelope);
    expect(reborn.received).toEqual([3]);
  });

  test('DELIV2 a flood ahead of a gap is bounded', () => {
    const { b } = pair();
    b.mailbox.receive({ epoch: 1, toEpoch: 0, ack: 0, seq: 0, base: 1 });
    for (let seq = 2; seq < 1_000; seq += 1) {
      b.mailbox.receive({ epoch: 1, toEpoch: 0, ack: 0, base: 1, seq, signal: numbered(seq) });
    }
    b.mailbox.receive({ epoch: 1, toEpoch: 0, ack: 0, base: 1, seq: 1, signal: numbered(1) });
    expect(b.received).toHaveLength(128);
  });
});

describe('over a path that loses, repeats and reorders', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    test(`DELIV2 DELIV3 every signal arrives once and in order (seed ${seed})`, () => {
      const clock = new FakeClock();
      const random = seededRandom(seed);
      const faults = {
        loss: random.next() * 0.6,
        duplication: random.next() * 0.5,
        delayMaxMs: 1 + random.integer(4_000),
      };
      const toA = new FaultyPath<Envelope>(clock, random, faults, (envelope) =>
        a.mailbox.receive(envelope),
      );
      const toB = new FaultyPath<Envelope>(clock, random, faults, (envelope) =>
        b.mailbox.receive(envelope),
      );
      const a: End = new End(clock, 1, (envelope) => toB.send(envelope));
      const b: End = new End(clock, 1, (envelope) => toA.send(envelope));
      const posted = { a: 0, b: 0 };
      for (let turn = 0; turn < 60; turn += 1) {
        clock.advance(random.integer(800));
        if (random.chance(0.5)) a.mailbox.post(numbered((posted.a += 1)));
        if (random.chance(0.5)) b.mailbox.post(numbered((posted.b += 1)));
      }
      toA.faults = { ...faults, loss: 0 };
      toB.faults = { ...faults, loss: 0 };
      clock.advance(300_000);
      const upTo = (last: number): number[] =>
        Array.from({ length: last }, (_, index) => index + 1);
      expect(b.received).toEqual(upTo(posted.a));
      expect(a.received).toEqual(upTo(posted.b));
      expect([a.mailbox.waiting, b.mailbox.waiting, a.restarts, b.restarts]).toEqual([0, 0, 0, 0]);
      expect(clock.pending).toBe(0);
    });
  }
});
