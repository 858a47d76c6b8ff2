import type { ClientEvent, ClientMessages, ServerEvent, ServerMessages } from '@peerline/protocol';
import type { Server, Socket } from 'socket.io';
import type { IceGrant } from '../ice-servers.ts';

/** The protocol's client messages as Socket.IO's event map. Arrivals are parsed all the same. */
export type ClientEvents = { [E in ClientEvent]: (data: ClientMessages[E]) => void };
export type ServerEvents = { [E in ServerEvent]: (data: ServerMessages[E]) => void };
type NoEvents = Record<never, never>;

/** What a member's socket leads to. */
export interface SocketHandler {
  /** @param ice makes new credentials with each call, where they end */
  open(ice: () => IceGrant): void;
  take(event: unknown, args: readonly unknown[]): void;
  /** @param cause as Engine.IO names it */
  finish(cause: string): void;
}

/** What a socket carries from the join in its CONNECT packet to its connection event. */
export interface SocketData {
  handler?: SocketHandler;
}

export type GatewayServer = Server<ClientEvents, ServerEvents, NoEvents, SocketData>;
export type GatewaySocket = Socket<ClientEvents, ServerEvents, NoEvents, SocketData>;

/** The Engine.IO connection below a socket. */
export type EngineConnection = GatewaySocket['conn'];
