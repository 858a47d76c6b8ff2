import { TokenBucket } from '../policy/token-bucket.ts';
import type { ServerLimits } from '../policy/limits.ts';
import type { Share } from '../policy/shared-budgets.ts';
import type { EngineConnection } from './events.ts';
import type { Backlogged, WriteBacklog } from './write-backlog.ts';

/**
 * A client sends its CONNECT in the same flight as its first packet; who has not done so within 2 s is
 * no client of ours and only holds a descriptor.
 */
export const CONNECT_TIMEOUT_MS = 2_000;

export type CutReason = 'slow-consumer' | 'packet-flood' | 'byte-flood' | 'no-join';

export interface ConnectionGuardOptions {
  readonly limits: Pick<
    ServerLimits,
    'packets' | 'bytes' | 'writeBufferMaxBytes' | 'writeBufferMaxPackets'
  >;
  /** What all connections from its address may send together. */
  readonly addressPackets: Share;
  readonly addressBytes: Share;
  /** What waits to be written to all connections. */
  readonly backlog: WriteBacklog;
  readonly nowMs: () => number;
  readonly onCut: (reason: CutReason) => void;
}

/**
 * Watches one Engine.IO connection from its first packet, joined or not, and cuts it when what waits
 * to be written passes its cap (SPEC.md, SLOW1), when packets of whatever kind flood in (RATE1, RATE2), or
 * when no join comes (JOIN1).
 *
 * Engine.IO itself bounds none of it: a reader that stalls makes it queue without end.
 */
export function guardConnection(
  connection: EngineConnection,
  options: ConnectionGuardOptions,
): void {
  const { limits, addressPackets, addressBytes, backlog, nowMs, onCut } = options;
  const packets = new TokenBucket(limits.packets, nowMs());
  const bytes = new TokenBucket(limits.bytes, nowMs());
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

  const joinTimer = setTimeout(() => cut('no-join'), CONNECT_TIMEOUT_MS);
  const waitingBytes = (): number => queuedBytes + socketBacklogBytes(connection.transport);
  const backlogged: Backlogged = { waitingBytes, cut: () => cut('slow-consumer') };
  const mayTakePacket = (now: number): boolean => packets.take(now) && addressPackets.take(now);
  const onPacket = (packet: unknown): void => {
    const now = nowMs();
    const size = packetBytes(packet);
    if (!mayTakePacket(now)) cut('packet-flood');
    else if (!bytes.take(now, size) || !addressBytes.take(now, size)) cut('byte-flood');
    // Of messages the first is the CONNECT, or Socket.IO closes the connection.
    else if (isMessage(packet)) clearTimeout(joinTimer);
  };
  // Probes of an upgrade are no packets to Engine.IO, and are answered each.
  const onProbe = (): void => {
    if (!mayTakePacket(nowMs())) cut('packet-flood');
  };
  const onPacketCreate = (packet: unknown): void => {
    queuedBytes += packetBytes(packet);
    queuedPackets += 1;
    const waiting = waitingBytes();
    if (waiting > limits.writeBufferMaxBytes || queuedPackets > limits.writeBufferMaxPackets) {
      cut('slow-consumer');
    } else backlog.grew(backlogged, waiting);
  };
  const onFlush = (): void => {
    queuedBytes = 0;
    queuedPackets = 0;
  };

  connection.on('packet', onPacket);
  connection.on('upgrading', onProbe);
  connection.on('packetCreate', onPacketCreate);
  connection.on('flush', onFlush);
  connection.once('close', () => {
    clearTimeout(joinTimer);
    addressPackets.close();
    addressBytes.close();
    backlog.forget(backlogged);
    connection.off('packet', onPacket);
    connection.off('upgrading', onProbe);
    connection.off('packetCreate', onPacketCreate);
    connection.off('flush', onFlush);
  });
}

/** Ends a connection at once, without waiting for what is still to be written. */
export function cutConnection(connection: EngineConnection): void {
  const socket = webSocketOf(connection.transport);
  if (socket === undefined) connection.close(true);
  // An orderly close would wait for a reader that does not read, and hold its data.
  else socket.terminate();
}

function isMessage(packet: unknown): boolean {
  return (
    typeof packet === 'object' && packet !== null && 'type' in packet && packet.type === 'message'
  );
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
