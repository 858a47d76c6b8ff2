import type { Source } from '@peerline/protocol';
import type { PeerQuality } from '../api.ts';

/** One entry of an `RTCStatsReport`; every field is looked at before it is used. */
type Stat = { readonly [field: string]: unknown };

/** What of an `RTCStatsReport` is used. */
export interface StatsReport {
  forEach(each: (stat: Stat) => void): void;
}

interface PacketCounts {
  readonly received: number;
  readonly lost: number;
}

/** What is kept of a report, to be held against the next one. */
export interface StatsReading {
  readonly rttMs: number | undefined;
  readonly route: PeerQuality['route'];
  readonly limitedBy: PeerQuality['limitedBy'];
  readonly codecs: PeerQuality['codecs'];
  /** Totals of each incoming RTP stream, by its stats id. */
  readonly packets: ReadonlyMap<string, PacketCounts>;
  /** Frames of each picture so far: those that came whole, and those of them that could be shown. */
  readonly frames: ReadonlyMap<Source, { readonly received: number; readonly decoded: number }>;
}

/** The transceivers' mids and what each carries. */
export type SourcesByMid = ReadonlyMap<string, Source>;

/** The connection as a report shows it (webrtc-stats sections 6 to 8). */
export function readStats(report: StatsReport, sources: SourcesByMid): StatsReading {
  const stats: Stat[] = [];
  report.forEach((stat) => stats.push(stat));
  const all = (type: string): readonly Stat[] => stats.filter((stat) => stat['type'] === type);
  const follow = (stat: Stat | undefined, field: string): Stat | undefined => {
    const id = text(stat, field);
    return id === undefined ? undefined : stats.find((other) => other['id'] === id);
  };

  const pairs = all('candidate-pair');
  const pair =
    follow(all('transport')[0], 'selectedCandidatePairId') ??
    // Where there are no transport stats, Firefox marks the pair in use, others the nominated one.
    pairs.find((stat) => stat['selected'] === true) ??
    pairs.find((stat) => stat['nominated'] === true && stat['state'] === 'succeeded');

  const codecsOf = (streams: readonly Stat[], frames: string, packets: string): Codecs => {
    const codecs: Codecs = {};
    for (const stat of streams) {
      const source = sources.get(text(stat, 'mid') ?? '');
      const mimeType = text(follow(stat, 'codecId'), 'mimeType');
      // A picture is in use once there were frames: browsers probe the path with packets before.
      const used = count(stat, stat['kind'] === 'video' ? frames : packets) > 0;
      if (source !== undefined && mimeType !== undefined && used) {
        codecs[source] = mimeType.slice(mimeType.indexOf('/') + 1);
      }
    }
    return codecs;
  };

  const inbound = all('inbound-rtp');
  const outbound = all('outbound-rtp');
  return {
    rttMs:
      roundTripMs([pair], 'currentRoundTripTime') ??
      roundTripMs(all('remote-inbound-rtp'), 'roundTripTime'),
    route: routeOf([follow(pair, 'localCandidateId'), follow(pair, 'remoteCandidateId')]),
    limitedBy: limitedByOf(outbound),
    codecs: {
      sent: codecsOf(outbound, 'framesSent', 'packetsSent'),
      received: codecsOf(inbound, 'framesReceived', 'packetsReceived'),
    },
    packets: new Map(
      inbound.map((stat) => [
        text(stat, 'id') ?? '',
        { received: count(stat, 'packetsReceived'), lost: count(stat, 'packetsLost') },
      ]),
    ),
    frames: new Map(
      inbound.flatMap((stat) => {
        const source = sources.get(text(stat, 'mid') ?? '');
        return source === undefined || stat['kind'] !== 'video'
          ? []
          : [
              [
                source,
                { received: count(stat, 'framesReceived'), decoded: count(stat, 'framesDecoded') },
              ] as const,
            ];
      }),
    ),
  };
}

/** The quality between two readings; without an earlier one, since the connection began. */
export function qualityBetween(before: StatsReading | undefined, now: StatsReading): PeerQuality {
  let received = 0;
  let lost = 0;
  for (const [id, counts] of now.packets) {
    const earlier = before?.packets.get(id);
    // Duplicates count as negative loss (RFC 3550 section 6.4.1), and a restarted stream from zero.
    const goesOn = earlier !== undefined && counts.received >= earlier.received;
    received += counts.received - (goesOn ? earlier.received : 0);
    lost += Math.max(0, counts.lost - (goesOn ? earlier.lost : 0));
  }
  const loss = received + lost > 0 ? lost / (received + lost) : 0;
  const { rttMs, route, limitedBy, codecs } = now;
  return { score: scoreOf(rttMs ?? 0, loss), rttMs, loss, route, limitedBy, codecs };
}

/** R of an undisturbed call with the E-model's default values (ITU-T G.107 section 7.7). */
const R_UNDISTURBED = 93.2;
/** Capture, encoding, jitter buffer and playout, which no statistic tells: one way, in milliseconds. */
const PROCESSING_DELAY_MS = 50;
/** From this one-way delay on people begin to talk over one another. */
const DELAY_KNEE_MS = 177.3;
/** Robustness against loss, in percent, of a codec with concealment (G.113 Appendix I, near G.711's 25). */
const LOSS_ROBUSTNESS = 20;

/**
 * A simplified E-model. The rating R of ITU-T G.107 falls by `Id = 0.024 d + 0.11 max(0, d − 177.3)`
 * for a one-way delay of d ms (the linear fit of Cole and Rosenbluth, "Voice over IP performance
 * monitoring", 2001) and by `Ie,eff = 95 p / (p + 20)` for p percent of random loss (G.107, Ie = 0).
 * The scores 4 to 1 are R from 80, 70, 60 and 50, the limits of the categories in ITU-T G.109.
 */
export function scoreOf(rttMs: number, loss: number): PeerQuality['score'] {
  const delayMs = rttMs / 2 + PROCESSING_DELAY_MS;
  const percent = loss * 100;
  const r =
    R_UNDISTURBED -
    (0.024 * delayMs + 0.11 * Math.max(0, delayMs - DELAY_KNEE_MS)) -
    (95 * percent) / (percent + LOSS_ROBUSTNESS);
  if (r >= 80) return 4;
  if (r >= 70) return 3;
  if (r >= 60) return 2;
  return r >= 50 ? 1 : 0;
}

type Codecs = { [S in Source]?: string };

function roundTripMs(stats: readonly (Stat | undefined)[], field: string): number | undefined {
  const seconds = stats.map((stat) => stat?.[field]).filter((value) => typeof value === 'number');
  return seconds.length === 0 ? undefined : Math.min(...seconds) * 1_000;
}

function routeOf(candidates: readonly (Stat | undefined)[]): PeerQuality['route'] {
  const types = candidates.map((candidate) => text(candidate, 'candidateType'));
  if (types.includes('relay')) return 'relay';
  return types.includes(undefined) ? 'unknown' : 'direct';
}

/** The worst of all pictures sent; Firefox does not say, which reads as none. */
function limitedByOf(outbound: readonly Stat[]): PeerQuality['limitedBy'] {
  const reasons = outbound.map((stat) => stat['qualityLimitationReason']);
  const found = (['cpu', 'bandwidth', 'other'] as const).find((reason) => reasons.includes(reason));
  return found ?? 'none';
}

function text(stat: Stat | undefined, field: string): string | undefined {
  const value = stat?.[field];
  return typeof value === 'string' ? value : undefined;
}

function count(stat: Stat, field: string): number {
  const value = stat[field];
  return typeof value === 'number' ? value : 0;
}
