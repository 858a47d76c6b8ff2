import type { IncomingMessage } from 'node:http';
import type { GatewaySocket } from './events.ts';

const NOTHING = Object.freeze({});

/** What Socket.IO and Engine.IO keep of the request that opened a connection. */
interface RequestKeepers {
  readonly handshake: Pick<GatewaySocket['handshake'], 'headers' | 'auth' | 'query'>;
  readonly conn: { request: IncomingMessage | undefined };
}

/**
 * Lets go of the request that opened a connection, since the secrets of the join are in it. Neither library looks at
 * it once the socket stands.
 */
export function forgetRequest({ handshake, conn }: RequestKeepers): void {
  handshake.headers = NOTHING;
  handshake.auth = NOTHING;
  handshake.query = NOTHING;
  conn.request = undefined;
}
