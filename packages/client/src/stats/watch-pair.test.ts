import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { watchPair } from './watch-pair.ts';

/** A connection that is well, over which frames come when the test says so. */
function watched({ hasCamera = true, rttMs = 0 } = {}): {
  readonly clock: FakeClock;
  readonly asksMs: number[];
  readonly stop: AbortController;
  decoded: number;
} {
  const clock = new FakeClock();
  const beginMs = clock.nowMs();
  const asksMs: number[] = [];
  const stop = new AbortController();
  const rig = { clock, asksMs, stop, decoded: 0 };
  const pair = {
    ...{ type: 'candidate-pair', id: 'p', nominated: true, state: 'succeeded' },
    currentRoundTripTime: rttMs / 1_000,
  };
  const stat = { type: 'inbound-rtp', kind: 'video', id: 'v', mid: '1' };
  watchPair({
    clock,
    signal: stop.signal,
    read: async () =>
      new Map<string, object>([
        ['p', pair],
        ['v', { ...stat, framesReceived: rig.decoded, framesDecoded: rig.decoded }],
      ]) as Map<string, Record<string, unknown>>,
    sources: () => new Map([['1', 'camera']]),
    hasCamera: () => hasCamera,
    onQuality: () => undefined,
    onStill: () => asksMs.push(clock.nowMs() - beginMs),
  });
  return rig;
}

describe('watchPair', () => {
  it('asks for the first frame soon, for as long as it does not come', async () => {
    const rig = watched();
    await rig.clock.advanceAsync(1_200);
    expect(rig.asksMs).toEqual([250, 500, 750, 1_000]);
    rig.decoded = 1;
    await rig.clock.advanceAsync(600);
    rig.decoded = 2;
    await rig.clock.advanceAsync(1_000);
    expect(rig.asksMs).toEqual([250, 500, 750, 1_000]);
  });

  it('gives a frame the time of its way', async () => {
    const rig = watched({ rttMs: 400 });
    await rig.clock.advanceAsync(1_700);
    expect(rig.asksMs).toEqual([750, 1_500]);
  });

  it('asks for nothing where frames come, or where the camera is off', async () => {
    const off = watched({ hasCamera: false });
    await off.clock.advanceAsync(10_000);
    expect(off.asksMs).toEqual([]);
    const well = watched();
    for (let second = 0; second < 20; second += 1) {
      well.decoded += 30;
      await well.clock.advanceAsync(1_000);
    }
    expect(well.asksMs).toEqual([]);
  });

  it('ends with the flow, timers and all', async () => {
    const rig = watched();
    await rig.clock.advanceAsync(600);
    rig.stop.abort();
    await rig.clock.advanceAsync(60_000);
    expect(rig.asksMs).toEqual([250, 500]);
    expect(rig.clock.pending).toBe(0);
  });
});
