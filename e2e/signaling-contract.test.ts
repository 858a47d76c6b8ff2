import { createServer, type PeerlineServer } from '@peerline/server';
import { signalingContract, SocketIoSignaling, type SignalingHarness } from 'peerline/testing';
import { describe, test } from 'vitest';

/** A real server on a port of its own, which it gets again when it comes back. */
async function harness(): Promise<SignalingHarness> {
  let server: PeerlineServer = await createServer({ port: 0 });
  const { port, url } = server;
  const clients: SocketIoSignaling[] = [];
  return {
    connect: () => {
      const signaling = new SocketIoSignaling(url);
      clients.push(signaling);
      return signaling;
    },
    stopServer: () => server.close({ graceMs: 0 }),
    startServer: async () => {
      server = await createServer({ port });
    },
    close: () => {
      for (const client of clients) client.leave();
      return server.close({ graceMs: 0 });
    },
  };
}

describe('signaling over Socket.IO', () => {
  test.each(signalingContract)('$title', async ({ run }) => {
    const rig = await harness();
    try {
      await run(rig);
    } finally {
      await rig.close();
    }
  });
});
