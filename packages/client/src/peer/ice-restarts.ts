import type { Signal } from '@peerline/protocol';

/** Firefox names itself in the origin line of its descriptions (RFC 8866 section 5.2). */
const FIREFOX = /^o=mozilla/m;

/** States of a connection that packets never took yet (webrtc-pc section 4.3.3). */
const NOT_UP_YET = /^(?:new|connecting)$/;

/**
 * Whether an ICE restart may break the pair. Between Firefox and another browser either way does, measured;
 * between their own kind it works.
 *
 * - Chromium 156 checks its new candidates against Firefox's old ones until the answer is there. Firefox
 *   answers, Chromium keeps the pair that came of it and never checks the new candidates: gone for 15 s.
 * - Firefox takes the first new pair that answers, say one of IPv4, and drops the old ones. Chromium goes on
 *   sending on an old pair of higher priority, say of IPv6, until that was silent for 2.5 s; nothing else
 *   is checked meanwhile. Firefox need not hear Chromium for that, since its own path may heal later.
 *
 * @param remote the other side's SDP
 */
export function isRestartUnsafe(pc: RTCPeerConnection, remote: string): boolean {
  return FIREFOX.test(remote) !== FIREFOX.test(pc.localDescription?.sdp ?? '');
}

/** Whether the connection has not come about yet, and did not fail either. */
export function isUnderWay(pc: RTCPeerConnection | undefined): boolean {
  return pc !== undefined && NOT_UP_YET.test(pc.connectionState);
}

/** Whether a signal is about a path that is gone; where one is back it would end that again. */
export function asksForPath(signal: Signal): boolean {
  return signal.type === 'hail' || (signal.type === 'need-offer' && signal.want !== 'exchange');
}
