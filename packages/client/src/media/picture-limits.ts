import type { Shown } from '@peerline/protocol';

/** What one picture may cost on its way to one peer. */
export interface PictureLimits {
  /** Whether any of it is sent. */
  readonly isSent: boolean;
  readonly scaleResolutionDownBy: number;
  /** Frames a second; undefined leaves it to the browser. */
  readonly maxFramerate: number | undefined;
  /** In bits per second; undefined leaves it to the other caps. */
  readonly maxBitrate: number | undefined;
}

export interface PictureFacts {
  readonly source: 'camera' | 'screen';
  /** How large the peer shows it; undefined where it did not say. */
  readonly shown: Shown | undefined;
  /** What is captured, where the browser says. */
  readonly captured: { readonly width: number; readonly height: number } | undefined;
  /** To how many peers it goes. */
  readonly receivers: number;
  /** How many rungs lower, since this machine has not the power for more. */
  readonly relief: number;
}

/** Heights of cameras. A mesh encodes and sends each picture once for every peer. */
const LADDER = [720, 540, 480, 360, 270, 180] as const;

/** Rung of the ladder for so many receivers: calls of two, up to four, up to eight, larger ones. */
function rungOf(receivers: number): number {
  if (receivers <= 1) return 0;
  if (receivers <= 3) return 1;
  return receivers <= 7 ? 2 : 3;
}

/** Fewer sizes make fewer changes, and each change begins with a key frame. */
const SCALES = [1, 1.5, 2, 3, 4, 6, 8] as const;

/** What 1,280 × 720 takes to look well with the codecs of today; other sizes by the power of pixels. */
const FULL_BITS_PER_SECOND = 1_500_000;
const FULL_PIXELS = 1_280 * 720;
const BITS_POWER = 0.75;
const LEAST_BITS_PER_SECOND = 80_000;

/** Of a picture no higher than this, nobody sees thirty frames a second. */
const SMALL_HEIGHT = 180;
const SMALL_FRAMERATE = 20;
/** A screen is read, and what moves on it may move in steps. */
const SCREEN_FRAMERATE = 15;
const UNKNOWN_CAPTURE = { width: 1_280, height: 720 } as const;

const NO_LIMITS: PictureLimits = {
  isSent: true,
  scaleResolutionDownBy: 1,
  maxFramerate: undefined,
  maxBitrate: undefined,
};

/** What a picture is sent as: no larger than it is shown, and than the room and this machine allow. */
export function pictureLimits(facts: PictureFacts): PictureLimits {
  const { source, shown, captured = UNKNOWN_CAPTURE, receivers, relief } = facts;
  if (shown !== undefined && (shown.width === 0 || shown.height === 0)) {
    return { ...NO_LIMITS, isSent: false };
  }
  const { width, height } = captured;
  // Enough to fill the tile, whatever of the picture's edges the tile cuts off.
  const shownShare = shown === undefined ? 1 : Math.max(shown.width / width, shown.height / height);
  const rung = LADDER[Math.min(rungOf(receivers) + relief, LADDER.length - 1)] ?? height;
  const allowedScale = source === 'screen' ? 1 : atLeast(Math.min(width, height) / rung);
  const scale = Math.max(atMost(1 / shownShare), allowedScale);
  if (source === 'screen') {
    return { ...NO_LIMITS, scaleResolutionDownBy: scale, maxFramerate: SCREEN_FRAMERATE };
  }
  const sentPixels = (width * height) / scale ** 2;
  const bits = FULL_BITS_PER_SECOND * (sentPixels / FULL_PIXELS) ** BITS_POWER;
  return {
    isSent: true,
    scaleResolutionDownBy: scale,
    maxFramerate: Math.min(width, height) / scale <= SMALL_HEIGHT ? SMALL_FRAMERATE : undefined,
    maxBitrate: Math.round(Math.max(bits, LEAST_BITS_PER_SECOND)),
  };
}

/** No stronger than this, so that nothing is missed. */
function atMost(scale: number): number {
  return SCALES.findLast((one) => one <= scale * 1.001) ?? 1;
}

/** No weaker than this, so that nothing is too much. */
function atLeast(scale: number): number {
  return SCALES.find((one) => one >= scale * 0.999) ?? 8;
}
