import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Liveness } from './liveness.ts';

/** One side of a pair: what arrives is counted, as statistics do, and pings are answered or not. */
class Watched {
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  pings = 0;
  /** Bytes every 20 ms, as speech has; 0 for none. */
  flow = 0;
  /** After which time a ping is answered; undefined for never. */
  answerMs: number | undefined = 40;
  /** Undefined for a browser that counts nothing. */
  received: number | undefined = 0;
  readonly liveness = new Liveness({
    clock: this.clock,
    ping: () => {
      this.pings += 1;
      if (this.answerMs !== undefined) {
        this.clock.setTimeout(() => this.liveness.heard(true), this.answerMs);
      }
      return true;
    },
    received: () => Promise.resolve(this.received),
    onDoubt: () => this.said.push('doubt'),
    onSilent: () => this.said.push('silent'),
    onHeard: () => this.said.push('heard'),
  });

  constructor() {
    const tick = (): void => {
      if (this.received !== undefined) this.received += this.flow;
      this.clock.setTimeout(tick, 20);
    };
    tick();
    this.liveness.start();
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /** A steady flow for a while, and then nothing any more, not even answers. */
  async flowAndStop(): Promise<void> {
    this.flow = 100;
    await this.pass(10_000);
    this.flow = 0;
    this.answerMs = undefined;
  }
}

describe('Liveness', () => {
  test('PING1 a steady flow needs no pings but the first, and its end is noticed within 4 s', async () => {
    const watched = new Watched();
    watched.flow = 100;
    await watched.pass(60_000);
    expect([watched.pings, watched.said]).toEqual([1, []]);
    watched.flow = 0;
    watched.answerMs = undefined;
    await watched.pass(4_000);
    expect(watched.said).toEqual(['doubt', 'silent']);
    watched.flow = 100;
    await watched.pass(500);
    expect(watched.said).toEqual(['doubt', 'silent', 'heard']);
  });

  test('PING1 without a flow it asks every 2 s, and an answer is as good', async () => {
    const watched = new Watched();
    await watched.pass(60_000);
    expect(watched.said).toEqual([]);
    expect(watched.pings).toBeGreaterThan(15);
    watched.answerMs = undefined;
    await watched.pass(7_000);
    expect(watched.said).toEqual(['silent']);
  });

  test('PING1 a browser that counts nothing is asked for answers', async () => {
    const watched = new Watched();
    watched.received = undefined;
    await watched.pass(30_000);
    expect(watched.said).toEqual([]);
    watched.answerMs = undefined;
    await watched.pass(9_000);
    expect(watched.said).toEqual(['silent']);
    watched.liveness.heard();
    expect(watched.said).toEqual(['silent', 'heard']);
  });

  test('a probe is answered in a few round trips, or there is silence', async () => {
    const watched = new Watched();
    watched.flow = 100;
    await watched.pass(10_000);
    watched.liveness.probe();
    await watched.pass(3_000);
    expect(watched.said.filter((word) => word !== 'doubt')).toEqual([]);
    // What was on its way when the path went does not answer it.
    watched.answerMs = undefined;
    watched.liveness.probe();
    await watched.pass(60);
    watched.flow = 0;
    await watched.pass(1_300);
    expect(watched.said).toContain('silent');
  });

  test('news that explains a silence under way ends the wait for an answer', async () => {
    const watched = new Watched();
    await watched.flowAndStop();
    await watched.pass(2_200);
    expect(watched.said).toEqual(['doubt']);
    watched.liveness.probe();
    expect(watched.said).toEqual(['doubt', 'silent']);
  });

  test('a ping that has just gone out is not overdue, however long nothing came before it', async () => {
    const watched = new Watched();
    while (watched.pings < 3) await watched.pass(10);
    watched.liveness.probe();
    expect(watched.said).toEqual([]);
    await watched.pass(1_500);
    expect(watched.said).toEqual([]);
  });

  test('a count that falls, as behind a change of paths, is no sign of life', async () => {
    const watched = new Watched();
    await watched.flowAndStop();
    await watched.pass(5_000);
    watched.received = 5;
    await watched.pass(3_000);
    expect(watched.said).toEqual(['doubt', 'silent']);
  });

  test('says nothing once stopped', async () => {
    const watched = new Watched();
    watched.flow = 100;
    await watched.pass(5_000);
    watched.liveness.stop();
    watched.flow = 0;
    await watched.pass(60_000);
    expect(watched.said).toEqual([]);
  });
});
