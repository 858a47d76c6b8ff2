import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { defaultRecoveryPolicy, Recovery } from './recovery.ts';

class Watched {
  readonly clock = new FakeClock();
  readonly acts: string[] = [];
  isReachable = true;
  readonly recovery: Recovery = new Recovery({
    clock: this.clock,
    policy: defaultRecoveryPolicy,
    isReachable: () => this.isReachable,
    restartIce: () => this.#note('restart'),
    rebuild: () => {
      this.#note('rebuild');
      // As a negotiator does from within.
      this.recovery.connecting();
    },
  });

  #note(act: string): void {
    this.acts.push(`${act} ${this.clock.nowMs()}`);
  }
}

describe('Recovery', () => {
  test('restarts at once on silence, in a second on disconnected, and makes a new connection after four', () => {
    const watched = new Watched();
    watched.recovery.down('silent');
    watched.clock.advance(20_000);
    expect(watched.acts).toEqual([
      'restart 0',
      'restart 4000',
      'restart 8000',
      'restart 12000',
      'rebuild 16000',
    ]);
    watched.recovery.up();
    watched.acts.length = 0;
    watched.recovery.down('disconnected');
    watched.clock.advance(999);
    expect(watched.acts).toEqual([]);
    watched.clock.advance(1);
    expect(watched.acts).toEqual(['restart 21000']);
    expect(watched.clock.pending).toBe(1);
    watched.recovery.up();
    expect(watched.clock.pending).toBe(0);
  });

  test('waits while no signal could travel, and acts on the first news', () => {
    const watched = new Watched();
    watched.isReachable = false;
    watched.recovery.down('silent');
    watched.clock.advance(12_000);
    expect([watched.acts, watched.clock.pending]).toEqual([[], 0]);
    watched.isReachable = true;
    watched.recovery.poke();
    watched.clock.advance(0);
    // Several pieces of news of one event.
    watched.recovery.poke();
    watched.clock.advance(500);
    watched.recovery.poke();
    watched.clock.advance(0);
    expect(watched.acts).toEqual(['restart 12000']);
    watched.clock.advance(1_500);
    watched.recovery.poke();
    watched.clock.advance(0);
    expect(watched.acts).toEqual(['restart 12000', 'restart 14000']);
  });

  test('makes a new connection behind a long outage', () => {
    const watched = new Watched();
    watched.isReachable = false;
    watched.recovery.down('failed');
    watched.clock.advance(60_000);
    watched.isReachable = true;
    watched.recovery.poke();
    watched.clock.advance(0);
    expect(watched.acts).toEqual(['rebuild 60000']);
  });

  test('failed behind disconnected is news, disconnected behind failed is none', () => {
    const watched = new Watched();
    watched.recovery.down('disconnected');
    watched.recovery.down('failed');
    watched.clock.advance(0);
    watched.recovery.down('disconnected');
    watched.clock.advance(1_000);
    expect(watched.acts).toEqual(['restart 0']);
  });

  test('makes a new connection where DTLS does not come through, and gives that its time', () => {
    const watched = new Watched();
    watched.recovery.connecting();
    watched.clock.advance(1_000);
    watched.recovery.handshaking();
    watched.clock.advance(2_000);
    watched.recovery.handshaking();
    watched.clock.advance(2_000);
    expect(watched.acts).toEqual(['rebuild 5000']);
    watched.clock.advance(4_000);
    watched.recovery.handshaking();
    watched.clock.advance(3_999);
    expect(watched.acts).toEqual(['rebuild 5000']);
    watched.recovery.up();
    expect(watched.clock.pending).toBe(0);
  });

  test('leaves a first connection its time, also when there is news', () => {
    const watched = new Watched();
    watched.recovery.connecting();
    watched.recovery.poke();
    watched.clock.advance(19_999);
    expect(watched.acts).toEqual([]);
    watched.isReachable = false;
    watched.clock.advance(1);
    watched.isReachable = true;
    watched.recovery.poke();
    watched.clock.advance(0);
    expect(watched.acts).toEqual(['rebuild 20000']);
  });

  test('news in a row leaves what is under way ever more time: a slow machine comes through', () => {
    const watched = new Watched();
    watched.recovery.down('closed');
    // Every 2 s the server is heard again. A connection takes 8 s on this machine.
    const beganMs = (): number => Number(watched.acts.at(-1)?.split(' ')[1] ?? Infinity);
    while (watched.clock.nowMs() < 300_000 && watched.clock.nowMs() - beganMs() < 8_000) {
      watched.clock.advance(2_000);
      watched.recovery.poke();
    }
    watched.clock.advance(0);
    expect(watched.acts).toEqual(['rebuild 2000', 'rebuild 4000', 'rebuild 8000', 'rebuild 14000']);
  });

  test('another trouble begins with little patience again', () => {
    const watched = new Watched();
    for (let trouble = 0; trouble < 2; trouble++) {
      const beganMs = watched.clock.nowMs();
      watched.acts.length = 0;
      watched.recovery.down('closed');
      for (let i = 0; i < 4; i++) {
        watched.clock.advance(1_500);
        watched.recovery.poke();
      }
      watched.clock.advance(0);
      watched.recovery.up();
      const actsMs = watched.acts.map((act) => Number(act.split(' ')[1]) - beganMs);
      expect(actsMs).toEqual([1_500, 3_000, 6_000]);
    }
  });

  test('a timer that is late says that the machine is busy: what is under way has its time once more', () => {
    const watched = new Watched();
    watched.recovery.connecting();
    watched.recovery.handshaking();
    watched.clock.stall(5_000);
    watched.clock.advance(0);
    expect(watched.acts).toEqual([]);
    watched.clock.advance(3_999);
    expect(watched.acts).toEqual([]);
    watched.clock.stall(5_000);
    watched.clock.advance(0);
    // Once only: else a page that is always busy would never try again.
    expect(watched.acts).toEqual(['rebuild 13999']);
  });

  test('a handshake that was given up has its successor wait twice as long', () => {
    const watched = new Watched();
    watched.recovery.connecting();
    watched.recovery.handshaking();
    watched.clock.advance(4_000);
    expect(watched.acts).toEqual(['rebuild 4000']);
    watched.recovery.handshaking();
    watched.clock.advance(7_999);
    expect(watched.acts).toEqual(['rebuild 4000']);
    watched.clock.advance(1);
    expect(watched.acts).toEqual(['rebuild 4000', 'rebuild 12000']);
  });

  test('one that the other side begins has the time of one that this side would have begun', () => {
    const watched = new Watched();
    watched.recovery.down('closed');
    watched.clock.advance(500);
    watched.recovery.connecting();
    watched.clock.advance(9_999);
    expect(watched.acts).toEqual([]);
    watched.clock.advance(1);
    expect(watched.acts).toEqual(['rebuild 10500']);
  });

  test('one that finds a path is let be, whatever was before it and whatever news there is', () => {
    const watched = new Watched();
    watched.recovery.down('closed');
    watched.clock.advance(2_000);
    watched.recovery.handshaking();
    for (let heard = 0; heard < 3; heard += 1) {
      watched.clock.advance(1_200);
      watched.recovery.poke();
    }
    watched.clock.advance(399);
    expect(watched.acts).toEqual(['rebuild 2000']);
    watched.clock.advance(1);
    expect(watched.acts).toEqual(['rebuild 2000', 'rebuild 6000']);
    watched.recovery.handshaking();
    watched.clock.advance(7_999);
    expect(watched.acts).toHaveLength(2);
    watched.recovery.down('disconnected');
    watched.clock.advance(4_000);
    expect(watched.acts).toHaveLength(3);
  });
});
