import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

/** A packet on its way between a client and the server. */
export interface Passing {
  /** `up` is to the server. */
  readonly way: 'up' | 'down';
  /** Which connection it goes over; each new one has a number of its own. */
  readonly line: number;
  /** An Engine.IO packet: `42["signal",…]` is one of a signal. */
  readonly text: string;
  /** Lets it go on, now, as it is or changed; again for a copy. Without it the packet is lost. */
  readonly pass: (changed?: string) => void;
}

/** Whether a packet carries a signal (SPEC.md, RELAY1 and RELAY2). */
export function isSignal({ text }: Pick<Passing, 'text'>): boolean {
  return text.startsWith('42["signal",');
}

/**
 * Stands between clients and a server, on loopback: who opens its page here talks to the server
 * through it. It carries everything and may lose, hold, repeat and swap what goes over WebSockets.
 */
export class SignalProxy {
  readonly url: string;
  /** Decides over each packet; carries all of them unless told otherwise. */
  meddle: (passing: Passing) => void = ({ pass }) => pass();
  /** How late WebSockets open; `Infinity` for never, as where packets are lost. */
  delayUpgradesMs = 0;
  /** Whether it answers as if none were offered, upon which browsers end the WebSocket. Else it answers with the first. */
  dropsSubprotocols = false;
  /** Engine.IO's sessions that were asked for, by transport. */
  readonly asked: string[] = [];
  readonly #close: () => Promise<void>;
  #lines = 0;

  private constructor(port: number, close: () => Promise<void>) {
    this.url = `http://localhost:${port}`;
    this.#close = close;
  }

  /** @param target the server's address */
  static async start(target: string): Promise<SignalProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((incoming, answer) => {
      proxy.#note(incoming, 'polling');
      forward(incoming, answer, hostname, port);
    });
    const sockets = new WebSocketServer({
      noServer: true,
      handleProtocols: ([first = '']) => (proxy.dropsSubprotocols ? false : first),
    });
    const upgrading = new Set<Duplex>();
    const carry = (incoming: IncomingMessage, socket: Duplex, head: Buffer): void => {
      const { host, origin } = incoming.headers;
      const headers = { ...(host && { host }), ...(origin && { origin }) };
      const upper = new WebSocket(`ws://${hostname}:${port}${incoming.url ?? ''}`, { headers });
      upper.once('error', () => socket.destroy());
      upper.once('open', () => {
        sockets.handleUpgrade(incoming, socket, head, (lower) => {
          proxy.#lines += 1;
          const line = proxy.#lines;
          const meddle = (passing: Passing): void => proxy.meddle(passing);
          connect(upper, lower, { way: 'down', line }, meddle);
          connect(lower, upper, { way: 'up', line }, meddle);
        });
      });
    };
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      proxy.#note(incoming, 'websocket');
      upgrading.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => upgrading.delete(socket));
      if (Number.isFinite(proxy.delayUpgradesMs)) {
        setTimeout(() => carry(incoming, socket, head), proxy.delayUpgradesMs);
      }
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const proxy = new SignalProxy((server.address() as AddressInfo).port, async () => {
      for (const client of sockets.clients) client.terminate();
      for (const socket of upgrading) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return proxy;
  }

  #note({ url = '' }: IncomingMessage, transport: string): void {
    const { searchParams } = new URL(url, this.url);
    if (searchParams.get('transport') !== transport) return;
    if (!searchParams.has('sid')) this.asked.push(transport);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function connect(
  from: WebSocket,
  to: WebSocket,
  where: Pick<Passing, 'way' | 'line'>,
  meddle: (passing: Passing) => void,
): void {
  from.on('message', (data: Buffer, isBinary: boolean) => {
    const pass = (changed?: string): void => {
      if (to.readyState === WebSocket.OPEN) to.send(changed ?? data, { binary: isBinary });
    };
    if (isBinary) pass();
    else meddle({ ...where, text: data.toString(), pass });
  });
  // A killed server says no goodbye, and none is made up here.
  from.on('close', () => to.terminate());
  from.on('error', () => to.terminate());
}

function forward(
  incoming: IncomingMessage,
  answer: ServerResponse,
  hostname: string,
  port: string,
): void {
  const { method, headers, url: path } = incoming;
  const upper = request({ hostname, port, path, method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  upper.on('error', () => answer.destroy());
  incoming.pipe(upper);
}
