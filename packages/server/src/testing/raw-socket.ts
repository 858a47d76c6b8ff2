import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { EventQueue } from './event-queue.ts';

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A WebSocket (RFC 6455) by hand: it may send what no library would, and may stop reading. */
export class RawSocket {
  readonly tcp: Socket;
  /** Text frames, which is what Engine.IO packets are. */
  readonly packets = new EventQueue<string>();
  readonly closed: Promise<unknown>;
  /** Whether a close frame is answered by hanging up, as it should be. */
  answersClose = true;
  /** The answer to the upgrade. */
  head = '';
  #received = Buffer.alloc(0);
  #isUpgraded = false;

  private constructor(tcp: Socket) {
    this.tcp = tcp;
    this.closed = once(tcp, 'close');
    tcp.on('data', (chunk) => this.#take(chunk));
    // A reset is one of the ways in which a server ends a connection.
    tcp.on('error', () => undefined);
    tcp.on('close', () => this.packets.finish(new Error('the connection has ended')));
    onTestFinished(() => {
      tcp.destroy();
    });
  }

  /**
   * Opens an Engine.IO connection and waits for its `open` packet, which is left in the queue.
   *
   * @param query of a session that there is: `&sid=…`
   * @param headers further lines of the request
   */
  static async open(
    server: PeerlineServer,
    query = '',
    headers: readonly string[] = [],
  ): Promise<RawSocket> {
    const socket = new RawSocket(connect(server.port, '127.0.0.1'));
    socket.tcp.write(
      [
        `GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1`,
        `Host: 127.0.0.1:${server.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        ...headers,
        '\r\n',
      ].join('\r\n'),
    );
    await once(socket.tcp, 'data');
    return socket;
  }

  /** Sends an Engine.IO packet, like `40{}` for a Socket.IO CONNECT. */
  send(packet: string): void {
    this.frame(OPCODE.text, Buffer.from(packet));
  }

  frame(opcode: number, payload: Buffer): void {
    this.tcp.write(encodeFrame(opcode, payload));
  }

  /** Takes the next packet that begins like this. */
  async packet(prefix: string): Promise<string> {
    return await this.packets.nextWhere((packet) => packet.startsWith(prefix));
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    if (!this.#isUpgraded) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end === -1) return;
      this.#isUpgraded = true;
      this.head = this.#received.subarray(0, end).toString('latin1');
      this.#received = this.#received.subarray(end + 4);
    }
    for (;;) {
      const frame = decodeFrame(this.#received);
      if (frame === undefined) return;
      this.#received = this.#received.subarray(frame.size);
      if (frame.opcode === OPCODE.text) this.packets.push(frame.payload.toString('utf8'));
      if (frame.opcode === OPCODE.close && this.answersClose) this.tcp.end();
    }
  }
}

/** One unfragmented, masked frame (section 5.2). */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (head.length === 2) head[1] = 0x80 | payload.length;
  else if (head.length === 4) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}

function decodeFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const opcode = bytes.readUInt8(0) & 0x0f;
  const short = bytes.readUInt8(1) & 0x7f;
  const headSize = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < headSize) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const size = headSize + length;
  if (bytes.length < size) return undefined;
  return { opcode, payload: bytes.subarray(headSize, size), size };
}
