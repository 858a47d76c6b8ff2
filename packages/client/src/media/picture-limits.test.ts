import { describe, expect, it } from 'vitest';
import { pictureLimits, type PictureFacts } from './picture-limits.ts';

const HD = { width: 1_280, height: 720 };

function limitsOf(facts: Partial<PictureFacts> = {}): ReturnType<typeof pictureLimits> {
  return pictureLimits({
    ...{ source: 'camera', shown: undefined, captured: HD, receivers: 1, relief: 0 },
    ...facts,
  });
}

describe('pictureLimits', () => {
  it('sends one other all of it', () => {
    expect(limitsOf()).toEqual({
      isSent: true,
      scaleResolutionDownBy: 1,
      maxFramerate: undefined,
      maxBitrate: 1_500_000,
    });
  });

  it('goes down a ladder as people join', () => {
    const heights = [1, 3, 4, 7, 8, 15].map(
      (receivers) => HD.height / limitsOf({ receivers }).scaleResolutionDownBy,
    );
    // 540 would be 1.33 times smaller; the next scale that there is gives 480.
    expect(heights).toEqual([720, 480, 480, 480, 360, 360]);
    const bits = [1, 7, 15].map((receivers) => limitsOf({ receivers }).maxBitrate ?? 0);
    expect(bits).toEqual(bits.toSorted((a, b) => b - a));
  });

  it('VIEW1 sends nothing of what is not shown', () => {
    expect(limitsOf({ shown: { width: 0, height: 0 } }).isSent).toBe(false);
    expect(limitsOf({ source: 'screen', shown: { width: 320, height: 0 } }).isSent).toBe(false);
  });

  it('VIEW1 never sends less than the tile shows', () => {
    for (let width = 40; width <= 2_000; width += 37) {
      const shown = { width, height: Math.round((width * 9) / 16) };
      const { scaleResolutionDownBy } = limitsOf({ shown });
      expect(scaleResolutionDownBy).toBeGreaterThanOrEqual(1);
      const sent = HD.width / scaleResolutionDownBy;
      expect(sent).toBeGreaterThanOrEqual(Math.min(width, HD.width, HD.width / 8) * 0.99);
    }
  });

  it('VIEW1 fills a tall tile, whose sides are cut off', () => {
    expect(limitsOf({ shown: { width: 200, height: 360 } }).scaleResolutionDownBy).toBe(2);
  });

  it('sends small pictures in fewer frames and bits, yet no fewer than can be seen', () => {
    const small = limitsOf({ shown: { width: 160, height: 90 } });
    expect(small.scaleResolutionDownBy).toBe(8);
    expect(small.maxFramerate).toBeGreaterThanOrEqual(15);
    expect(small.maxBitrate).toBe(80_000);
  });

  it('goes lower where the machine has not the power', () => {
    const pixels = [0, 1, 2, 3].map((relief) => limitsOf({ relief }).scaleResolutionDownBy);
    expect(pixels).toEqual(pixels.toSorted((a, b) => a - b));
    expect(pixels.at(-1)).toBeGreaterThan(1);
  });

  it('keeps a screen sharp, however many look at it', () => {
    const captured = { width: 1_920, height: 1_080 };
    const screen = limitsOf({ source: 'screen', captured, receivers: 15, relief: 3 });
    expect(screen).toMatchObject({ scaleResolutionDownBy: 1, maxBitrate: undefined });
    const tile = limitsOf({ source: 'screen', captured, shown: { width: 480, height: 270 } });
    expect(tile.scaleResolutionDownBy).toBe(4);
  });
});
