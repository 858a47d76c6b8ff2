import type { RtcEnvironment } from '../api.ts';
import { PeerlineError } from './errors.ts';

/** What stands around a program, for where its caller names nothing. */

/** @returns undefined where there is no WebRTC */
export function browserRtc(): RtcEnvironment | undefined {
  const { RTCPeerConnection, RTCRtpReceiver, MediaStream } = globalThis;
  if (typeof RTCPeerConnection !== 'function') return undefined;
  return { RTCPeerConnection, RTCRtpReceiver, MediaStream };
}

/** @throws PeerlineError `server-unreachable` outside a page */
export function pageOrigin(): string {
  // Absent in Node, whatever the DOM types say.
  const location: Location | undefined = globalThis.location;
  if (location === undefined) {
    throw new PeerlineError('server-unreachable', 'outside a page, say where the server is: `url`');
  }
  return location.origin;
}
