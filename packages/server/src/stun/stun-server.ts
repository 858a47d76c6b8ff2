import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { errorCode, StartError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { StunResponder } from './responder.ts';

/** The UDP sockets of the built-in STUN server. */
export class StunServer {
  readonly #responder: StunResponder;
  readonly #log: Log;
  #sockets: readonly Socket[] = [];

  constructor(responder: StunResponder, log: Log) {
    this.#responder = responder;
    this.#log = log;
  }

  /**
   * @param addresses as for TCP; one that the machine lacks is left out when there are others
   * @param port 0 for any free one
   * @returns the port
   * @throws {StartError}
   */
  async listen(addresses: readonly string[], port: number): Promise<number> {
    const sockets: Socket[] = [];
    let bound = port;
    for (const address of addresses) {
      try {
        const socket = await bind(address, bound);
        bound = socket.address().port;
        sockets.push(socket);
      } catch (error) {
        const isMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(errorCode(error) ?? '');
        if (isMissing && addresses.length > 1) continue;
        for (const socket of sockets) socket.close();
        const where = {
          host: address,
          port: bound,
          transport: 'UDP',
          flag: '--stun-port',
        } as const;
        throw StartError.listening(error, where);
      }
    }
    for (const socket of sockets) this.#serve(socket);
    this.#sockets = sockets;
    return bound;
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
    this.#sockets = [];
  }

  #serve(socket: Socket): void {
    socket.on('message', (datagram, { address, port }) => {
      const answer = this.#responder.answer(datagram, { address, port });
      if (answer === undefined) return;
      // An answer that the network does not take is one that was lost; the client asks again.
      socket.send(answer, port, address, () => undefined);
    });
    socket.on('error', (error) => this.#log.warn({ err: error }, 'STUN socket error'));
  }
}

function bind(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
