import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { SignalData } from 'simple-peer';
import { Bulk, type Carrier } from './bulk.ts';
import { meet } from './relayed.ts';

const carrier: Carrier = {
  newRoom: () => crypto.randomUUID(),
  connect: async (input, onBytes) => {
    let take = (_signal: SignalData): void => undefined;
    const { send } = await meet<SignalData>(input, (signal) => take(signal));
    const peer = new SimplePeer({
      // Who comes later finds the other one listening.
      initiator: input.name === 'ben',
      trickle: true,
      config: { iceServers: [] },
    });
    take = (signal) => peer.signal(signal);
    peer.on('signal', send);
    peer.on('data', (bytes: Uint8Array) => onBytes(bytes.length));
    await new Promise<void>((resolve, reject) => {
      peer.once('connect', () => resolve());
      peer.once('error', reject);
    });
    return {
      // It is a Duplex, which says by itself when it wants to be waited for.
      send: async (bytes) => {
        if (peer.write(bytes)) return;
        await new Promise<void>((resolve) => {
          peer.once('drain', () => resolve());
        });
      },
    };
  },
};

window.bulk = new Bulk(carrier);
