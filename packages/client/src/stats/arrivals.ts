import type { StatsReport } from './quality.ts';

/**
 * How many bytes of media and data have arrived, by the candidate pairs of a report (webrtc-stats section
 * 8.10). The checks of ICE do not count: they may be answered while what matters still goes elsewhere, as
 * behind a change of address (measured: for 5 s). Undefined where the browser counts none.
 */
export function arrivals(report: StatsReport): number | undefined {
  let sum: number | undefined;
  report.forEach((stat) => {
    const bytes = stat['bytesReceived'];
    if (stat['type'] === 'candidate-pair' && typeof bytes === 'number') sum = (sum ?? 0) + bytes;
  });
  return sum;
}
