import type { Control } from '@peerline/protocol';

/** What bears on who the other end is. */
export type Happening =
  /** A turn came over the pair's channel. */
  | Extract<Control, { type: 'words' | 'identity' }>
  /** The pair's channel is open, perhaps again. */
  | { readonly type: 'opened' }
  /** The peer's presence changed. */
  | { readonly type: 'renamed' };
