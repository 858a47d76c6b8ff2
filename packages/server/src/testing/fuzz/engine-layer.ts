import { connect, type Socket } from 'node:net';
import { joinRequest, joinSubprotocol } from '../identity.ts';
import type { Random } from '../random.ts';
import { enginePacket, hostileFrame } from './hostile-frames.ts';

/** How long an answer to something broken is waited for; there need not be one. */
const ANSWER_MAX_MS = 40;
/** Frames on one connection, unless it ends before. */
const FRAMES_MAX = 24;

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** Requests, polling bodies, upgrades and frames, none of them as they should be. */
export class EngineLayer {
  readonly #port: number;
  readonly #random: Random;

  constructor(port: number, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  /** @returns how many inputs it sent */
  async attack(): Promise<number> {
    const random = this.#random;
    switch (random.below(5)) {
      case 0:
        return await this.#exchange(this.#request());
      case 1:
        return await this.#polling();
      case 2:
        return await this.#exchange(this.#upgradeRequest());
      case 3:
        return await this.#upgradeOfPolling();
      default:
        return await this.#frames('/socket.io/?EIO=4&transport=websocket');
    }
  }

  /** Sends bytes on a connection of their own, and gives the server time to answer or hang up. */
  async #exchange(bytes: Buffer): Promise<number> {
    const socket = this.#open();
    socket.write(bytes);
    await happened(socket);
    socket.destroy();
    return 1;
  }

