import { JOIN_IN_UPGRADE_TAKEN } from '@peerline/protocol';
import { Transport, transports } from 'engine.io-client';
import type { JoinInUpgrade } from './join-in-upgrade.ts';

type TransportOptions = ConstructorParameters<typeof transports.websocket>[0];
type Contender = InstanceType<(typeof transports)['polling']> | JoiningWebSocket;

class JoiningWebSocket extends transports.websocket {
  get tookJoin(): boolean {
    const socket: unknown = this.ws;
    if (typeof socket !== 'object' || socket === null || !('protocol' in socket)) return false;
    return socket.protocol === JOIN_IN_UPGRADE_TAKEN;
  }
}

/**
 * A lost SYN is sent again only after a second (RFC 6298 section 2), and browsers open one WebSocket to a
 * host at a time. A request over HTTP is another connection: it begins after what RFC 8305 section 5 has for
 * the next address of a host, and once more where that one seems lost as well.
 */
const OTHERS_AFTER_MS = [250, 600];

/** A timer that is so late says that the machine is busy, and nothing of the network. */
const BUSY_LATE_MS = 100;
/** Another request would make a busy machine busier, so it is waited for again. */
const BUSY_WAIT_MS = 400;

/**
 * A WebSocket, and a long poll beside it where the WebSocket takes long to open. Whichever hears the server
 * first goes on; Engine.IO takes a poll to a WebSocket afterwards, as always.
 */
export abstract class RacingTransport extends Transport {
  protected abstract readonly join: JoinInUpgrade;
  readonly #contenders = new Set<Contender>();
  /** No private name: Engine.IO asks the prototype for its name. */
  protected winner: Contender | undefined;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  override get name(): string {
    return this.winner?.name ?? 'websocket';
  }

  /** Whether the join went with the request that opened it, so that no CONNECT may follow. */
  get tookJoin(): boolean {
    return this.winner instanceof JoiningWebSocket && this.winner.tookJoin;
  }

  override pause(onPause: () => void): void {
    this.winner?.pause(onPause);
  }

  protected override doOpen(): void {
    this.#enter('websocket');
    // With a session it is to take the place of a poll, and needs none beside it.
    if (this.query['sid'] === undefined) for (const ms of OTHERS_AFTER_MS) this.#enterAfter(ms);
  }

  protected override doClose(): void {
    this.#stopTimers();
    for (const one of this.#contenders) one.close();
  }

  protected override write(packets: Parameters<Transport['send']>[0]): void {
    this.writable = false;
    this.winner?.send(packets);
  }

  #enterAfter(ms: number): void {
    const dueMs = performance.now() + ms;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (performance.now() > dueMs + BUSY_LATE_MS) this.#enterAfter(BUSY_WAIT_MS);
      else this.#enter('polling');
    }, ms);
    this.#timers.add(timer);
  }

  #enter(name: 'websocket' | 'polling'): void {
    const query: Record<string, string> = { ...this.query, transport: name };
    const options: TransportOptions = { ...this.opts, query, socket: this.socket };
    const isFirst = name === 'websocket' && query['sid'] === undefined;
    const protocols = isFirst ? this.join.offer() : undefined;
    const one: Contender =
      name === 'polling'
        ? new transports.polling(options)
        : new JoiningWebSocket(protocols === undefined ? options : { ...options, protocols });
    this.#contenders.add(one);
    // A WebSocket for a session speaks first; any other hears the server first.
    if (query['sid'] !== undefined) one.on('open', () => this.#won(one));
    one.on('packet', (packet) => {
      this.#won(one);
      if (one === this.winner) this.onPacket(packet);
    });
    one.on('drain', () => {
      if (one !== this.winner) return;
      this.writable = true;
      this.emitReserved('drain');
    });
    one.on('error', (error) => {
      if (isFirst && this.winner === undefined) this.join.failed();
      if (protocols !== undefined && this.winner === undefined) {
        this.#contenders.delete(one);
        this.#enter('websocket');
      } else if (this.#lost(one)) this.onError(error.message, error.description, error.context);
    });
    one.on('close', (details) => {
      if (this.#lost(one)) this.onClose(details);
    });
    one.open();
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #won(one: Contender): void {
    if (this.winner !== undefined) return;
    this.winner = one;
    this.query = one.query;
    this.#stopTimers();
    for (const other of this.#contenders) if (other !== one) other.close();
    this.onOpen();
  }

  /** @returns whether nothing is left to hope for */
  #lost(one: Contender): boolean {
    this.#contenders.delete(one);
    if (this.winner !== undefined) return one === this.winner;
    if (this.#contenders.size > 0) return false;
    this.#stopTimers();
    return true;
  }
}

/** @returns the transport for a socket whose join may go along */
export function racingTransport(join: JoinInUpgrade): new (options: TransportOptions) => Transport {
  return class extends RacingTransport {
    protected override readonly join = join;
  };
}
