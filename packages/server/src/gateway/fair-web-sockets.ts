import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { TokenBucket } from '../policy/token-bucket.ts';
import { chosenSubprotocol } from './join-in-upgrade.ts';

/** An orderly close takes one round trip; who does not answer it holds no descriptor longer. */
const CLOSE_TIMEOUT_MS = 2_000;

/** What a client that behaves has on its way when it is closed: a second's messages. */
const CLOSING_MESSAGES_MAX = 64;
const CLOSING_MAX_BYTES = 64 * 1024;

/** Pages cannot send any, Socket.IO's clients do not, and a proxy that does asks every few seconds. */
const CONTROL_FRAMES = { burst: 64, perSecond: 1 };

/** Parts of one message, and reads of one frame: each is held by itself, even if it is one byte. */
const PARTS_MAX = 1_024;

/** Options of ws 8.21 that its types do not know yet. */
const BOUNDS = {
  closeTimeout: CLOSE_TIMEOUT_MS,
  maxFragments: PARTS_MAX,
  maxBufferedChunks: PARTS_MAX,
};

/**
 * WebSockets for Engine.IO of which each has one message acted on in a turn of the event loop. By themselves
 * they hand on all that a read brought, up to 64 kB: of one that floods that is hundreds of messages, while
 * everyone else waits. What was not handed on is not read either, and fills the flooder's own buffers.
 */
export class FairWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({
      ...options,
      ...BOUNDS,
      allowSynchronousEvents: false,
      handleProtocols: chosenSubprotocol,
    });
  }

  override handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (client: WebSocket, request: IncomingMessage) => void,
  ): void {
    super.handleUpgrade(request, socket, head, (client, upgraded) => {
      watch(client);
      callback(client, upgraded);
    });
  }
}

/**
 * Ends a WebSocket that floods where Engine.IO does not look: with control frames, of which pings are answered
 * each, and while it is closed. Until it answers the close it is read from (RFC 6455 section 7.1.1), and reading
 * is most of what a message costs.
 */
function watch(client: WebSocket): void {
  const controlFrames = new TokenBucket(CONTROL_FRAMES, performance.now());
  let messages = 0;
  let bytes = 0;
  // The listeners last as long as the WebSocket does.
  const onControlFrame = (): void => {
    if (!controlFrames.take(performance.now())) client.terminate();
  };
  client.on('ping', onControlFrame);
  client.on('pong', onControlFrame);
  client.on('message', (data: Buffer | ArrayBuffer | Buffer[]) => {
    if (client.readyState === WebSocket.OPEN) return;
    messages += 1;
    for (const part of [data].flat()) bytes += part.byteLength;
    if (messages > CLOSING_MESSAGES_MAX || bytes > CLOSING_MAX_BYTES) client.terminate();
  });
}
