import type { JoinOptions } from '../api.ts';
import { systemClock } from '../base/clock.ts';
import { browserRtc, pageOrigin } from '../base/surroundings.ts';
import { SocketIoSignaling } from '../signaling/socket-io.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './verdicts.ts';

export type CheckOptions = Pick<JoinOptions, 'url' | 'iceServers' | 'relayOnly' | 'rtc' | 'signal'>;

/**
 * Says before a call whether one would connect from here: whether the server lets clients in, whether
 * UDP gets out, and which of the TURN servers that it names work. Nobody in any room notices; it takes
 * less than a second where all is well, and at most 8 s.
 *
 * @throws PeerlineError `aborted`; `server-unreachable` outside a page, where `url` is missing
 */
export function checkConnection(options: CheckOptions = {}): Promise<Diagnosis> {
  return diagnose({
    url: options.url ?? pageOrigin(),
    connect: (url) => new SocketIoSignaling(url),
    clock: systemClock,
    rtc: options.rtc ?? browserRtc(),
    iceServers: options.iceServers ?? [],
    relayOnly: options.relayOnly ?? false,
    signal: options.signal,
  });
}
