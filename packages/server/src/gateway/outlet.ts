import type { ServerMessage } from '@peerline/protocol';
import type { CloseManner, Outlet } from '../room/membership.ts';
import type { GatewaySocket } from './events.ts';

/** A member's socket as the rules see it. */
export function outletOf(socket: GatewaySocket): Outlet {
  return {
    send: (message) => emit(socket, message),
    close: (manner) => closeSocket(socket, manner),
  };
}

/** Emits with the event and its data still belonging together for the compiler. */
export function emit(socket: GatewaySocket, message: ServerMessage): void {
  switch (message.event) {
    case 'welcome':
      socket.emit(message.event, message.data);
      break;
    case 'lobby':
      socket.emit(message.event, message.data);
      break;
    case 'joined':
      socket.emit(message.event, message.data);
      break;
    case 'left':
      socket.emit(message.event, message.data);
      break;
    case 'signal':
      socket.emit(message.event, message.data);
      break;
    case 'problem':
      socket.emit(message.event, message.data);
      break;
    case 'ice-servers':
      socket.emit(message.event, message.data);
      break;
    case 'token-expiring':
      socket.emit(message.event, message.data);
      break;
    case 'waiting':
      socket.emit(message.event, message.data);
      break;
    case 'settings':
      socket.emit(message.event, message.data);
      break;
    case 'knock':
      socket.emit(message.event, message.data);
      break;
    case 'knock-ended':
      socket.emit(message.event, message.data);
      break;
  }
}

/**
 * Ends a connection behind what was sent. `final` sends a Socket.IO DISCONNECT packet first, upon which
 * the stock client does not reconnect by itself; `retry` looks to it like a lost connection.
 */
export function closeSocket(socket: GatewaySocket, manner: CloseManner): void {
  if (manner === 'final') socket.disconnect(true);
  else socket.conn.close();
}
