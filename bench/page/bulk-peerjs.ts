import type { DataConnection } from 'peerjs';
import { Bulk, happens, type Carrier, type ConnectInput } from './bulk.ts';
import { peerAt } from './peer-at.ts';

/** Messages that wait in PeerJS for the channel; it tells no one when they may go on. */
const WAITING_MAX = 64;

const carrier: Carrier = {
  newRoom: () => '',
  connect: async ({ server, name }: ConnectInput, onBytes) => {
    const peer = peerAt(server, name);
    await new Promise<void>((resolve, reject) => {
      peer.once('open', () => resolve());
      peer.once('error', reject);
    });
    const data =
      name === 'ben'
        ? peer.connect('ann', { reliable: true })
        : await new Promise<DataConnection>((resolve) => {
            peer.once('connection', resolve);
          });
    data.on('data', (bytes) => {
      if (bytes instanceof ArrayBuffer || bytes instanceof Uint8Array) onBytes(bytes.byteLength);
    });
    if (!data.open) {
      await new Promise<void>((resolve) => {
        data.once('open', () => resolve());
      });
    }
    const { dataChannel } = data;
    return {
      send: async (bytes) => {
        await data.send(bytes);
        while ('bufferSize' in data && Number(data.bufferSize) > WAITING_MAX) {
          await happens(dataChannel, 'bufferedamountlow');
        }
      },
    };
  },
};

window.bulk = new Bulk(carrier);
