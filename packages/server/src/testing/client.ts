import {
  parseJoinRefusal,
  parseServerMessage,
  type JoinRefusal,
  type ServerEvent,
  type ServerMessage,
  type ServerMessages,
} from '@peerline/protocol';
import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { EventQueue } from './event-queue.ts';
import { cardOf, joinRequest, randomId } from './identity.ts';

export interface ClientOptions {
  readonly room?: string;
  readonly secret?: string;
  readonly token?: string;
  readonly transports?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

/** A real client over loopback. All that it gets is parsed; what the protocol lacks fails the test. */
export class TestClient {
  readonly socket: Socket;
  readonly peer: string;
  readonly #arrivals = new EventQueue<ServerMessage>();

  constructor(server: PeerlineServer, auth: object, options: ClientOptions = {}) {
    this.peer = 'peer' in auth && typeof auth.peer === 'string' ? auth.peer : '';
    this.socket = io(`${server.url}${options.namespace ?? ''}`, {
      auth: { ...auth },
      transports: [...(options.transports ?? ['websocket'])],
      extraHeaders: { ...options.headers },
      forceNew: true,
      reconnection: false,
      autoConnect: false,
    });
    this.socket.onAny((event: unknown, ...args: unknown[]) => this.#take(event, args));
    this.socket.on('disconnect', (reason) => {
      this.#arrivals.finish(new Error(`disconnected: ${reason}`));
    });
    onTestFinished(() => {
      this.socket.disconnect();
    });
  }

  /** As the others get it (SPEC.md, JOIN4). */
  get introduction(): { readonly peer: string; readonly card: string } {
    return { peer: this.peer, card: cardOf(this.peer) };
  }

  /** Joins and takes the welcome, which has to be the first thing that comes. */
  static async join(server: PeerlineServer, options: ClientOptions = {}): Promise<JoinedClient> {
    const client = new TestClient(server, joinRequest(options), options);
    client.socket.connect();
    return { client, welcome: await client.expect('welcome') };
  }

  /** @returns the refusal of a join that has to be refused */
  static async refused(
    server: PeerlineServer,
    auth: object,
    options: ClientOptions = {},
  ): Promise<JoinRefusal> {
    const client = new TestClient(server, auth, options);
    client.socket.connect();
    const error: unknown = await Promise.race([
      new Promise((resolve) => client.socket.once('connect_error', resolve)),
      client.next().then((message) => {
        throw new Error(`let in: ${JSON.stringify(message)}`);
      }),
    ]);
    const data =
      typeof error === 'object' && error !== null && 'data' in error ? error.data : error;
    const parsed = parseJoinRefusal(data);
    if (!parsed.ok) throw parsed.error;
    return parsed.value;
  }

  next(): Promise<ServerMessage> {
    return this.#arrivals.next();
  }

  /** Takes the next event, which has to be this one. */
  async expect<E extends ServerEvent>(event: E): Promise<ServerMessages[E]> {
    const message = await this.next();
    if (isEvent(message, event)) return message.data;
    throw new Error(`expected ${event}, got ${JSON.stringify(message)}`);
  }

  /** Takes the `problem` that has to come next, and checks that it is all that came. */
  async expectProblem(): Promise<ServerMessages['problem']> {
    return await this.expect('problem');
  }

  /** @returns all that has arrived until the server has answered a question of our own */
  async drain(): Promise<ServerMessage[]> {
    const nowhere = randomId();
    this.socket.emit('signal', { to: nowhere, body: 'drain' });
    const seen: ServerMessage[] = [];
    for (;;) {
      const message = await this.next();
      if (message.event === 'problem' && message.data.peer === nowhere) return seen;
      seen.push(message);
    }
  }

  signal(to: string, body: string): void {
    this.socket.emit('signal', { to, body });
  }

  /** @returns Socket.IO's reason for the end of the connection */
  async closed(): Promise<string> {
    if (this.socket.disconnected) return 'already';
    return await new Promise((resolve) => this.socket.once('disconnect', resolve));
  }

  #take(event: unknown, args: readonly unknown[]): void {
    const parsed = parseServerMessage(event, args[0]);
    if (parsed.ok && args.length === 1) this.#arrivals.push(parsed.value);
    else
      this.#arrivals.finish(new Error(`not in the protocol: ${JSON.stringify([event, ...args])}`));
  }
}

export interface JoinedClient {
  readonly client: TestClient;
  readonly welcome: ServerMessages['welcome'];
}

type MessageOf<E extends ServerEvent> = {
  readonly event: E;
  readonly data: ServerMessages[E];
};

function isEvent<E extends ServerEvent>(
  message: ServerMessage,
  event: E,
): message is ServerMessage & MessageOf<E> {
  return message.event === event;
}
