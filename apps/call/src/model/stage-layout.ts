import type { Corner } from './preferences.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels, from the top left of the stage. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Between tiles, and between tiles and the edge. */
export const GAP_PX = 8;

/** Narrower than this, faces are cut off; wider, the picture is mostly wall. */
const TILE_ASPECT = { min: 1, max: 16 / 9 };
/** Upright phones show upright people. */
const PORTRAIT_TILE_ASPECT = { min: 5 / 8, max: 4 / 3 };

/**
 * As many equal tiles as asked for, as large as they can be. Tries every number of columns, lets
 * the shape of the tiles give within bounds, and centres what does not fill the last row.
 */
export function gridRects(area: Rect, count: number, gapPx = GAP_PX): readonly Rect[] {
  if (count === 0) return [];
  const aspect = area.width < area.height ? PORTRAIT_TILE_ASPECT : TILE_ASPECT;
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (area.width - gapPx * (columns - 1)) / columns;
    const cellHeight = (area.height - gapPx * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const ratio = Math.min(aspect.max, Math.max(aspect.min, cellWidth / cellHeight));
    const width = Math.min(cellWidth, cellHeight * ratio);
    const height = width / ratio;
    // Strictly larger, so that of equal ones the fewest columns stay.
    if (width * height > best.width * best.height + 0.5) best = { columns, width, height };
  }
  const { columns, width, height } = best;
  const rows = Math.ceil(count / columns);
  const top = area.y + (area.height - rows * height - (rows - 1) * gapPx) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = area.x + (area.width - inRow * width - (inRow - 1) * gapPx) / 2;
    return {
      x: Math.round(left + (index % columns) * (width + gapPx)),
      y: Math.round(top + row * (height + gapPx)),
      width: Math.round(width),
      height: Math.round(height),
    };
  });
}

export type TileKind = 'self' | 'person' | 'screen';

export interface TileKey {
  readonly id: string;
  readonly kind: TileKind;
}

/** Which tile stands where, before anything is measured. */
export type Arrangement =
  /** Nobody else is here: the own picture, whole. */
  | { readonly mode: 'solo'; readonly main: string }
  /** Two people: the other fills the stage, oneself floats in a corner. */
  | { readonly mode: 'duo'; readonly main: string; readonly floating: string }
  | { readonly mode: 'grid'; readonly tiles: readonly string[] }
  /** A shared screen or a pinned tile large, everyone else in a strip. */
  | { readonly mode: 'focus'; readonly main: string; readonly strip: readonly string[] };

/**
 * @param tiles in the order in which they are to stand
 * @param pinned the tile that the person picked; ignored once it is gone
 */
export function arrange(tiles: readonly TileKey[], pinned: string | undefined): Arrangement {
  const newestScreen = tiles.findLast(({ kind }) => kind === 'screen');
  const focus = tiles.find(({ id }) => id === pinned) ?? newestScreen;
  const ids = tiles.map(({ id }) => id);
  const self = tiles.find(({ kind }) => kind === 'self');
  const [only] = ids;
  if (ids.length <= 1 && only !== undefined) return { mode: 'solo', main: only };
  if (ids.length === 2 && self !== undefined) {
    // Of two, pinning oneself swaps the places; anything else is the usual view.
    const other = ids.find((id) => id !== self.id) ?? self.id;
    const pinnedSelf = focus?.id === self.id;
    return pinnedSelf
      ? { mode: 'duo', main: self.id, floating: other }
      : { mode: 'duo', main: other, floating: self.id };
  }
  if (focus === undefined) return { mode: 'grid', tiles: ids };
  return { mode: 'focus', main: focus.id, strip: ids.filter((id) => id !== focus.id) };
}

/** Room that bars and banners take from the stage, in pixels. */
export interface Insets {
  readonly top: number;
  readonly bottom: number;
}

