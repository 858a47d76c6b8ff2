import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  TRANSPORT_MAX_BYTES,
} from '@peerline/protocol';
import { Server } from 'socket.io';
import { AUTHORIZE_MAX_MS, type Gatekeeper } from '../access/gatekeeper.ts';
import type { IceGrant } from '../ice-servers.ts';
import { shortId, type Log } from '../log/log.ts';
import type { RefusalLog } from '../log/refusal-log.ts';
import { addressKey } from '../policy/address-key.ts';
import { KeyedBuckets } from '../policy/keyed-buckets.ts';
import type { ServerLimits } from '../policy/limits.ts';
import { SharedBudgets } from '../policy/shared-budgets.ts';
import { Turns } from '../policy/turns.ts';
import type { Switchboard } from '../room/switchboard.ts';
import { Admission } from './admission.ts';
import { CONNECT_TIMEOUT_MS, cutConnection, guardConnection } from './connection-guard.ts';
import type { EngineConnection, GatewayServer, GatewaySocket } from './events.ts';
import { FairWebSocketServer } from './fair-web-sockets.ts';
import { forgetRequest } from './forget-request.ts';
import { takeJoinOfUpgrade } from './join-in-upgrade.ts';
import { isOriginAllowed, type AllowedOrigins } from './origin.ts';
import { closeSocket } from './outlet.ts';
import { WriteBacklog } from './write-backlog.ts';

/** A request's headers and address, as much as the wiring needs of them. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
}

/** What looks at every request before Engine.IO does, those of connections that stand included. */
export interface RequestGate {
  /** @returns whether the request may go on; it is answered otherwise */
  admits(request: IncomingMessage, response: unknown, errand: 'opening' | 'going-on'): boolean;
  /** Answers a request whose page may not use this server. */
  refuseOrigin(request: IncomingMessage, response: unknown): void;
  /** A connection came of it: `leave` once it has closed, `blame` where it flooded and was cut. */
  enter(request: IncomingMessage): { readonly leave: () => void; readonly blame: () => void };
}

export interface GatewayOptions {
  readonly switchboard: Switchboard;
  readonly limits: ServerLimits;
  /** Peers that a room takes. */
  readonly roomCapacity: number;
  readonly origins: AllowedOrigins;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Where it takes more than a link to join. */
  readonly gatekeeper: Gatekeeper | undefined;
  readonly clientAddress: (handshake: Handshake) => string | undefined;
  readonly gate: RequestGate;
  readonly refusals: RefusalLog;
  /**
   * Makes new credentials with each call, where they end.
   *
   * @param host by which the client reached this server, as its `Host` header says
   */
  readonly ice: (host: string | undefined) => IceGrant;
}

/** From the first probe on the new transport to the end of an upgrade: two round trips. */
const UPGRADE_TIMEOUT_MS = 5_000;

/** Addresses whose join rate is remembered; about 200 bytes each. */
const ADDRESSES_MAX = 50_000;

/** How often a drain looks whether the last connection has gone. */
const DRAIN_CHECK_MS = 20;

/** The Socket.IO end of the server; nothing else knows of it. */
export class Gateway {
  readonly #io: GatewayServer;
  readonly #options: GatewayOptions;
  readonly #admission: Admission;
  readonly #connections = new Set<EngineConnection>();
  readonly #addressPackets: SharedBudgets;
  readonly #addressBytes: SharedBudgets;
  readonly #backlog: WriteBacklog;
  /** To open one takes longer than to carry a message, and many may come at once. */
  readonly #openings = new Turns();

