import type { StatsReport } from './quality.ts';

const COUNTS = ['bytesReceived', 'requestsReceived', 'responsesReceived'] as const;

/**
 * A number that grows with whatever arrives: media, data and the checks of ICE, by the candidate
 * pairs of a report (webrtc-stats section 8.10). Undefined where the browser counts none of it.
 */
export function arrivals(report: StatsReport): number | undefined {
  let sum: number | undefined;
  report.forEach((stat) => {
    if (stat['type'] !== 'candidate-pair') return;
    for (const name of COUNTS) {
      const count = stat[name];
      if (typeof count === 'number') sum = (sum ?? 0) + count;
    }
  });
  return sum;
}
