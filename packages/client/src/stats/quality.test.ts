import type { Source } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { qualityBetween, readStats, scoreOf, type StatsReport } from './quality.ts';

type Stat = { readonly [field: string]: unknown };

const SOURCES_BY_MID: ReadonlyMap<string, Source> = new Map([
  ['0', 'microphone'],
  ['1', 'camera'],
  ['2', 'screen'],
]);

function report(...stats: readonly Stat[]): StatsReport {
  return new Map(stats.map((stat, index) => [String(index), stat]));
}

const inbound = (id: string, packetsReceived: number, packetsLost: number): Stat => ({
  type: 'inbound-rtp',
  id,
  packetsReceived,
  packetsLost,
});

describe('readStats', () => {
  /** The fields that Chromium 156 and Firefox 153 were seen to give, with values of our own. */
  const connection: readonly Stat[] = [
    { type: 'transport', id: 'T', selectedCandidatePairId: 'P2' },
    {
      type: 'candidate-pair',
      id: 'P1',
      state: 'succeeded',
      nominated: true,
      localCandidateId: 'R',
    },
    {
      type: 'candidate-pair',
      id: 'P2',
      state: 'succeeded',
      nominated: true,
      currentRoundTripTime: 0.08,
      localCandidateId: 'L',
      remoteCandidateId: 'M',
    },
    { type: 'local-candidate', id: 'L', candidateType: 'host' },
    { type: 'remote-candidate', id: 'M', candidateType: 'srflx' },
    { type: 'local-candidate', id: 'R', candidateType: 'relay' },
  ];

  it('takes round trip and route from the pair that the transport names', () => {
    expect(readStats(report(...connection), SOURCES_BY_MID)).toMatchObject({
      rttMs: 80,
      route: 'direct',
    });
  });

  it.each([
    ['selected', { selected: true }],
    ['nominated', { nominated: true, state: 'succeeded' }],
  ])('takes the %s pair where there is no transport', (_mark, fields) => {
    const reading = readStats(
      report(
        { type: 'candidate-pair', id: 'P1', state: 'failed', currentRoundTripTime: 1 },
        {
          type: 'candidate-pair',
          id: 'P2',
          ...fields,
          localCandidateId: 'L',
          currentRoundTripTime: 0.1,
        },
        { type: 'local-candidate', id: 'L', candidateType: 'relay' },
      ),
      SOURCES_BY_MID,
    );
    expect(reading).toMatchObject({ rttMs: 100, route: 'relay' });
  });

  it('falls back to the round trip of RTCP, and to nothing', () => {
    const rtcp = report(
      { type: 'remote-inbound-rtp', id: 'A', roundTripTime: 0.3 },
      { type: 'remote-inbound-rtp', id: 'B', roundTripTime: 0.2 },
    );
    expect(readStats(rtcp, SOURCES_BY_MID)).toMatchObject({ rttMs: 200, route: 'unknown' });
    expect(readStats(report(), SOURCES_BY_MID).rttMs).toBeUndefined();
  });

  it('names the codec of each source that has flowed, not of those only probed', () => {
    const codecs = [
      { type: 'codec', id: 'opus', mimeType: 'audio/opus' },
      { type: 'codec', id: 'vp8', mimeType: 'video/VP8' },
    ];
    const outbound = (mid: string, kind: string, codecId: string, counts: Stat): Stat => ({
      type: 'outbound-rtp',
      id: `O${mid}`,
      mid,
      kind,
      codecId,
      ...counts,
    });
    const reading = readStats(
      report(
        ...codecs,
        outbound('0', 'audio', 'opus', { packetsSent: 10 }),
        outbound('1', 'video', 'vp8', { packetsSent: 10, framesSent: 3 }),
        // Firefox pads a video m-line that carries no track.
        outbound('2', 'video', 'vp8', { packetsSent: 46, framesSent: 0 }),
        outbound('9', 'video', 'vp8', { framesSent: 3 }),
        {
          type: 'inbound-rtp',
          id: 'I1',
          mid: '1',
          kind: 'video',
          codecId: 'vp8',
          framesReceived: 2,
        },
        { type: 'inbound-rtp', id: 'I2', mid: '2', kind: 'video', framesReceived: 2 },
      ),
      SOURCES_BY_MID,
    );
    expect(reading.codecs).toEqual({
      sent: { microphone: 'opus', camera: 'VP8' },
      received: { camera: 'VP8' },
    });
  });

  it('says what limits the picture, the worst of several', () => {
    const limits = (...reasons: readonly unknown[]): string =>
      readStats(
        report(
          ...reasons.map((qualityLimitationReason, index) => ({
            type: 'outbound-rtp',
            id: `O${index}`,
            qualityLimitationReason,
          })),
        ),
        SOURCES_BY_MID,
      ).limitedBy;
    expect(limits(undefined)).toBe('none');
    expect(limits('none', 'other')).toBe('other');
    expect(limits('bandwidth', 'cpu')).toBe('cpu');
    expect(limits('bandwidth', 'none')).toBe('bandwidth');
  });

  it('reads nothing from fields of other types than the standard says', () => {
    const odd = report(
      { type: 'candidate-pair', selected: true, currentRoundTripTime: 'soon', localCandidateId: 7 },
      { type: 'inbound-rtp', id: 'I', packetsReceived: null, packetsLost: '3' },
      { type: 42 },
    );
    const quality = qualityBetween(undefined, readStats(odd, SOURCES_BY_MID));
    expect(quality).toEqual({
      score: 4,
      rttMs: undefined,
      loss: 0,
      route: 'unknown',
      limitedBy: 'none',
      codecs: { sent: {}, received: {} },
    });
  });
});

