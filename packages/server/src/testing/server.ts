import { onTestFinished } from 'vitest';
import { createServer, type PeerlineServer } from '../create-server.ts';
import type { ServerOptions } from '../options.ts';

/** A server on a free loopback port that ends with the test. */
export async function startServer(options: ServerOptions = {}): Promise<PeerlineServer> {
  const server = await createServer({ host: '127.0.0.1', port: 0, stunPort: 'off', ...options });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server;
}
