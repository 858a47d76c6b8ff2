import { connect, type Socket } from 'node:net';
import { Garbage } from '../garbage.ts';
import { joinRequest, joinSubprotocol, randomId } from '../identity.ts';
import type { Random } from '../random.ts';
import { lyingFrame } from './hostile-frames.ts';

const TEXT = 1;
const BINARY = 2;
/** Packets before the server is asked whether it still answers. */
const BATCH = 100;
/** Far above what a batch takes on a busy machine. */
const ANSWER_MAX_MS = 20_000;

/** @param join the join's packet, where it goes along (SPEC.md, JOIN10) */
function upgrade(join?: string): string {
  const along = join === undefined ? undefined : joinSubprotocol(join.slice('40'.length));
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(along === undefined ? [] : [`Sec-WebSocket-Protocol: ${along}, peerline`]),
    '\r\n',
  ].join('\r\n');
}

/** Socket.IO packets of every type, right and wrong, before a join and behind it. */
export class SocketLayer {
  readonly #port: number;
  readonly #random: Random;
  readonly #garbage: Garbage;
  #socket: Socket | undefined;
  /** Batches to which nothing was said, though the connection was left open. */
  unanswered = 0;

  constructor(port: number, random: Random, victims: readonly string[]) {
    this.#port = port;
    this.#random = random;
    this.#garbage = new Garbage(random, victims);
  }

  /** @returns how many inputs it sent */
  async attack(): Promise<number> {
    const random = this.#random;
    let inputs = 0;
    if (this.#socket === undefined || this.#socket.destroyed) {
      inputs += 1;
      this.#socket = await this.#join();
      if (this.#socket === undefined) return inputs;
    }
    const socket = this.#socket;
    for (let n = 0; n < BATCH && socket.writable; n += 1) {
      if (random.chance(0.01)) this.#writeAttachments(socket);
      else text(socket, random.chance(0.02) ? this.#crooked() : this.#garbage.packet());
      inputs += 1;
    }
    const mark = randomId();
    text(socket, `42["${mark}"]`);
    const end = await heard(socket, mark);
    if (end === 'nothing') this.unanswered += 1;
    if (end !== 'heard' || random.chance(0.05)) socket.destroy();
    return inputs;
  }

  stop(): void {
    this.#socket?.destroy();
  }

  /** With a join that is good half the time. @returns nothing where it was refused */
  async #join(): Promise<Socket | undefined> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('error', () => undefined);
    if (this.#random.chance(0.5)) {
      // Both packets may come at once, and the first has a "sid" as well.
      socket.write(upgrade(this.#garbage.connect()));
    } else {
      socket.write(upgrade());
      if ((await heard(socket, '"sid"')) !== 'heard') return undefined;
      text(socket, this.#random.chance(0.1) ? this.#crooked() : this.#garbage.connect());
    }
    // Refused ones are closed, and so are those who said nothing that counts.
    if ((await heard(socket, '40{')) === 'heard') return socket;
    socket.destroy();
    return undefined;
  }

  /** Namespaces, acknowledgements, attachments and depths that nobody has. */
  #crooked(): string {
    const random = this.#random;
    const join = JSON.stringify(joinRequest());
    const deep = random.below(20_000);
    return random.pick([
      `40/${'a'.repeat(random.below(5_000))},${join}`,
      `40/__proto__,${join}`,
      `40/admin?x=1#y,${join}`,
      `40${join}`,
      '41',
      '41/x,',
      `42${'9'.repeat(random.below(400))}["signal",{}]`,
      `43${'9'.repeat(random.below(400))}[]`,
      `44${join}`,
      `45${'9'.repeat(random.below(30))}-["signal",{"_placeholder":true,"num":0}]`,
      '45-["signal"]',
      '451-["signal",{"_placeholder":true,"num":1e9}]',
      '461-7[{"_placeholder":true,"num":0}]',
      `42["signal",${'['.repeat(deep)}${']'.repeat(deep)}]`,
      `42["signal",${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}]`,
      '42["__proto__",{"__proto__":{"polluted":true}}]',
      '42[{"toString":1}]',
      '42["signal",{"to":{"toString":null},"body":{"length":1e9}}]',
      '42[null]',
      '42[]',
      '42',
      '4',
      '47["x"]',
      `4${'0'.repeat(random.below(100))}`,
    ]);
  }

  /** An event that announces binary parts, with too few, too many, or texts between. */
  #writeAttachments(socket: Socket): void {
    const random = this.#random;
    const announced = random.pick([0, 1, 2, 10]);
    const parts = Array.from({ length: announced }, (_, num) => ({ _placeholder: true, num }));
    text(socket, `45${announced}-${JSON.stringify(['signal', ...parts])}`);
    for (let sent = random.below(announced + 2); sent > 0; sent -= 1) {
      if (random.chance(0.1)) text(socket, this.#garbage.packet());
      else socket.write(lyingFrame({ opcode: BINARY }, random.bytes(random.below(50))));
    }
  }
}

function text(socket: Socket, packet: string): void {
  socket.write(lyingFrame({ opcode: TEXT }, Buffer.from(packet)));
}

/** Waits for a text in what the server sends, or for the end of the connection. */
async function heard(socket: Socket, wanted: string): Promise<'heard' | 'ended' | 'nothing'> {
  if (socket.destroyed) return 'ended';
  return await new Promise((resolve) => {
    let tail = '';
    const done = (end: 'heard' | 'ended' | 'nothing'): void => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(end);
    };
    const onData = (chunk: Buffer): void => {
      const all = tail + chunk.toString('latin1');
      tail = all.slice(-wanted.length);
      if (all.includes(wanted)) done('heard');
    };
    const onClose = (): void => done('ended');
    const timer = setTimeout(() => done('nothing'), ANSWER_MAX_MS);
    socket.on('data', onData);
    socket.once('close', onClose);
  });
}
