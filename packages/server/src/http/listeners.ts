import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { errorCode, StartError } from '../errors.ts';

/** How often another free port is tried, where the first address has one that the second has not. */
const FREE_PORT_TRIES = 5;

/**
 * Browsers resolve `localhost` to the IPv6 or the IPv4 loopback address as they like, so both are
 * listened on; a machine may lack one of them.
 */
export function bindAddresses(host: string): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

/** TCP listeners on one port of one or more addresses, which feed one HTTP server. */
export class Listeners {
  readonly #http: HttpServer | HttpsServer;
  #servers: readonly Server[] = [];
  readonly #sockets = new Set<Socket>();

  /**
   * @param http nothing listens for its connections yet but what Node made it with
   * @param accepts ends what may not stay, and says so
   */
  constructor(http: HttpServer | HttpsServer, accepts: (socket: Socket) => boolean) {
    this.#http = http;
    // Node's own listeners make a parser (and TLS a session) of each connection, which is most of what one
    // costs that may not stay: so they hear of those alone that may.
    const parsers = http.listeners('connection');
    http.removeAllListeners('connection');
    // Also what is handed to it from a further address comes by here.
    http.on('connection', (socket: Socket) => {
      if (!accepts(socket)) return;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      for (const parse of parsers) parse.call(http, socket);
    });
  }

  /**
   * @param port 0 for any free one
   * @returns the port
   * @throws {StartError}
   */
  async listen(host: string, port: number): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#listenOnAll(host, port);
      } catch (error) {
        const mayRetry = port === 0 && errorCode(error) === 'EADDRINUSE';
        if (mayRetry && tries < FREE_PORT_TRIES) continue;
        throw StartError.listening(error, { host, port, transport: 'TCP', flag: '--port' });
      }
    }
  }

  /** Takes no more connections; those that stand go on. */
  stop(): void {
    for (const server of this.#servers) server.close();
    this.#servers = [];
  }

  /** Resolves when every connection has ended, or after a while. */
  async drain(timeoutMs: number): Promise<void> {
    this.#http.closeIdleConnections();
    const ends = [...this.#sockets].map((socket) => once(socket, 'close'));
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      cancel = () => clearTimeout(timer);
    });
    await Promise.race([Promise.allSettled(ends), timeout]);
    cancel();
  }

  /** Ends every connection. */
  destroy(): void {
    this.stop();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listenOnAll(host: string, wantedPort: number): Promise<number> {
    const addresses = bindAddresses(host);
    const servers: Server[] = [];
    let port = wantedPort;
    let missing: unknown;
    try {
      for (const address of addresses) {
        // The first is the HTTP server itself, which watches over slow requests only while it listens.
        const server = servers.length === 0 ? this.#http : this.#further();
        try {
          port = await listen(server, address, port);
          servers.push(server);
        } catch (error) {
          if (!isAddressMissing(error) || addresses.length === 1) throw error;
          missing = error;
        }
      }
      if (servers.length === 0) throw missing;
    } catch (error) {
      await Promise.all(servers.map(closed));
      throw error;
    }
    this.#servers = servers;
    return port;
  }

  #further(): Server {
    return createServer({ noDelay: true }, (socket) => this.#http.emit('connection', socket));
  }
}

function isAddressMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(portOf(server.address()));
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('a TCP server without a port');
}
