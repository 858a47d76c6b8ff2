/** What became of the one who was put in between. */
export interface Liar {
  /** States that his connections were in. */
  readonly states: RTCPeerConnectionState[];
}

/** What of a connection is used here, without the forms that ended callbacks. */
interface Endpoint {
  readonly localDescription: RTCSessionDescription | null;
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
}

/**
 * From now on whoever makes an offer in this page is connected to somebody else than the SDK was told by the
 * answer: the browser is given another answer, of another certificate, which its DTLS is content with.
 */
export function liePath(): Liar {
  const liar: Liar = { states: [] };
  const prototype: Endpoint = RTCPeerConnection.prototype;
  const { setRemoteDescription, addIceCandidate } = Object.getOwnPropertyDescriptors(prototype);
  const describe = setRemoteDescription.value;
  const add = addIceCandidate.value;
  if (describe === undefined || add === undefined) throw new Error('no WebRTC');

  const answerFor = async (victim: Endpoint, offer: RTCSessionDescription): Promise<void> => {
    const mallory = new RTCPeerConnection();
    mallory.addEventListener('connectionstatechange', () => {
      liar.states.push(mallory.connectionState);
    });
    mallory.createDataChannel('peerline', { negotiated: true, id: 0 });
    await describe.call(mallory, offer);
    const answer = await mallory.createAnswer();
    // Behind the answer, so that both are known before anything is asked of the other.
    const candidates: RTCIceCandidate[] = [];
    let isApplied = false;
    mallory.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null) return;
      if (isApplied) void add.call(victim, candidate);
      else candidates.push(candidate);
    });
    await mallory.setLocalDescription(answer);
    await describe.call(victim, answer);
    isApplied = true;
    for (const candidate of candidates) await add.call(victim, candidate);
  };

  Object.assign(prototype, {
    // Those who were to be connected must not find each other all the same.
    addIceCandidate: () => Promise.resolve(),
    setRemoteDescription(this: Endpoint, description: RTCSessionDescriptionInit): Promise<void> {
      const offer = this.localDescription;
      const isLie = description.type === 'answer' && offer !== null;
      return isLie ? answerFor(this, offer) : describe.call(this, description);
    },
  });
  return liar;
}
