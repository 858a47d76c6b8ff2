import { io } from 'socket.io-client';
import type { ConnectInput } from './bulk.ts';

/** Signals of two over the relay, for what brings no signaling of its own. */
export interface Relayed<S> {
  readonly send: (signal: S) => void;
  readonly isFirst: boolean;
}

/** @returns once both are there */
export async function meet<S>(
  { server, room, name }: ConnectInput,
  onSignal: (signal: S) => void,
): Promise<Relayed<S>> {
  const socket = io(server, { auth: { room, name } });
  socket.on('signal', ({ signal }: { signal: S }) => onSignal(signal));
  const isFirst = name === 'ann';
  const other = isFirst ? 'ben' : 'ann';
  if (isFirst) {
    await new Promise<void>((resolve) => {
      socket.once('joined', () => resolve());
    });
  } else {
    await new Promise<void>((resolve) => {
      socket.once('members', () => resolve());
    });
  }
  return { send: (signal) => socket.emit('signal', { to: other, signal }), isFirst };
}
