import { describe, expect, it } from 'vitest';
import type { PeerQuality } from '../api.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import type { StatsReport } from './quality.ts';
import { sampleQuality } from './quality-sampler.ts';

function reportOf(packetsReceived: number, packetsLost: number): StatsReport {
  return new Map([['a', { type: 'inbound-rtp', id: 'a', packetsReceived, packetsLost }]]);
}

function sampling(read: () => Promise<StatsReport>): {
  clock: FakeClock;
  samples: PeerQuality[];
  stop: AbortController;
} {
  const clock = new FakeClock();
  const samples: PeerQuality[] = [];
  const stop = new AbortController();
  sampleQuality({
    read,
    sources: () => new Map(),
    onSample: (quality) => samples.push(quality),
    clock,
    signal: stop.signal,
  });
  return { clock, samples, stop };
}

describe('sampleQuality', () => {
  it('samples at once and every 2 s, each against the one before', async () => {
    const reports = [reportOf(90, 10), reportOf(190, 10), reportOf(240, 60)];
    const { clock, samples } = sampling(() => Promise.resolve(reports.shift() ?? reportOf(0, 0)));
    await settle();
    expect(samples.map(({ loss }) => loss)).toEqual([0.1]);
    await clock.advanceAsync(1_999);
    expect(samples).toHaveLength(1);
    await clock.advanceAsync(2_001);
    expect(samples.map(({ loss }) => loss)).toEqual([0.1, 0, 0.5]);
  });

  it('never overlaps: a slow reading holds up the next', async () => {
    const answers: ((report: StatsReport) => void)[] = [];
    const { clock, samples } = sampling(() => new Promise((answer) => void answers.push(answer)));
    await clock.advanceAsync(60_000);
    expect(answers).toHaveLength(1);
    answers[0]?.(reportOf(1, 0));
    await clock.advanceAsync(2_000);
    expect(answers).toHaveLength(2);
    expect(samples).toHaveLength(1);
  });

  it('goes on behind a reading that failed, whichever way it did', async () => {
    let reads = 0;
    const { clock, samples } = sampling(() => {
      reads += 1;
      if (reads === 1) return Promise.reject(new DOMException('', 'InvalidStateError'));
      if (reads === 2) throw new TypeError('getStats is missing');
      return Promise.resolve(reportOf(1, 0));
    });
    await clock.advanceAsync(4_000);
    expect(reads).toBe(3);
    expect(samples).toHaveLength(1);
  });

  it('stops on abort, and drops what was being read', async () => {
    const answers: ((report: StatsReport) => void)[] = [];
    const { clock, samples, stop } = sampling(
      () => new Promise((answer) => void answers.push(answer)),
    );
    stop.abort();
    answers[0]?.(reportOf(1, 0));
    await settle();
    expect(samples).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('stops on abort between two samples, and never begins where it was aborted before', async () => {
    let reads = 0;
    const read = (): Promise<StatsReport> => {
      reads += 1;
      return Promise.resolve(reportOf(1, 0));
    };
    const { clock, stop } = sampling(read);
    await settle();
    expect(clock.pending).toBe(1);
    stop.abort();
    expect(clock.pending).toBe(0);
    const { signal } = stop;
    sampleQuality({ read, sources: () => new Map(), onSample: () => undefined, clock, signal });
    await settle();
    expect(reads).toBe(1);
  });
});