/** The floating picture: a fifth of the stage within bounds that suit a phone and a wall. */
export function floatingSize(stage: Size): Size {
  const portrait = stage.width < stage.height;
  const width = portrait
    ? Math.min(140, Math.max(96, stage.width * 0.27))
    : Math.min(280, Math.max(140, stage.width * 0.2));
  const aspect = portrait ? 3 / 4 : 16 / 9;
  return { width: Math.round(width), height: Math.round(width / aspect) };
}

/** Distance of the floating picture from the edge. */
const FLOATING_MARGIN_PX = 16;

export function floatingRect(stage: Size, insets: Insets, corner: Corner): Rect {
  const size = floatingSize(stage);
  const x = corner.endsWith('start')
    ? FLOATING_MARGIN_PX
    : stage.width - size.width - FLOATING_MARGIN_PX;
  const y = corner.startsWith('top')
    ? insets.top + FLOATING_MARGIN_PX
    : stage.height - insets.bottom - size.height - FLOATING_MARGIN_PX;
  return { ...size, x: Math.round(x), y: Math.round(y) };
}

/** The corner nearest to where a floating picture was let go. */
export function nearestCorner(stage: Size, centre: { x: number; y: number }): Corner {
  const vertical = centre.y < stage.height / 2 ? 'top' : 'bottom';
  const horizontal = centre.x < stage.width / 2 ? 'start' : 'end';
  return `${vertical}-${horizontal}`;
}

/** The corner that an arrow key leads to; the same where there is none further that way. */
export function cornerTowards(corner: Corner, key: string): Corner {
  const vertical = corner.startsWith('top') ? 'top' : 'bottom';
  const horizontal = corner.endsWith('start') ? 'start' : 'end';
  switch (key) {
    case 'ArrowUp':
      return `top-${horizontal}`;
    case 'ArrowDown':
      return `bottom-${horizontal}`;
    case 'ArrowLeft':
      return `${vertical}-start`;
    case 'ArrowRight':
      return `${vertical}-end`;
    default:
      return corner;
  }
}

/** The strip beside a focused tile: wide enough for a face, never more than a quarter. */
function stripSpan(stage: Size): number {
  const landscape = stage.width >= stage.height;
  return landscape
    ? Math.min(320, Math.max(150, stage.width * 0.2))
    : Math.min(200, Math.max(110, stage.height * 0.18));
}

/** Where each tile goes on a stage of this size. */
export function placeTiles(
  arrangement: Arrangement,
  stage: Size,
  insets: Insets,
  corner: Corner,
): ReadonlyMap<string, Rect> {
  const inner: Rect = {
    x: GAP_PX,
    y: insets.top + GAP_PX,
    width: Math.max(0, stage.width - 2 * GAP_PX),
    height: Math.max(0, stage.height - insets.top - insets.bottom - 2 * GAP_PX),
  };
  switch (arrangement.mode) {
    case 'solo':
      return new Map([[arrangement.main, inner]]);
    case 'duo':
      return new Map([
        // The whole stage, behind the bars: as near as two people can get.
        [arrangement.main, { x: 0, y: 0, ...stage }],
        [arrangement.floating, floatingRect(stage, insets, corner)],
      ]);
    case 'grid': {
      const rects = gridRects(inner, arrangement.tiles.length);
      return pair(arrangement.tiles, rects);
    }
    case 'focus': {
      const span = stripSpan(stage);
      const landscape = stage.width >= stage.height;
      const main: Rect = landscape
        ? { ...inner, width: inner.width - span - GAP_PX }
        : { ...inner, height: inner.height - span - GAP_PX };
      const strip: Rect = landscape
        ? { ...inner, x: inner.x + main.width + GAP_PX, width: span }
        : { ...inner, y: inner.y + main.height + GAP_PX, height: span };
      const rects = gridRects(strip, arrangement.strip.length);
      return new Map([[arrangement.main, main], ...pair(arrangement.strip, rects)]);
    }
  }
}

function pair(ids: readonly string[], rects: readonly Rect[]): Map<string, Rect> {
  const placed = new Map<string, Rect>();
  ids.forEach((id, index) => {
    const rect = rects[index];
    if (rect !== undefined) placed.set(id, rect);
  });
  return placed;
}
