import { ROOM_PEERS_MAX } from '@peerline/protocol';
import type { Authorize } from './access/access.ts';
import type { JoinTokenOptions } from './access/token-options.ts';
import { StartError } from './errors.ts';
import type { AllowedOrigins } from './gateway/origin.ts';
import { isHost, urlHost } from './http/host-header.ts';
import { checkIceServers, type SharedSecretTurn, type TurnServer } from './ice-servers.ts';
import { silentLog, type Log } from './log/log.ts';
import { defaultLimits, type ServerLimits } from './policy/limits.ts';
import { MemoryStore } from './store/memory-store.ts';
import type { RoomStore } from './store/room-store.ts';

export { capsInAll, capsPerAddress } from './policy/limits.ts';

/** How to serve https. */
export type TlsOptions =
  /** Makes a certificate for this machine's names and addresses, and keeps it in `dataDir`. */
  | { readonly kind: 'self-made'; readonly dataDir: string }
  /** Certificate chain and key, both in PEM. */
  | { readonly kind: 'given'; readonly cert: string; readonly key: string };

/** Everything that `createServer` takes; every field may be left out. */
export interface ServerOptions {
  /** Name or address to listen on. Default `localhost`: both loopback addresses. */
  readonly host?: string;
  /** TCP port, 0 for any free one. Default 3000. */
  readonly port?: number;
  /**
   * UDP port of the built-in STUN responder: a number (0 for any free one), `same` as the TCP port, or
   * `off`. Default `same`.
   */
  readonly stunPort?: number | 'same' | 'off';
  /** Host under which clients reach the STUN responder. Default: the one in their `Host` header. */
  readonly publicHost?: string;
  /** Further STUN servers for the clients, as URLs (RFC 7064). */
  readonly stunUrls?: readonly string[];
  /** TURN servers for the clients, with credentials that do not change (RFC 7065). */
  readonly turnServers?: readonly TurnServer[];
  /** TURN servers for the clients, with credentials that end and are renewed. Default: none. */
  readonly turn?: SharedSecretTurn;
  /** Directory of the web app to serve. Default: none. */
  readonly staticDir?: string;
  /** Serves https. Default: plain http. */
  readonly tls?: TlsOptions;
  /** Web origins whose pages may connect; the server's own always may. Default `any`. */
  readonly origins?: AllowedOrigins;
  /** Peers that a room takes, 2 to 64. Default 16. */
  readonly roomCapacity?: number;
  /** Reverse proxies in front that add to `X-Forwarded-For`. Default 0: the header is not believed. */
  readonly trustedProxies?: number;
  /** Signed tokens that a join has to bring, made by a backend of yours. Default: a link is enough. */
  readonly joinTokens?: JoinTokenOptions;
  /** Who may join, asked with each connection; in the place of `joinTokens`. */
  readonly authorize?: Authorize;
  /** Where rooms are kept. Default: in this process. */
  readonly store?: RoomStore;
  /** Default: none is written. */
  readonly log?: Log;
  /** Changes to the bounds that protect the server; see `ServerLimits`. */
  readonly limits?: Partial<ServerLimits>;
}

/** Options that have no default to stand in for them. */
type Absentable = 'publicHost' | 'staticDir' | 'tls' | 'turn' | 'joinTokens' | 'authorize';

export type ResolvedOptions = Required<Omit<ServerOptions, Absentable>> &
  Pick<ServerOptions, Absentable> & { readonly limits: ServerLimits };

export const DEFAULT_HOST = 'localhost';
export const DEFAULT_PORT = 3000;

/** A mesh sends each picture once per peer; beyond this no home uplink carries it. */
export const DEFAULT_ROOM_CAPACITY = 16;

const PORT_MAX = 65_535;
const PROXIES_MAX = 16;

/** @throws {StartError} `bad-option` */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const roomCapacity = options.roomCapacity ?? DEFAULT_ROOM_CAPACITY;
  checkInteger('the room capacity', roomCapacity, 2, ROOM_PEERS_MAX);
  const resolved = {
    ...options,
    host: options.host ?? DEFAULT_HOST,
    port: options.port ?? DEFAULT_PORT,
    stunPort: options.stunPort ?? 'same',
    stunUrls: options.stunUrls ?? [],
    turnServers: options.turnServers ?? [],
    origins: options.origins ?? 'any',
    roomCapacity,
    trustedProxies: options.trustedProxies ?? 0,
    store: options.store ?? new MemoryStore(),
    log: options.log ?? silentLog,
    limits: { ...defaultLimits(roomCapacity), ...options.limits },
  };
  checkInteger('the port', resolved.port, 0, PORT_MAX);
  if (typeof resolved.stunPort === 'number') {
    checkInteger('the STUN port', resolved.stunPort, 0, PORT_MAX);
  }
  checkInteger('the number of trusted proxies', resolved.trustedProxies, 0, PROXIES_MAX);
  if (options.publicHost !== undefined && !isHost(urlHost(options.publicHost))) {
    throw StartError.badOption(`${options.publicHost} is no host name or address`);
  }
  if (options.joinTokens !== undefined && options.authorize !== undefined) {
    throw StartError.badOption('joinTokens and authorize exclude each other; give one of them');
  }
  checkOrigins(resolved.origins);
  checkIceServers(resolved);
  return resolved;
}

function checkInteger(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw StartError.badOption(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** An origin as browsers write it; one that is written otherwise would never match. */
function checkOrigins(origins: AllowedOrigins): void {
  if (origins === 'any') return;
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw StartError.badOption(
      `${origin} is no web origin; write it like https://call.example.org, without a path`,
    );
  }
}
