import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** Lost packets are none on loopback, but a server that is starting drops all. */
const RETRANSMIT_MS = 200;
const ANSWER_MAX_MS = 10_000;

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;

/** Methods and attributes of RFC 8489 and RFC 8656 that the tests use. */
const METHOD = { binding: 0x001, allocate: 0x003, createPermission: 0x008 };
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  software: 0x8022,
};
const UDP = 17;
const FAMILY = { 4: 1, 6: 2 };

/** The class bits of a success and an error response (RFC 8489 section 5). */
const SUCCESS = 0x0100;
const ERROR = 0x0110;

type Attribute = readonly [type: number, value: Buffer];

export interface TurnAnswer {
  /** 0 for success, else the error code, such as 403. */
  readonly code: number;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** A TURN client over UDP on loopback, as far as asking for relays and permissions. */
export class TurnClient {
  readonly #socket: Socket;
  readonly #port: number;
  #credentials: Credentials | undefined;
  #realm = '';
  #nonce = '';

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
  }

  static async open(port: number): Promise<TurnClient> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TurnClient(socket, port);
  }

  close(): void {
    this.#socket.close();
  }

  /** @returns what a Binding request is answered with: that the server is up */
  binding(): Promise<TurnAnswer> {
    return this.#request(METHOD.binding, []);
  }

  /** Asks for a relay with long-term credentials (RFC 8489 section 9.2). */
  async allocate(credentials: Credentials, family: 4 | 6): Promise<TurnAnswer> {
    const wish: readonly Attribute[] = [
      [ATTRIBUTE.requestedTransport, Buffer.from([UDP, 0, 0, 0])],
      [ATTRIBUTE.requestedAddressFamily, Buffer.from([FAMILY[family], 0, 0, 0])],
    ];
    const challenge = await this.#request(METHOD.allocate, wish);
    this.#realm = challenge.attributes.get(ATTRIBUTE.realm)?.toString() ?? '';
    this.#nonce = challenge.attributes.get(ATTRIBUTE.nonce)?.toString() ?? '';
    this.#credentials = credentials;
    return this.#request(METHOD.allocate, wish);
  }

  /** Asks that packets from an address be let in; nothing is sent to the address by that. */
  createPermission(address: string): Promise<TurnAnswer> {
    return this.#request(METHOD.createPermission, [
      [ATTRIBUTE.xorPeerAddress, plainAddress(address)],
    ]);
  }

  async #request(method: number, attributes: readonly Attribute[]): Promise<TurnAnswer> {
    const transaction = randomBytes(12);
    const packet = this.#encode(method, transaction, attributes);
    const send = (): void => this.#socket.send(packet, this.#port, '127.0.0.1');
    const again = setInterval(send, RETRANSMIT_MS);
    let stop = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        const take = (answer: Buffer): void => {
          if (!answer.subarray(8, HEADER_BYTES).equals(transaction)) return;
          resolve(decode(answer, method));
        };
        const timer = setTimeout(
          () => reject(new Error(`no answer of the TURN server on port ${this.#port}`)),
          ANSWER_MAX_MS,
        );
        // A server that is not up yet; the next packet may find it.
        const ignore = (): void => undefined;
        this.#socket.on('message', take).on('error', ignore);
        stop = () => {
          clearTimeout(timer);
          this.#socket.off('message', take).off('error', ignore);
        };
        send();
      });
    } finally {
      clearInterval(again);
      stop();
    }
  }

  #encode(method: number, transaction: Buffer, attributes: readonly Attribute[]): Buffer {
    const credentials = this.#credentials;
    const all: readonly Attribute[] =
      credentials === undefined
        ? attributes
        : [
            ...attributes,
            [ATTRIBUTE.username, Buffer.from(credentials.username)],
            [ATTRIBUTE.realm, Buffer.from(this.#realm)],
            [ATTRIBUTE.nonce, Buffer.from(this.#nonce)],
          ];
    const body = Buffer.concat(
      all.map(([type, value]) =>
        type === ATTRIBUTE.xorPeerAddress
          ? attribute(type, xored(value, transaction))
          : attribute(type, value),
      ),
    );
    if (credentials === undefined)
      return Buffer.concat([header(method, body.length), transaction, body]);
    // The length that is signed counts the signature in (RFC 8489 section 14.5).
    const signed = Buffer.concat([
      header(method, body.length + INTEGRITY_BYTES),
      transaction,
      body,
    ]);
    const key = createHash('md5')
      .update(`${credentials.username}:${this.#realm}:${credentials.credential}`)
      .digest();
    const signature = createHmac('sha1', key).update(signed).digest();
    return Buffer.concat([signed, attribute(ATTRIBUTE.messageIntegrity, signature)]);
  }
}

/** @returns whether the answer names the server's software */
export function namesSoftware({ attributes }: TurnAnswer): boolean {
  return attributes.has(ATTRIBUTE.software);
}

function header(method: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(method, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(MAGIC_COOKIE, 4);
  return bytes;
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Family, port 9 and address, before they are masked (RFC 8489 section 14.2). */
function plainAddress(address: string): Buffer {
  const host = isIPv6(address) ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number));
  return Buffer.concat([Buffer.from([0, host.length === 4 ? FAMILY[4] : FAMILY[6], 0, 9]), host]);
}

function xored(plain: Buffer, transaction: Buffer): Buffer {
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(MAGIC_COOKIE);
  const masks = Buffer.concat([Buffer.alloc(2), mask.subarray(0, 2), mask, transaction]);
  return Buffer.from(plain.map((byte, index) => byte ^ (masks[index] ?? 0)));
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes a dotted tail in hexadecimal.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail)];
  const zeros = text.includes('::') ? Array<string>(8 - front.length - back.length).fill('0') : [];
  const hex = [...front, ...zeros, ...back].map((group) => group.padStart(4, '0')).join('');
  return Buffer.from(hex, 'hex');
}

function decode(answer: Buffer, method: number): TurnAnswer {
  const type = answer.readUInt16BE(0);
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= answer.length;) {
    const length = answer.readUInt16BE(at + 2);
    attributes.set(answer.readUInt16BE(at), answer.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  if (type === (method | SUCCESS)) return { code: 0, attributes };
  const error = attributes.get(ATTRIBUTE.errorCode);
  if (type !== (method | ERROR) || error === undefined) {
    throw new Error(`an answer that is none: ${answer.toString('hex')}`);
  }
  return { code: error.readUInt8(2) * 100 + error.readUInt8(3), attributes };
}