describe('loss', () => {
  const lossBetween = (before: readonly Stat[] | undefined, now: readonly Stat[]): number =>
    qualityBetween(
      before && readStats(report(...before), SOURCES_BY_MID),
      readStats(report(...now), SOURCES_BY_MID),
    ).loss;

  it('is the share since the last sample, over all streams', () => {
    const before = [inbound('a', 100, 50), inbound('v', 1_000, 0)];
    const now = [inbound('a', 150, 60), inbound('v', 1_030, 10)];
    expect(lossBetween(before, now)).toBeCloseTo(0.2);
  });

  it('is the share since the beginning at the first sample, and of a stream that is new', () => {
    expect(lossBetween(undefined, [inbound('a', 75, 25)])).toBe(0.25);
    expect(lossBetween([inbound('a', 75, 25)], [inbound('b', 50, 50)])).toBe(0.5);
  });

  it('starts anew with a stream that starts anew', () => {
    expect(lossBetween([inbound('a', 1_000, 100)], [inbound('a', 90, 10)])).toBe(0.1);
  });

  it('is never below 0, and 0 while nothing flows', () => {
    expect(lossBetween([inbound('a', 100, 5)], [inbound('a', 110, 2)])).toBe(0);
    expect(lossBetween([inbound('a', 100, 5)], [inbound('a', 100, 5)])).toBe(0);
  });
});

describe('scoreOf', () => {
  it.each([
    [0, 0, 4],
    [50, 0.01, 4],
    [300, 0, 4],
    [50, 0.05, 3],
    [600, 0, 2],
    [100, 0.08, 2],
    [50, 0.1, 1],
    [100, 0.2, 0],
    [1_000, 0, 0],
  ])('rates %i ms and a loss of %d as %i', (rttMs, loss, score) => {
    expect(scoreOf(rttMs, loss)).toBe(score);
  });

  it('never rises with delay or loss', () => {
    for (let step = 1; step <= 100; step += 1) {
      expect(scoreOf(step * 20, 0)).toBeLessThanOrEqual(scoreOf((step - 1) * 20, 0));
      expect(scoreOf(0, step / 100)).toBeLessThanOrEqual(scoreOf(0, (step - 1) / 100));
    }
  });
});
