import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { MachinePressure } from './machine-pressure.ts';

/** A machine whose timers are late by as much as is said, and what was told of it. */
class Machine {
  readonly clock = new FakeClock();
  readonly told: string[] = [];
  isHidden = false;
  lateMs = 0;
  readonly pressure = new MachinePressure(
    {
      nowMs: () => this.clock.nowMs(),
      setTimeout: (run, ms) => this.clock.setTimeout(run, ms + this.lateMs),
    },
    () => this.isHidden,
    ({ status }) => this.told.push(status),
  );

  run(ms: number, lateMs: number): readonly string[] {
    this.lateMs = lateMs;
    this.clock.advance(ms);
    return this.told;
  }
}

describe('pressure', () => {
  test('is serious while timers come late for seconds, and over when they do not', () => {
    const machine = new Machine();
    machine.pressure.start();
    expect(machine.run(30_000, 20)).toEqual([]);
    expect(machine.run(3_000, 150)).toEqual([]);
    expect(machine.run(20_000, 150)).toEqual(['serious']);
    expect(machine.run(5_000, 0)).toEqual(['serious']);
    expect(machine.run(10_000, 0)).toEqual(['serious', 'nominal']);
  });

  test('takes no notice of a hiccup', () => {
    const machine = new Machine();
    machine.pressure.start();
    for (let time = 0; time < 10; time += 1) {
      machine.run(2_000, 400);
      machine.run(10_000, 0);
    }
    expect(machine.told).toEqual([]);
  });

  test('takes no notice of timers while nobody sees the page', () => {
    const machine = new Machine();
    machine.pressure.start();
    machine.isHidden = true;
    expect(machine.run(60_000, 500)).toEqual([]);
    machine.isHidden = false;
    expect(machine.run(4_000, 500)).toEqual([]);
    expect(machine.run(20_000, 500)).toEqual(['serious']);
  });

  test('is serious where encoders have nothing left to give up', () => {
    const machine = new Machine();
    machine.pressure.start();
    machine.pressure.encoders(true);
    expect(machine.told).toEqual(['serious']);
    machine.pressure.encoders(false);
    expect(machine.told).toEqual(['serious', 'nominal']);
  });

  test('ends with the last peer, and leaves no timer', () => {
    const machine = new Machine();
    machine.pressure.start();
    machine.run(20_000, 150);
    machine.pressure.stop();
    expect(machine.run(60_000, 150)).toEqual(['serious', 'nominal']);
    expect(machine.clock.pending).toBe(0);
  });
});
