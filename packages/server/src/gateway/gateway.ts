import type { Server as HttpServer } from 'node:http';
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
import { KeyedBuckets } from '../policy/keyed-buckets.ts';
import type { ServerLimits } from '../policy/limits.ts';
import type { Switchboard } from '../room/switchboard.ts';
import { Admission } from './admission.ts';
import { cutConnection, guardConnection } from './connection-guard.ts';
import type { EngineConnection, GatewayServer, GatewaySocket } from './events.ts';
import { isOriginAllowed, type AllowedOrigins } from './origin.ts';
import { closeSocket } from './outlet.ts';

/** A request's headers and address, as much as the wiring needs of them. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
}

export interface GatewayOptions {
  readonly switchboard: Switchboard;
  readonly limits: ServerLimits;
  readonly origins: AllowedOrigins;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Where it takes more than a link to join. */
  readonly gatekeeper: Gatekeeper | undefined;
  readonly clientAddress: (handshake: Handshake) => string | undefined;
  /** Makes new credentials with each call, where they end. */
  readonly ice: (handshake: Handshake) => IceGrant;
}

/**
 * A client sends its CONNECT in the same flight as its first packet; who has not done so within 2 s is
 * no client of ours and only holds a descriptor.
 */
const CONNECT_TIMEOUT_MS = 2_000;

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

  constructor(httpServer: HttpServer | HttpsServer, options: GatewayOptions) {
    this.#options = options;
    const { switchboard, limits, origins, log, nowMs, gatekeeper } = options;
    this.#io = new Server(httpServer, {
      transports: ['websocket', 'polling'],
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
      // CORS does not cover WebSockets, so the origin is looked at here for both transports.
      allowRequest: (request, decide) => {
        decide(null, isOriginAllowed(origins, request.headers));
      },
    });
    this.#admission = new Admission({
      switchboard,
      gatekeeper,
      log,
      nowMs,
      limits,
      joins: new KeyedBuckets(limits.joins, ADDRESSES_MAX),
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

  #watch(connection: EngineConnection): void {
    const { limits, log, nowMs } = this.#options;
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    guardConnection(connection, {
      limits,
      nowMs,
      onCut: (reason) => log.debug({ reason }, 'connection cut'),
    });
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
      handler.open(() => this.#options.ice(handshakeOf(socket)));
    } catch (error) {
      log.error({ err: error, socket: shortId(socket.id) }, 'opening a connection failed');
      socket.emit('problem', { code: 'internal', message: 'the server failed; join again' });
      closeSocket(socket, 'retry');
    }
  }
}

function handshakeOf(socket: GatewaySocket): Handshake {
  const { headers } = socket.handshake;
  return { headers, remoteAddress: socket.conn.remoteAddress };
}
