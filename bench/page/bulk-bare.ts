import { Bulk, happens, sendOver, type Carrier } from './bulk.ts';
import { meet } from './relayed.ts';

interface Signal {
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit | null;
}

/** A channel of the browser's with nothing on top: what the machine is able to. */
const carrier: Carrier = {
  newRoom: () => crypto.randomUUID(),
  connect: async (input, onBytes) => {
    const connection = new RTCPeerConnection();
    const channel = connection.createDataChannel('bulk', { negotiated: true, id: 0 });
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) onBytes(data.byteLength);
    });
    const opened = happens(channel, 'open');
    let send = (_signal: Signal): void => undefined;
    // One after the other: a candidate must not overtake its offer.
    let taken = Promise.resolve();
    const relay = await meet<Signal>(input, (signal) => {
      taken = taken.then(() => take(signal));
    });
    send = relay.send;
    const describe = async (): Promise<void> => {
      await connection.setLocalDescription();
      const { localDescription } = connection;
      if (localDescription !== null) send({ description: localDescription.toJSON() });
    };
    const take = async ({ description, candidate }: Signal): Promise<void> => {
      if (description !== undefined) {
        await connection.setRemoteDescription(description);
        if (description.type === 'offer') await describe();
      } else if (candidate !== undefined) {
        await connection.addIceCandidate(candidate ?? undefined);
      }
    };
    connection.addEventListener('icecandidate', ({ candidate }) =>
      send({ candidate: candidate?.toJSON() ?? null }),
    );
    if (input.name === 'ben') await describe();
    await opened;
    return { send: (bytes) => sendOver(channel, bytes) };
  },
};

window.bulk = new Bulk(carrier);
