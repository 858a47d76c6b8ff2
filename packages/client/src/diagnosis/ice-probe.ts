import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import type { RtcEnvironment } from '../api.ts';
import type { IceUrl } from './ice-url.ts';

/**
 * How long a STUN or TURN server may take. TURN over TLS takes five round trips, each of which is
 * below 0.6 s even by satellite. Browsers themselves wait for 10 s and more before they give up.
 */
export const PROBE_MAX_MS = 4_000;

/** Errors from here on are the browser's own, not a server's (webrtc-pc section 4.8.3). */
const NO_SERVER_ERRORS_FROM = 700;

/** What became of asking one server by one URL. */
export type ProbeOutcome =
  /** It told an address: a server-reflexive one, or a relay. */
  | { readonly status: 'answered' }
  /** It said no, with this error code. */
  | { readonly status: 'refused'; readonly iceError: number }
  /** The browser could not talk to it. */
  | { readonly status: 'failed'; readonly detail: string | undefined }
  /** Nothing came in time. */
  | { readonly status: 'silent' }
  /** The browser finished without a word: it was not asked, or had nothing new to tell. */
  | { readonly status: 'unclear' };

export interface ProbeOptions {
  readonly rtc: RtcEnvironment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks one server by one URL, with a connection of its own that is closed again. */
export async function probeIce(target: IceUrl, options: ProbeOptions): Promise<ProbeOutcome> {
  let pc: RTCPeerConnection;
  try {
    pc = new options.rtc.RTCPeerConnection({
      iceServers: [target.server],
      iceTransportPolicy: target.kind === 'turn' ? 'relay' : 'all',
    });
  } catch (error) {
    // Credentials are missing, or the like (webrtc-pc section 4.4.1.1).
    return { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
  try {
    return await gather(pc, target, options);
  } finally {
    pc.close();
  }
}

function gather(
  pc: RTCPeerConnection,
  { kind }: IceUrl,
  { clock, signal }: ProbeOptions,
): Promise<ProbeOutcome> {
  const wanted = kind === 'turn' ? / typ relay\b/ : / typ srflx\b/;
  return new Promise((resolve, reject) => {
    let error: RTCPeerConnectionIceErrorEvent | undefined;
    const listening = new AbortController();
    const settle = (outcome: ProbeOutcome): void => {
      listening.abort();
      resolve(outcome);
    };
    const ended = { signal: listening.signal };
    pc.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        if (wanted.test(candidate?.candidate ?? '')) settle({ status: 'answered' });
      },
      ended,
    );
    // One for each network of this machine, any of which may do, so that none is the last word.
    pc.addEventListener(
      'icecandidateerror',
      (event) => {
        if (error === undefined || error.errorCode >= NO_SERVER_ERRORS_FROM) error = event;
      },
      ended,
    );
    pc.addEventListener(
      'icegatheringstatechange',
      () => {
        if (pc.iceGatheringState === 'complete') settle(outcomeOf(error) ?? { status: 'unclear' });
      },
      ended,
    );
    const cancel = clock.setTimeout(
      () => settle(outcomeOf(error) ?? { status: 'silent' }),
      PROBE_MAX_MS,
    );
    listening.signal.addEventListener('abort', cancel);
    signal.addEventListener(
      'abort',
      () => {
        listening.abort();
        reject(PeerlineError.aborted(signal.reason));
      },
      ended,
    );
    begin(pc).catch((cause: unknown) => settle({ status: 'failed', detail: String(cause) }));
  });
}

/** Something to find a path for, and the word to begin. */
async function begin(pc: RTCPeerConnection): Promise<void> {
  pc.createDataChannel('');
  await pc.setLocalDescription(await pc.createOffer());
}

function outcomeOf(error: RTCPeerConnectionIceErrorEvent | undefined): ProbeOutcome | undefined {
  if (error === undefined) return undefined;
  const { errorCode, errorText } = error;
  if (errorCode < NO_SERVER_ERRORS_FROM) return { status: 'refused', iceError: errorCode };
  return { status: 'failed', detail: errorText === '' ? undefined : errorText };
}
