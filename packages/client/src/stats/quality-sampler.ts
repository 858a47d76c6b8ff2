import type { PeerQuality } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import {
  qualityBetween,
  readStats,
  type SourcesByMid,
  type StatsReading,
  type StatsReport,
} from './quality.ts';

/** Often enough for signal bars; seldom enough that reading statistics costs no frame. */
const SAMPLE_INTERVAL_MS = 2_000;

export interface QualitySampling {
  /** The connection's statistics, such as `() => pc.getStats()`. A rejection skips one sample. */
  readonly read: () => Promise<StatsReport>;
  /** What each mid carries; asked at each sample, since mids are known only behind the first answer. */
  readonly sources: () => SourcesByMid;
  readonly onSample: (quality: PeerQuality, reading: StatsReading) => void;
  readonly clock: Clock;
  /** Ends the sampling; nothing is told any more, not even what was being read. */
  readonly signal: AbortSignal;
}

/** Samples at once and then every 2 s, counted from the end of the reading before. */
export function sampleQuality({ read, sources, onSample, clock, signal }: QualitySampling): void {
  let before: StatsReading | undefined;
  let cancelTimer: () => void = () => undefined;

  const sample = async (): Promise<void> => {
    let report: StatsReport | undefined;
    try {
      report = await read();
    } catch {
      // A connection that is just being replaced; the next sample finds its successor.
    }
    if (signal.aborted) return;
    cancelTimer = clock.setTimeout(() => void sample(), SAMPLE_INTERVAL_MS);
    if (report === undefined) return;
    const now = readStats(report, sources());
    const quality = qualityBetween(before, now);
    before = now;
    onSample(quality, now);
  };

  if (signal.aborted) return;
  signal.addEventListener('abort', () => cancelTimer(), { once: true });
  void sample();
}
