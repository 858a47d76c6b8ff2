import { describe, expect, it } from 'vitest';
import { QUALITY_KEPT_MS, QualityLog } from './quality-log.ts';
import { limitText, qualityText, samplesText } from './quality-words.ts';
import { FakePeer, FakeRoom } from './testing/fake-room.ts';

const QUALITY = {
  score: 4,
  rttMs: 41.6,
  loss: 0.004,
  route: 'direct',
  limitedBy: 'none',
  codecs: { sent: {}, received: {} },
} as const;

describe('the log of qualities', () => {
  it('keeps two minutes of each who is there', () => {
    const room = new FakeRoom();
    let timeMs = 0;
    const log = new QualityLog(room, () => timeMs);
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    const ben = room.enter(new FakePeer({ name: 'Ben' }));
    for (; timeMs < QUALITY_KEPT_MS + 20_000; timeMs += 2_000) ann.emit('quality', QUALITY);
    ben.emit('quality', { ...QUALITY, rttMs: undefined, loss: 0.5 });
    expect(log.get().get(ann.id)).toHaveLength(QUALITY_KEPT_MS / 2_000);
    expect(log.get().get(ben.id)).toEqual([{ atMs: timeMs, rttMs: undefined, loss: 0.5 }]);
    room.exit(ann);
    expect([...log.get().keys()]).toEqual([ben.id]);
    log.dispose();
    ben.emit('quality', QUALITY);
    expect(log.get().get(ben.id)).toHaveLength(1);
  });
});

describe('words for a quality', () => {
  it.each([
    [QUALITY, 'Direct, 42 ms there and back, 0.4 % lost'],
    [{ ...QUALITY, route: 'relay', loss: 0 }, 'Over a relay, 42 ms there and back, nothing lost'],
    [{ ...QUALITY, route: 'unknown', rttMs: undefined, loss: 0.0004 }, 'Less than 0.1 % lost'],
    [{ ...QUALITY, rttMs: 0.4, loss: 0 }, 'Direct, less than 1 ms there and back, nothing lost'],
    [{ ...QUALITY, loss: 0.337 }, 'Direct, 42 ms there and back, 34 % lost'],
  ] as const)('says %j', (quality, text) => {
    expect(qualityText(quality)).toBe(text);
  });

  it('says what holds a picture back', () => {
    expect(limitText(QUALITY)).toBeUndefined();
    expect(limitText({ ...QUALITY, limitedBy: 'cpu' })).toMatch(/device is busy/);
    expect(limitText({ ...QUALITY, score: 2, limitedBy: 'bandwidth' })).toMatch(/line has no room/);
    // The bit rate is kept low by this side itself.
    expect(limitText({ ...QUALITY, limitedBy: 'bandwidth' })).toBeUndefined();
  });

  it('says what a plot shows', () => {
    const at = (rttMs: number | undefined, loss: number) => ({ atMs: 0, rttMs, loss });
    expect(samplesText([])).toBe('Nothing was measured yet');
    expect(samplesText([at(40, 0), at(undefined, 0), at(119.7, 0.031)])).toBe(
      'The last two minutes: 40 to 120 ms there and back, 3.1 % lost at most',
    );
    expect(samplesText([at(40, 0)])).toBe(
      'The last two minutes: 40 ms there and back, nothing lost',
    );
  });
});
