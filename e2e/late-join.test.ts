import { randomBytes } from 'node:crypto';
import { createConnection, createServer as createTcpServer, type Socket } from 'node:net';
import { parseJoin, PROTOCOL_VERSION, type JoinRequest } from '@peerline/protocol';
import { createServer } from '@peerline/server';
import { SocketIoSignaling } from 'peerline/testing';
import { expect, onTestFinished, test } from 'vitest';
import { drawIdentity } from './rig/raw-member.ts';

test('JOIN9 a join that an outage held back throws nobody out who joined since', async () => {
  const server = await createServer({ port: 0 });
  onTestFinished(() => server.close({ graceMs: 0 }));
  const path = await HoldingPath.to(server.port);
  onTestFinished(() => path.close());
  const client = new SocketIoSignaling(path.url);
  onTestFinished(() => client.leave());

  const join = drawJoin();
  client.connect(join);
  await path.held;
  // What a client does that hears of another network while it connects.
  client.retryNow();
  await new Promise((resolve) => client.on('welcome', resolve));
  await path.letGo();

  const echoed = new Promise((resolve) => client.on('echo', resolve));
  client.probe();
  await echoed;
  expect(client.state).toEqual({ status: 'joined' });
});

function drawJoin(): JoinRequest {
  const { peer, secret } = drawIdentity();
  const room = randomBytes(16).toString('base64url');
  const card = peer.padEnd(130, 'A');
  // Only who shows the same is in the same room; nobody else is to be here.
  const self = { room, roomSecret: room, peer, secret, card };
  const parsed = parseJoin({ protocol: PROTOCOL_VERSION, ...self });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

/**
 * Keeps what the client says in the first connection, its end as well, as TCP does in an outage: the join goes
 * with the first words (JOIN10). Other connections pass.
 */
class HoldingPath {
  readonly url: string;
  readonly #listener: ReturnType<typeof createTcpServer>;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Buffer[] = [];
  #first: Socket | undefined;
  #tellHeld = (): void => undefined;
  readonly held = new Promise<void>((resolve) => (this.#tellHeld = resolve));

  private constructor(listener: ReturnType<typeof createTcpServer>, port: number) {
    this.#listener = listener;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async to(port: number): Promise<HoldingPath> {
    const listener = createTcpServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const path = new HoldingPath(listener, address.port);
    listener.on('connection', (socket) => path.#connect(socket, port));
    return path;
  }

  /** @returns when the server has ended the first connection over what it says */
  async letGo(): Promise<void> {
    const first = this.#first;
    if (first === undefined) throw new Error('nobody came');
    const ended = new Promise((resolve) => first.once('close', resolve));
    for (const chunk of this.#waiting) first.write(chunk);
    await ended;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #connect(client: Socket, port: number): void {
    const server = createConnection({ port, host: 'localhost' });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    server.on('data', (chunk) => client.write(chunk));
    if (this.#first !== undefined) {
      client.pipe(server);
      return;
    }
    this.#first = server;
    client.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk);
      this.#tellHeld();
    });
  }
}
