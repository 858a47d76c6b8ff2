import { TokenBucket } from '../policy/token-bucket.ts';
import type { ServerLimits } from '../policy/limits.ts';
import type { EngineConnection } from './events.ts';

/** An orderly WebSocket close takes one round trip; who does not answer it holds no descriptor longer. */
const CLOSE_ANSWER_TIMEOUT_MS = 2_000;

export type CutReason = 'slow-consumer' | 'packet-flood';

export interface ConnectionGuardOptions {
  readonly limits: Pick<ServerLimits, 'packets' | 'writeBufferMaxBytes' | 'writeBufferMaxPackets'>;
  readonly nowMs: () => number;
  readonly onCut: (reason: CutReason) => void;
}

/**
 * Watches one Engine.IO connection from its first packet, joined or not, and cuts it when what waits
 * to be written passes its cap (SPEC.md, SLOW1) or when packets of whatever kind flood in.
 *
 * Engine.IO itself bounds neither: a reader that stalls makes it queue without end.
 */
export function guardConnection(
  connection: EngineConnection,
  options: ConnectionGuardOptions,
): void {
  const { limits, nowMs, onCut } = options;
  const arrivals = new TokenBucket(limits.packets, nowMs());
  // What Engine.IO holds back because the transport has not taken the last batch yet.
  let queuedBytes = 0;
  let queuedPackets = 0;
  let isCut = false;

  const cut = (reason: CutReason): void => {
    if (isCut) return;
    isCut = true;
    onCut(reason);
    cutConnection(connection);
  };

  const onPacket = (): void => {
    if (!arrivals.take(nowMs())) cut('packet-flood');
  };
  const onPacketCreate = (packet: unknown): void => {
    queuedBytes += packetBytes(packet);
    queuedPackets += 1;
    const waitingBytes = queuedBytes + socketBacklogBytes(connection.transport);
    if (waitingBytes > limits.writeBufferMaxBytes || queuedPackets > limits.writeBufferMaxPackets) {
      cut('slow-consumer');
    }
  };
  const onFlush = (): void => {
    queuedBytes = 0;
    queuedPackets = 0;
  };

  connection.on('packet', onPacket);
  connection.on('packetCreate', onPacketCreate);
  connection.on('flush', onFlush);
  connection.once('close', () => {
    connection.off('packet', onPacket);
    connection.off('packetCreate', onPacketCreate);
    connection.off('flush', onFlush);
    const socket = webSocketOf(connection.transport);
    // Ending one that has ended by then does nothing.
    if (socket) setTimeout(() => socket.terminate(), CLOSE_ANSWER_TIMEOUT_MS).unref();
  });
}

/** Ends a connection at once, without waiting for what is still to be written. */
export function cutConnection(connection: EngineConnection): void {
  const socket = webSocketOf(connection.transport);
  if (socket === undefined) connection.close(true);
  // An orderly close would wait up to 30 s for a reader that does not read, and hold its data.
  else socket.terminate();
}

function packetBytes(packet: unknown): number {
  if (typeof packet !== 'object' || packet === null || !('data' in packet)) return 0;
  const { data } = packet;
  if (typeof data === 'string') return Buffer.byteLength(data);
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}

function socketBacklogBytes(transport: unknown): number {
  return webSocketOf(transport)?.bufferedAmount ?? 0;
}

interface WebSocketLike {
  readonly bufferedAmount: number;
  terminate(): void;
}

/** The WebSocket of a transport; polling has none. */
function webSocketOf(transport: unknown): WebSocketLike | undefined {
  if (typeof transport !== 'object' || transport === null || !('socket' in transport)) {
    return undefined;
  }
  return isWebSocket(transport.socket) ? transport.socket : undefined;
}

function isWebSocket(value: unknown): value is WebSocketLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bufferedAmount' in value &&
    typeof value.bufferedAmount === 'number' &&
    'terminate' in value &&
    typeof value.terminate === 'function'
  );
}
