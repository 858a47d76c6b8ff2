import type { IncomingMessage } from 'node:http';
import {
  JOIN_IN_UPGRADE_MAX_CHARACTERS,
  JOIN_IN_UPGRADE_PREFIX,
  JOIN_IN_UPGRADE_TAKEN,
  readJson,
} from '@peerline/protocol';
import type { EngineConnection } from './events.ts';

/**
 * Which subprotocol the answer to an upgrade names (RFC 6455 section 4.2.2).
 *
 * @param offered in the order of the request
 * @returns the one that says that the join was taken, else the first of the others, as `ws` does by itself
 */
export function chosenSubprotocol(offered: ReadonlySet<string>): string | false {
  if (joinAmong(offered) !== undefined) return JOIN_IN_UPGRADE_TAKEN;
  const [first = false] = [...offered].filter((one) => one !== JOIN_IN_UPGRADE_TAKEN);
  return first;
}

/**
 * Acts on the join that came with the request of this connection as on one in its first packet
 * (SPEC.md, JOIN10): one round trip sooner, and through all that looks at packets.
 */
export function takeJoinOfUpgrade(connection: EngineConnection): void {
  if (connection.transport.name !== 'websocket') return;
  const join = joinAmong(offeredBy(connection.request));
  if (join === undefined) return;
  connection.transport.emit('packet', { type: 'message', data: connectPacket(join) });
}

function offeredBy({ headers }: IncomingMessage): ReadonlySet<string> {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return new Set(offered.split(',').map((one) => one.trim()));
}

/** @returns what follows the prefix; nothing where no join is offered, or the client would not know of it */
function joinAmong(offered: ReadonlySet<string>): string | undefined {
  if (!offered.has(JOIN_IN_UPGRADE_TAKEN)) return undefined;
  for (const one of offered) {
    if (one.startsWith(JOIN_IN_UPGRADE_PREFIX)) return one.slice(JOIN_IN_UPGRADE_PREFIX.length);
  }
  return undefined;
}

/** The CONNECT of Socket.IO; what is no join becomes one that is refused as such. */
function connectPacket(join: string): string {
  const json = Buffer.from(join, 'base64url').toString('utf8');
  const isJoin =
    join.length <= JOIN_IN_UPGRADE_MAX_CHARACTERS && json.startsWith('{') && readJson(json).ok;
  return `0${isJoin ? json : '{}'}`;
}
