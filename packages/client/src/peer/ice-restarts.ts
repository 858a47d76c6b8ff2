import type { Signal } from '@peerline/protocol';

/** Firefox names itself in the origin line of its descriptions (RFC 8866 section 5.2). */
const FIREFOX = /^o=mozilla/m;

/**
 * Whether an ICE restart that this side offers may break the pair. Chromium 156 checks its new candidates
 * against the other side's old ones until the answer is there. Firefox 153 answers those checks; Chromium
 * then keeps the pair that came of it, never checks the new candidates, and Firefox gives up: measured
 * wherever the path was alive, 15 s each time. The other way round, and between their own kind, it works.
 *
 * @param local the SDP of this side, and the other's
 */
export function isRestartUnsafe(local: string | undefined, remote: string): boolean {
  return FIREFOX.test(remote) && !FIREFOX.test(local ?? '');
}

/** Whether a signal is about a path that is gone; where one is back it would end that again. */
export function asksForPath(signal: Signal): boolean {
  return signal.type === 'hail' || (signal.type === 'need-offer' && signal.want !== 'exchange');
}
