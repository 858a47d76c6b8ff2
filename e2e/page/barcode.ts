/** Who sends a picture: participant, which of its devices, and whether it is a camera or a screen. */
export interface PictureSource {
  /** 1 to 15. */
  readonly participant: number;
  /** 0 to 7. */
  readonly device: number;
  readonly kind: 'camera' | 'screen';
}

export const PICTURE_WIDTH = 160;
export const PICTURE_HEIGHT = 120;

/** The upper four fifths are 4 × 4 cells; the strip below moves. */
const GRID = 4;
const GRID_HEIGHT = PICTURE_HEIGHT * 0.8;
const CELL_WIDTH = PICTURE_WIDTH / GRID;
const CELL_HEIGHT = GRID_HEIGHT / GRID;

/** A cell darker or brighter than this is a bit; in between it is a picture that shows none. */
const BLACK_MAX = 80;
const WHITE_MIN = 175;

/** Eight bits of data, then the same inverted, so that no other picture passes for one. */
function bitsOf({ participant, device, kind }: PictureSource): boolean[] {
  const value = (participant << 4) | (device << 1) | (kind === 'screen' ? 1 : 0);
  const data = Array.from({ length: 8 }, (_, i) => ((value >> (7 - i)) & 1) === 1);
  return [...data, ...data.map((bit) => !bit)];
}

export function drawPicture(
  context: CanvasRenderingContext2D,
  source: PictureSource,
  frame: number,
): void {
  bitsOf(source).forEach((bit, i) => {
    context.fillStyle = bit ? '#fff' : '#000';
    const x = (i % GRID) * CELL_WIDTH;
    const y = Math.floor(i / GRID) * CELL_HEIGHT;
    context.fillRect(x, y, CELL_WIDTH, CELL_HEIGHT);
  });
  context.fillStyle = '#246';
  context.fillRect(0, GRID_HEIGHT, PICTURE_WIDTH, PICTURE_HEIGHT - GRID_HEIGHT);
  context.fillStyle = '#fa0';
  context.fillRect((frame * 7) % PICTURE_WIDTH, GRID_HEIGHT, 20, PICTURE_HEIGHT - GRID_HEIGHT);
}

/**
 * Reads what `drawPicture` drew, after whatever a codec did to it.
 *
 * @param pixels of a picture scaled to `PICTURE_WIDTH` × `PICTURE_HEIGHT`
 * @returns undefined where the picture shows no barcode
 */
export function readPicture(pixels: ImageData): PictureSource | undefined {
  const bits: boolean[] = [];
  for (let i = 0; i < GRID * GRID; i += 1) {
    const level = brightness(
      pixels,
      Math.floor(((i % GRID) + 0.5) * CELL_WIDTH),
      Math.floor((Math.floor(i / GRID) + 0.5) * CELL_HEIGHT),
    );
    if (level > BLACK_MAX && level < WHITE_MIN) return undefined;
    bits.push(level >= WHITE_MIN);
  }
  const data = bits.slice(0, 8);
  if (data.some((bit, i) => bit === bits[i + 8])) return undefined;
  const value = data.reduce((sum, bit) => sum * 2 + (bit ? 1 : 0), 0);
  return {
    participant: value >> 4,
    device: (value >> 1) & 7,
    kind: (value & 1) === 1 ? 'screen' : 'camera',
  };
}

/** Mean of the 25 pixels around a point, 0 to 255. */
function brightness({ data, width }: ImageData, x: number, y: number): number {
  let sum = 0;
  for (let dy = -2; dy <= 2; dy += 1) {
    for (let dx = -2; dx <= 2; dx += 1) {
      const at = ((y + dy) * width + x + dx) * 4;
      sum += (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
    }
  }
  return sum / 75;
}
