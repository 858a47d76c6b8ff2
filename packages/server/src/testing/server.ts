import { onTestFinished } from 'vitest';
import { createServer, type PeerlineServer } from '../create-server.ts';
import type { ServerOptions } from '../options.ts';
import type { ServerLimits } from '../policy/limits.ts';

const UNLIMITED = { burst: 1e9, perSecond: 1e9 };

/** For tests that send more than anyone may, to see what else holds. */
export const UNLIMITED_RATES = {
  messages: UNLIMITED,
  refusals: UNLIMITED,
  packets: UNLIMITED,
  bytes: UNLIMITED,
  roomMessages: UNLIMITED,
  addressPackets: UNLIMITED,
  addressBytes: UNLIMITED,
  joins: UNLIMITED,
  requests: UNLIMITED,
  openings: UNLIMITED,
} satisfies Partial<ServerLimits>;

/** A server on a free loopback port that ends with the test. */
export async function startServer(options: ServerOptions = {}): Promise<PeerlineServer> {
  const server = await createServer({ host: '127.0.0.1', port: 0, stunPort: 'off', ...options });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server;
}
