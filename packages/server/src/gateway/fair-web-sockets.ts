import { WebSocketServer, type ServerOptions } from 'ws';

/**
 * WebSockets for Engine.IO of which each has one message acted on in a turn of the event loop. By themselves
 * they hand on all that a read brought, up to 64 kB: of one that floods that is hundreds of messages, while
 * everyone else waits. What was not handed on is not read either, and fills the flooder's own buffers.
 */
export class FairWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({ ...options, allowSynchronousEvents: false });
  }
}