  constructor(httpServer: HttpServer | HttpsServer, options: GatewayOptions) {
    this.#options = options;
    const { switchboard, limits, origins, log, nowMs, gatekeeper } = options;
    const { addressPackets, addressBytes, connectionsPerAddressMax } = limits;
    this.#addressPackets = new SharedBudgets(addressPackets, connectionsPerAddressMax);
    this.#addressBytes = new SharedBudgets(addressBytes, connectionsPerAddressMax);
    this.#backlog = new WriteBacklog(limits.writeBuffersMaxBytes);
    this.#io = new Server(httpServer, {
      transports: ['websocket', 'polling'],
      wsEngine: FairWebSocketServer,
      pingInterval: HEARTBEAT_INTERVAL_MS,
      pingTimeout: HEARTBEAT_TIMEOUT_MS,
      // Socket.IO takes a join for late while it is still asked whether it may.
      connectTimeout: CONNECT_TIMEOUT_MS + (gatekeeper === undefined ? 0 : AUTHORIZE_MAX_MS),
      upgradeTimeout: UPGRADE_TIMEOUT_MS,
      maxHttpBufferSize: TRANSPORT_MAX_BYTES,
      // Compression shared between what an attacker sends and what a peer sends leaks (CRIME), and its
      // memory is 300 KB a connection.
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      cors: { origin: origins === 'any' ? '*' : [...origins], methods: ['GET', 'POST'] },
    });
    this.#io.engine.use((request: IncomingMessage, response: unknown, next: () => void) => {
      if (!this.#admitsRequest(request, response)) return;
      if (opensConnection(request)) this.#openings.take(next);
      else next();
    });
    this.#admission = new Admission({
      switchboard,
      gatekeeper,
      log,
      nowMs,
      limits,
      roomMessages: new SharedBudgets(limits.roomMessages, options.roomCapacity),
      refusals: options.refusals,
      joins: new KeyedBuckets(limits.joins, ADDRESSES_MAX),
      passwords: new KeyedBuckets(limits.passwords, ADDRESSES_MAX),
      clientAddress: (socket) => options.clientAddress(handshakeOf(socket)),
    });
    this.#io.engine.on('connection', (connection: EngineConnection) => this.#watch(connection));
    this.#io.use((socket, next) => {
      // `admit` never rejects.
      void this.#admission.admit(socket).then(next);
    });
    this.#io.on('connection', (socket) => this.#connected(socket));
  }

  /** Open Engine.IO connections, joined or not. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * Lets connections end by themselves for a while, then cuts what is left. The members must have been
   * sent away before. Connections that are still to join get their refusal in that time.
   */
  async close(graceMs: number): Promise<void> {
    const deadlineMs = this.#options.nowMs() + graceMs;
    while (this.#connections.size > 0 && this.#options.nowMs() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
    }
    for (const connection of this.#connections) cutConnection(connection);
    this.#io.engine.close();
    this.#io.removeAllListeners();
  }

  /** CORS does not cover WebSockets, so the origin is looked at here for both transports. */
  #admitsRequest(request: IncomingMessage, response: unknown): boolean {
    const { gate, origins } = this.#options;
    if (!gate.admits(request, response, opensConnection(request) ? 'opening' : 'going-on')) {
      return false;
    }
    if (isOriginAllowed(origins, request.headers)) return true;
    gate.refuseOrigin(request, response);
    return false;
  }

  #watch(connection: EngineConnection): void {
    const { limits, nowMs, gate, refusals, clientAddress } = this.#options;
    const { request, remoteAddress } = connection;
    this.#connections.add(connection);
    const { leave, blame } = gate.enter(request);
    connection.once('close', () => {
      this.#connections.delete(connection);
      leave();
    });
    const address = addressKey(clientAddress({ headers: request.headers, remoteAddress }));
    guardConnection(connection, {
      limits,
      addressPackets: this.#addressPackets.open(address, nowMs()),
      addressBytes: this.#addressBytes.open(address, nowMs()),
      backlog: this.#backlog,
      nowMs,
      onCut: (reason) => {
        refusals.note('connection cut', reason);
        if (reason === 'packet-flood' || reason === 'byte-flood') blame();
      },
    });
    takeJoinOfUpgrade(connection);
  }

  #connected(socket: GatewaySocket): void {
    const { log } = this.#options;
    try {
      const { handler } = socket.data;
      if (handler === undefined) throw new Error('a socket that was not admitted');
      // One listener for whatever comes, so that unknown events are answered as well.
      socket.onAny((event: unknown, ...args: unknown[]) => handler.take(event, args));
      socket.once('disconnect', (cause) => {
        handler.finish(cause);
        // The namespace was left, so the connection has no purpose any more.
        socket.conn.close();
      });
      const { host } = socket.handshake.headers;
      forgetRequest(socket);
      handler.open(() => this.#options.ice(host));
    } catch (error) {
      log.error({ err: error, socket: shortId(socket.id) }, 'opening a connection failed');
      socket.emit('problem', { code: 'internal', message: 'the server failed; join again' });
      closeSocket(socket, 'retry');
    }
  }
}

/** Engine.IO takes whatever names no session for the first request of one. */
function opensConnection(request: IncomingMessage): boolean {
  const query = (request.url ?? '').split('?', 2)[1] ?? '';
  return !new URLSearchParams(query).get('sid');
}

function handshakeOf(socket: GatewaySocket): Handshake {
  const { headers } = socket.handshake;
  return { headers, remoteAddress: socket.conn.remoteAddress };
}
