/**
 * A connection class that neither tells where this machine is nor asks where others are (SPEC.md,
 * ICE5). The policy in its configuration keeps other candidates from being gathered; what the browser
 * or the other side brings all the same is stopped here.
 */
export function relayOnly(Base: typeof RTCPeerConnection): typeof RTCPeerConnection {
  return class extends Base {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      // The first listener there is: those behind it never see what is stopped.
      this.addEventListener('icecandidate', (event) => {
        const { candidate } = event;
        if (!isAllowed(candidate)) event.stopImmediatePropagation();
        if (candidate === null) return;
        const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
        const text = withoutOrigins(candidate.candidate);
        if (text === candidate.candidate) return;
        const value = { candidate: text, sdpMid, sdpMLineIndex, usernameFragment };
        Object.defineProperty(event, 'candidate', { value });
      });
    }

    override createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
    override createOffer(...callbacks: never[]): Promise<never>;
    override async createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
      return withRelaysOnly(await super.createOffer(options));
    }

    override createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
    override createAnswer(...callbacks: never[]): Promise<never>;
    override async createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit> {
      return withRelaysOnly(await super.createAnswer(options));
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription(withRelaysOnly(description));
    }

    override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      return isAllowed(candidate) ? super.addIceCandidate(candidate) : Promise.resolve();
    }
  };
}

/** The end of candidates has no text, and is no address. */
function isAllowed(candidate: RTCIceCandidateInit | null | undefined): boolean {
  const text = candidate?.candidate ?? '';
  return text === '' || / typ relay\b/.test(text);
}

function withRelaysOnly({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  const kept = sdp.replace(/^a=candidate:(?!.* typ relay\b).*\r?\n/gm, '');
  return { type, sdp: withoutOrigins(kept) };
}

/**
 * A relay's related address is where its TURN server saw this machine, and Firefox 153 tells it even
 * under the policy. It is blanked as RFC 8839 section 5.1 has it.
 */
function withoutOrigins(text: string): string {
  return text.replace(
    / raddr (\S+) rport \d+/g,
    (_, address: string) => ` raddr ${address.includes(':') ? '::' : '0.0.0.0'} rport 9`,
  );
}
