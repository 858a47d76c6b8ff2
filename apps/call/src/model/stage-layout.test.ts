import { describe, expect, it } from 'vitest';
import {
  arrange,
  cornerTowards,
  floatingRect,
  GAP_PX,
  gridRects,
  nearestCorner,
  placeTiles,
  type Rect,
  type TileKey,
} from './stage-layout.ts';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 390, height: 700 },
  { width: 844, height: 300 },
  { width: 900, height: 900 },
];

const INSETS = { top: 0, bottom: 80 };

function areaOf(width: number, height: number): Rect {
  return { x: 0, y: 0, width, height };
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function expectSeparateWithin(rects: readonly Rect[], area: Rect): void {
  rects.forEach((rect, index) => {
    expect(rect.width).toBeGreaterThan(0);
    expect(rect.height).toBeGreaterThan(0);
    // Rounding may reach over the edge by a pixel.
    expect(rect.x).toBeGreaterThanOrEqual(area.x - 1);
    expect(rect.y).toBeGreaterThanOrEqual(area.y - 1);
    expect(rect.x + rect.width).toBeLessThanOrEqual(area.x + area.width + 1);
    expect(rect.y + rect.height).toBeLessThanOrEqual(area.y + area.height + 1);
    for (const other of rects.slice(index + 1)) expect(overlap(rect, other)).toBe(false);
  });
}

describe('gridRects', () => {
  for (const { width, height } of SIZES) {
    for (let count = 1; count <= 16; count += 1) {
      it(`puts ${count} tiles side by side into ${width}×${height}`, () => {
        const rects = gridRects(areaOf(width, height), count);
        expect(rects).toHaveLength(count);
        expectSeparateWithin(rects, areaOf(width, height));
      });
    }
  }

  it('is as large as any number of columns allows', () => {
    const area = areaOf(1280, 720);
    const [first] = gridRects(area, 5);
    const sizes = [1, 2, 3, 4, 5].map((columns) => {
      const rows = Math.ceil(5 / columns);
      const cellWidth = (area.width - GAP_PX * (columns - 1)) / columns;
      const cellHeight = (area.height - GAP_PX * (rows - 1)) / rows;
      const aspect = Math.min(16 / 9, Math.max(1, cellWidth / cellHeight));
      const tileWidth = Math.min(cellWidth, cellHeight * aspect);
      return (tileWidth * tileWidth) / aspect;
    });
    const size = (first?.width ?? 0) * (first?.height ?? 0);
    expect(size / Math.max(...sizes)).toBeCloseTo(1, 2);
  });

  it('stands two by two on a phone held upright', () => {
    const rects = gridRects(areaOf(390, 700), 4);
    expect(new Set(rects.map(({ x }) => x)).size).toBe(2);
    expect(new Set(rects.map(({ y }) => y)).size).toBe(2);
  });

  it('centres what does not fill the last row', () => {
    const [, , last] = gridRects(areaOf(1280, 720), 3);
    const centre = (last?.x ?? 0) + (last?.width ?? 0) / 2;
    expect(Math.abs(centre - 640)).toBeLessThanOrEqual(1);
  });

  it('has nothing to put where there is nothing', () => {
    expect(gridRects(areaOf(1280, 720), 0)).toEqual([]);
  });
});

const self: TileKey = { id: 'self', kind: 'self' };
const person = (id: string): TileKey => ({ id, kind: 'person' });
const screen = (id: string): TileKey => ({ id: `${id}/screen`, kind: 'screen' });

describe('arrange', () => {
  it('shows oneself whole while alone', () => {
    expect(arrange([self], undefined)).toEqual({ mode: 'solo', main: 'self' });
  });

  it('fills the stage with the other of two, and swaps when one pins oneself', () => {
    const two = [person('a'), self];
    expect(arrange(two, undefined)).toEqual({ mode: 'duo', main: 'a', floating: 'self' });
    expect(arrange(two, 'a')).toEqual({ mode: 'duo', main: 'a', floating: 'self' });
    expect(arrange(two, 'self')).toEqual({ mode: 'duo', main: 'self', floating: 'a' });
  });

  it('is a grid from three on', () => {
    const three = [person('a'), person('b'), self];
    expect(arrange(three, undefined)).toEqual({ mode: 'grid', tiles: ['a', 'b', 'self'] });
  });

  it('puts a shared screen large, the newest of several, and a pinned tile before it', () => {
    const shared = [screen('a'), screen('b'), person('a'), person('b'), self];
    expect(arrange(shared, undefined)).toMatchObject({ mode: 'focus', main: 'b/screen' });
    expect(arrange(shared, 'a')).toMatchObject({
      mode: 'focus',
      main: 'a',
      strip: ['a/screen', 'b/screen', 'b', 'self'],
    });
  });

  it('forgets a pin whose tile is gone', () => {
    expect(arrange([person('a'), person('b'), self], 'c').mode).toBe('grid');
  });
});

describe('placeTiles', () => {
  for (const stage of SIZES) {
    it(`keeps a focused tile and its strip apart and above the bar at ${stage.width}×${stage.height}`, () => {
      const strip = ['a', 'b', 'c', 'self'];
      const placed = placeTiles({ mode: 'focus', main: 's', strip }, stage, INSETS, 'bottom-end');
      const free = areaOf(stage.width, stage.height - INSETS.bottom);
      expect([...placed.keys()]).toEqual(['s', ...strip]);
      expectSeparateWithin([...placed.values()], free);
      const main = placed.get('s');
      for (const id of strip) {
        const tile = placed.get(id);
        expect((tile?.width ?? 0) * (tile?.height ?? 0)).toBeLessThan(
          (main?.width ?? 0) * (main?.height ?? 0),
        );
      }
    });
  }

  it('fills the whole stage in a call of two, with oneself above the bar', () => {
    const stage = { width: 1280, height: 800 };
    const placed = placeTiles(
      { mode: 'duo', main: 'a', floating: 'self' },
      stage,
      INSETS,
      'bottom-end',
    );
    expect(placed.get('a')).toEqual({ x: 0, y: 0, ...stage });
    const own = placed.get('self');
    expect((own?.y ?? 0) + (own?.height ?? 0)).toBeLessThanOrEqual(800 - INSETS.bottom);
  });
});

describe('the floating picture', () => {
  const stage = { width: 1000, height: 600 };

  it('is found in the corner where it was put', () => {
    for (const corner of ['top-start', 'top-end', 'bottom-start', 'bottom-end'] as const) {
      const rect = floatingRect(stage, INSETS, corner);
      const centre = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
      expect(nearestCorner(stage, centre)).toBe(corner);
    }
  });

  it('moves with the arrow keys, and stays where there is no further', () => {
    expect(cornerTowards('bottom-end', 'ArrowLeft')).toBe('bottom-start');
    expect(cornerTowards('bottom-start', 'ArrowUp')).toBe('top-start');
    expect(cornerTowards('top-start', 'ArrowUp')).toBe('top-start');
    expect(cornerTowards('top-start', 'Enter')).toBe('top-start');
  });
});