  #open(): Socket {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('error', () => undefined);
    return socket;
  }

  #request(): Buffer {
    const random = this.#random;
    const method = random.pick([
      'GET',
      'POST',
      'PUT',
      'OPTIONS',
      'HEAD',
      'DELETE',
      'PRI',
      'G\u0000T',
    ]);
    const path = random.pick([this.#engineUrl(), this.#engineUrl(), ...PATHS]);
    const body = this.#body();
    const length = random.pick([body.length, body.length, 0, -1, 1e9, 'NaN']);
    const headers = [
      `Host: ${random.pick(['127.0.0.1', '', 'a b', '[::1', 'x'.repeat(300)])}`,
      ...(random.chance(0.8) ? [`Content-Length: ${length}`] : ['Transfer-Encoding: chunked']),
      ...Array.from({ length: random.below(4) }, () => random.pick(HEADERS)),
    ];
    return message(`${method} ${path} HTTP/1.1`, headers, body);
  }

  #engineUrl(sid?: string): string {
    const random = this.#random;
    const parameters = [
      `EIO=${random.pick(['4', '4', '4', '3', '', '-1', '4&EIO=4', '%00'])}`,
      `transport=${random.pick(['polling', 'websocket', 'webtransport', '', '__proto__', 'toString'])}`,
    ];
    if (sid !== undefined || random.chance(0.5)) {
      parameters.push(`sid=${sid ?? random.pick(['x', '', '__proto__', '%ff', 'a&sid=b'])}`);
    }
    if (random.chance(0.3)) {
      parameters.push(random.pick(['j=0', 'j=<script>', 'b64=1', 't=%', 'x[]=1', '%%%', '&&']));
    }
    const path = random.pick([
      '/socket.io/',
      '/socket.io/',
      '/socket.io',
      '/socket.io//',
      '/SOCKET.IO/',
    ]);
    return `${path}?${parameters.join('&')}`;
  }

  #body(): Buffer {
    const random = this.#random;
    switch (random.below(6)) {
      case 0:
        return random.bytes(random.below(400));
      case 1:
        return Buffer.from('\u001e'.repeat(random.below(2_000)));
      case 2:
        return Buffer.from('b'.repeat(random.pick([1, 4, 200_000])));
      case 3:
        return Buffer.from(`40${JSON.stringify(joinRequest())}\u001e${enginePacket(random)}`);
      default: {
        const packets = Array.from({ length: random.below(60) }, () => enginePacket(random));
        return Buffer.from(packets.join('\u001e'));
      }
    }
  }

  /** A session that is real, and what is posted and asked in it, also twice at a time. */
  async #polling(): Promise<number> {
    const sid = await this.#session();
    if (sid === undefined) return 1;
    const url = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const host = ['Host: 127.0.0.1'];
    let inputs = 1;
    for (let posts = 1 + this.#random.below(4); posts > 0; posts -= 1) {
      const body = this.#body();
      const post = message(
        `POST ${url} HTTP/1.1`,
        [...host, `Content-Length: ${body.length}`],
        body,
      );
      const all = this.#random.chance(0.2)
        ? [post, post, message(`GET ${url} HTTP/1.1`, host)]
        : [post];
      await Promise.all(all.map((one) => this.#exchange(one)));
      inputs += all.length;
    }
    // A seat would be held until the heartbeat ends.
    await this.#exchange(
      message(`POST ${url} HTTP/1.1`, [...host, 'Content-Length: 1'], Buffer.from('1')),
    );
    return inputs;
  }

  async #session(): Promise<string | undefined> {
    const socket = this.#open();
    socket.write(message('GET /socket.io/?EIO=4&transport=polling HTTP/1.1', ['Host: 127.0.0.1']));
    const answer = await happened(socket);
    socket.destroy();
    return /"sid":"([^"]+)"/.exec(answer)?.[1];
  }

  #upgradeRequest(): Buffer {
    const random = this.#random;
    const headers = UPGRADE.filter(() => random.chance(0.85));
    const lies = [
      'Sec-WebSocket-Key: short',
      'Sec-WebSocket-Version: 99',
      'Sec-WebSocket-Version: 13, 8',
      'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99',
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; x="',
      'Sec-WebSocket-Extensions: ,,;;==',
      'Sec-WebSocket-Protocol: ,',
      'Sec-WebSocket-Protocol: a, a',
      'Sec-WebSocket-Protocol: peerline',
      `Sec-WebSocket-Protocol: ${this.#joinAlong()}, peerline`,
      `Sec-WebSocket-Protocol: ${this.#joinAlong()}, ${this.#joinAlong()}, peerline`,
      'Upgrade: h2c',
      'Origin: null',
      'Content-Length: 10',
    ];
    const told = Array.from({ length: random.below(4) }, () => random.pick(lies));
    const url = random.chance(0.8) ? this.#engineUrl() : random.pick(PATHS);
    const method = random.pick(['GET', 'GET', 'GET', 'POST', 'HEAD']);
    return Buffer.concat([
      message(`${method} ${url} HTTP/1.1`, ['Host: 127.0.0.1', ...headers, ...told]),
      random.chance(0.5) ? hostileFrame(random) : Buffer.alloc(0),
    ]);
  }

  /** A join as a subprotocol (SPEC.md, JOIN10), mostly a broken one. */
  #joinAlong(): string {
    const random = this.#random;
    const join = JSON.stringify(joinRequest());
    const cut = join.slice(0, random.below(join.length));
    const deep = '['.repeat(random.below(5_000));
    const text = random.pick([join, cut, deep, `/admin,${join}`, `{"__proto__":${join}}`]);
    return random.chance(0.2)
      ? `join.${random.bytes(8).toString('latin1')}`
      : joinSubprotocol(text);
  }

  async #upgradeOfPolling(): Promise<number> {
    const sid = await this.#session();
    if (sid === undefined) return 1;
    const url = `/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
    const both = this.#random.chance(0.3)
      ? [this.#frames(url), this.#frames(url)]
      : [this.#frames(url)];
    const sent = await Promise.all(both);
    const close = `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1`;
    await this.#exchange(
      message(close, ['Host: 127.0.0.1', 'Content-Length: 1'], Buffer.from('1')),
    );
    return sent.reduce((sum, inputs) => sum + inputs, 1);
  }

  /** Upgrades in order, and goes on in disorder. */
  async #frames(url: string): Promise<number> {
    const random = this.#random;
    const socket = this.#open();
    socket.write(message(`GET ${url} HTTP/1.1`, ['Host: 127.0.0.1', ...UPGRADE]));
    await happened(socket);
    let inputs = 0;
    for (let frames = 1 + random.below(FRAMES_MAX); frames > 0 && socket.writable; frames -= 1) {
      socket.write(hostileFrame(random));
      inputs += 1;
      // Some wait for what comes of it, most come in one segment.
      if (random.chance(0.1)) await happened(socket);
    }
    if (random.chance(0.3)) socket.end();
    await happened(socket);
    socket.destroy();
    return inputs;
  }
}

const PATHS = ['/', '/healthz', '/%', '/..%2f..%2fetc/passwd', '//', '*', 'http://a/b', '/\ufffd'];

const HEADERS = [
  'Content-Type: application/octet-stream',
  'Content-Type: text/plain;charset=x',
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  'Connection: close, keep-alive, upgrade',
  'Transfer-Encoding: chunked',
  'Content-Length: 1',
  'X-Forwarded-For: ,,, 1.2.3.4:5',
  'Origin: http://[',
  `Cookie: ${'a=b; '.repeat(500)}`,
  'Broken header',
];

function message(line: string, headers: readonly string[], body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(`${[line, ...headers].join('\r\n')}\r\n\r\n`), body]);
}

/** Resolves with what came first, or nothing: the end, or no answer in time. */
async function happened(socket: Socket): Promise<string> {
  if (socket.destroyed) return '';
  return await new Promise((resolve) => {
    const done = (text: string): void => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(text);
    };
    const onData = (chunk: Buffer): void => done(chunk.toString('latin1'));
    const onClose = (): void => done('');
    const timer = setTimeout(onClose, ANSWER_MAX_MS);
    socket.on('data', onData);
    socket.on('close', onClose);
  });
}
