/** How well the connection with a peer does; a part of `api.ts`. */
import type { Source } from '@peerline/protocol';

export interface PeerQuality {
  /** 0 (unusable) to 4 (excellent), from round trip and loss as ITU-T G.107 weighs them. */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** Round trip in milliseconds. */
  readonly rttMs: number | undefined;
  /** Share of packets lost on the way here since the last sample, 0 to 1. */
  readonly loss: number;
  /** How packets travel: straight, or over a TURN server. */
  readonly route: 'direct' | 'relay' | 'unknown';
  /** What holds the sent picture back, as the browser says (`qualityLimitationReason`). */
  readonly limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other';
  /** Codecs in use as the statistics say, such as `VP8`. */
  readonly codecs: {
    readonly sent: { readonly [S in Source]?: string };
    readonly received: { readonly [S in Source]?: string };
  };
}

/**
 * Whether this machine keeps up with the room. `serious`: pictures and voices of this many are more than it can do, so
 * some of them should rest; `sinceMs` is by the clock of `performance.now()`.
 */
export type RoomPressure =
  | { readonly status: 'nominal' }
  | { readonly status: 'serious'; readonly sinceMs: number };
