import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Description } from '@peerline/protocol';
import wrtc from '@roamhq/wrtc';

/** What an evil server would have the members take for the other one's. */
export interface EvilDescription {
  readonly sdp: string;
  readonly candidates: Description['candidates'];
}

/**
 * Where an evil server would have media and data go: descriptions of a real `RTCPeerConnection`, with its own
 * certificate and credentials, whose candidates lead to sockets that count whatever comes.
 */
export class EvilEndpoint {
  readonly offer: EvilDescription;
  readonly answer: EvilDescription;
  readonly #sockets: readonly Socket[];
  readonly #connections: readonly RTCPeerConnection[];
  #bytes = 0;

  private constructor(
    sockets: readonly Socket[],
    connections: readonly RTCPeerConnection[],
    [offer, answer]: readonly [string, string],
  ) {
    this.#sockets = sockets;
    this.#connections = connections;
    this.offer = { sdp: offer, candidates: this.#candidates(offer) };
    this.answer = { sdp: answer, candidates: this.#candidates(answer) };
    for (const socket of sockets) {
      socket.on('message', ({ length }) => {
        this.#bytes += length;
      });
    }
  }

  static async open(): Promise<EvilEndpoint> {
    const sockets = addresses().map(async (address) => {
      const socket = createSocket('udp4');
      socket.bind(0, address);
      await once(socket, 'listening');
      return socket;
    });
    const { RTCPeerConnection } = wrtc;
    const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()];
    for (const kind of ['audio', 'video', 'video', 'audio']) caller.addTransceiver(kind);
    caller.createDataChannel('peerline', { negotiated: true, id: 0 });
    const offer = await caller.createOffer();
    await callee.setRemoteDescription(offer);
    const answer = await callee.createAnswer();
    const sdps = [offer.sdp ?? '', answer.sdp ?? ''] as const;
    return new EvilEndpoint(await Promise.all(sockets), [caller, callee], sdps);
  }

  /** All that ever came from anyone: not even a question whether it is there may come. */
  get receivedBytes(): number {
    return this.#bytes;
  }

  /** Resolves when something has come. */
  async received(): Promise<void> {
    await Promise.race(this.#sockets.map((socket) => once(socket, 'message')));
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await Promise.all(
      this.#sockets.map(async (socket) => {
        socket.close();
        await once(socket, 'close');
      }),
    );
  }

  #candidates(sdp: string): Description['candidates'] {
    const usernameFragment = /^a=ice-ufrag:(\S+)/mu.exec(sdp)?.[1] ?? '';
    return this.#sockets.map((socket, index) => {
      const { address, port } = socket.address();
      return {
        candidate: `candidate:${index} 1 udp 2113937151 ${address} ${port} typ host`,
        sdpMid: '0',
        sdpMLineIndex: 0,
        usernameFragment,
      };
    });
  }
}

/** This machine's own, by all of which a browser on it may reach it. */
function addresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .flatMap(({ family, address }) => (family === 'IPv4' ? [address] : []));
}
