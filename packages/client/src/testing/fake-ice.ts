import type { RtcEnvironment } from '../api.ts';
import type { Clock } from '../base/clock.ts';

/** How a STUN or TURN server behaves towards one who asks it. */
export type IceBehaviour =
  | 'answers'
  | 'silent'
  /** The browser ends without candidates or errors. */
  | 'quiet'
  /** An error code, 401 as a server says it or 701 of the browser's own, on every network. */
  | number
  /** An error on one network, and an answer on another one. */
  | 'answers-once'
  /** The browser takes no such server. */
  | 'throws';

/** A round trip to a server. */
const ANSWER_MS = 40;

class IceEvent extends Event {
  constructor(type: string, fields: object) {
    super(type);
    Object.assign(this, fields);
  }
}

/** Connections that do nothing but gather, from servers that behave as told by URL; those not named are silent. */
export function fakeGathering(
  clock: Clock,
  behaviours: { readonly [url: string]: IceBehaviour },
): { readonly rtc: RtcEnvironment; readonly open: () => number } {
  let open = 0;
  class Gathering extends EventTarget {
    iceGatheringState: RTCIceGatheringState = 'new';
    readonly #urls: readonly string[];
    #closed = false;

    constructor({ iceServers = [] }: RTCConfiguration) {
      super();
      this.#urls = iceServers.flatMap(({ urls }) => urls);
      if (this.#urls.some((url) => behaviours[url] === 'throws')) {
        throw new DOMException('no credentials', 'InvalidAccessError');
      }
      open += 1;
    }

    createDataChannel(): void {}

    createOffer(): Promise<object> {
      return Promise.resolve({ type: 'offer', sdp: '' });
    }

    setLocalDescription(): Promise<void> {
      for (const url of this.#urls) {
        clock.setTimeout(() => this.#tell(url, behaviours[url] ?? 'silent'), ANSWER_MS);
      }
      return Promise.resolve();
    }

    close(): void {
      if (!this.#closed) open -= 1;
      this.#closed = true;
    }

    #tell(url: string, behaviour: IceBehaviour): void {
      if (behaviour === 'silent' || this.#closed) return;
      const failed = (errorCode: number): void => {
        const errorText = errorCode < 700 ? 'Unauthorized.' : 'Failed to establish connection';
        this.dispatchEvent(new IceEvent('icecandidateerror', { url, errorCode, errorText }));
      };
      this.#candidate('host');
      if (typeof behaviour === 'number') {
        failed(701);
        failed(behaviour);
      }
      if (behaviour === 'answers-once') failed(701);
      if (behaviour === 'answers' || behaviour === 'answers-once') {
        this.#candidate(url.startsWith('turn') ? 'relay' : 'srflx');
      }
      this.iceGatheringState = 'complete';
      this.dispatchEvent(new Event('icegatheringstatechange'));
    }

    #candidate(type: string): void {
      const candidate = `candidate:1 1 udp 1 192.0.2.1 9 typ ${type}`;
      this.dispatchEvent(new IceEvent('icecandidate', { candidate: { candidate } }));
    }
  }
  const rtc = { RTCPeerConnection: Gathering as unknown as typeof RTCPeerConnection };
  return { rtc, open: () => open };
}
