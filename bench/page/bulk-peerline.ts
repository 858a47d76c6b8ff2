import { createRoomLink, formatRoomLink, joinRoom, type Peer } from 'peerline/core';
import { Bulk, type Carrier, type ConnectInput, type Wire } from './bulk.ts';

type Messages = { readonly bytes: Uint8Array };

const carrier: Carrier = {
  newRoom: () => formatRoomLink(createRoomLink('bench')),
  connect: async ({ server, room: link }: ConnectInput, onBytes): Promise<Wire> => {
    const room = await joinRoom<Messages>({ url: server, room: link });
    room.on('message', ({ payload }) => onBytes(payload.length));
    const peer = await new Promise<Peer<Messages>>((resolve) => {
      room.on('peer', resolve);
    });
    // Waits until the pair is connected.
    await peer.send('bytes', new Uint8Array(0));
    return { send: (bytes) => peer.send('bytes', bytes) };
  },
};

window.bulk = new Bulk(carrier);
