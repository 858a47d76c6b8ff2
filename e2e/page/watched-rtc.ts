import type { RtcEnvironment } from 'peerline';

/** The browser's own WebRTC, with each connection that is made put into a list. */
export function watchedRtc(connections: RTCPeerConnection[]): RtcEnvironment {
  return {
    RTCPeerConnection: class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    },
    RTCRtpReceiver,
    MediaStream,
  };
}

/** How a connection stands, for a person to read. */
export function connectionText(pc: RTCPeerConnection): string {
  const { signalingState, iceGatheringState, iceConnectionState, connectionState } = pc;
  return `${signalingState}, gathering ${iceGatheringState}, ICE ${iceConnectionState}, ${connectionState}; ${sendersOf(pc)}`;
}

/** What goes out: `sends audio live, video live resting`. */
function sendersOf(pc: RTCPeerConnection): string {
  const sent = pc.getSenders().flatMap((sender) => {
    const { track } = sender;
    if (track === null) return [];
    const { encodings } = sender.getParameters();
    const rests = encodings.some(({ active }) => active === false);
    return [`${track.kind} ${track.readyState}${rests ? ' resting' : ''}`];
  });
  return sent.length === 0 ? 'sends nothing' : `sends ${sent.join(', ')}`;
}
