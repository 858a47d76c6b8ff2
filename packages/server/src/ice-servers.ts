import type { IceServer } from '@peerline/protocol';
import { StartError } from './errors.ts';
import { parseHostHeader, urlHost } from './http/host-header.ts';
import { mintTurnCredentials } from './turn-credentials.ts';

/** A TURN server with credentials that do not change. */
export interface TurnServer {
  /** Like `turn:turn.example.org:3478?transport=udp` (RFC 7065). */
  readonly url: string;
  readonly username: string;
  readonly credential: string;
}

/** TURN servers that share a secret with this server, which makes credentials that end (SPEC.md, ICE2). */
export interface SharedSecretTurn {
  /** The ways to reach them, like `turn:turn.example.org:3478?transport=udp`; 1 to 16 (RFC 7065). */
  readonly urls: readonly string[];
  /** coturn's `static-auth-secret`; it never leaves this server. */
  readonly secret: string;
  /** How long credentials last, 1 to 86400 s. Default 600. */
  readonly ttlSeconds?: number;
}

/** What one client is handed. */
export interface IceGrant {
  readonly iceServers: IceServer[];
  /** How long the credentials in it last; nothing where they last for good. */
  readonly ttlMs?: number;
}

export interface IceServerOptions {
  /** UDP port of the built-in STUN responder; nothing when it is off. */
  readonly stunPort: number | undefined;
  /** Named instead of the host in the client's `Host` header. */
  readonly publicHost: string | undefined;
  /** Further STUN servers, like `stun:stun.example.org:3478` (RFC 7064). */
  readonly stunUrls: readonly string[];
  readonly turnServers: readonly TurnServer[];
  readonly turn?: SharedSecretTurn;
}

const ICE_URL_MAX_CHARACTERS = 512;

/** `welcome` takes 16 entries; one is the built-in STUN server and one holds all further ones. */
const TURN_SERVERS_MAX = 14;
const STUN_URLS_MAX = 16;
const TURN_URLS_MAX = 16;
const CREDENTIAL_MAX_CHARACTERS = 1024;

/** Who sees credentials can use the TURN server for this long, and a call is to outlive a server's restart. */
const DEFAULT_TTL_SECONDS = 600;
const TTL_MAX_SECONDS = 86_400;

const STUN_URL = /^stuns?:[^\s/?#]+$/i;
const TURN_URL = /^turns?:[^\s/?#]+(\?transport=(udp|tcp))?$/i;

/**
 * What a joiner's `RTCPeerConnection` is configured with: the STUN server under the name by which the
 * client reached this server, so that it works from wherever the client is, then the configured ones.
 */
export function iceGrantFor(
  options: IceServerOptions,
  hostHeader: string | undefined,
  unixMs: number,
): IceGrant {
  const { stunPort, stunUrls, turnServers, turn } = options;
  const servers: IceServer[] = [];
  const host = options.publicHost ?? parseHostHeader(hostHeader)?.host;
  if (stunPort !== undefined && host !== undefined) {
    servers.push({ urls: [`stun:${urlHost(host)}:${stunPort}`] });
  }
  if (stunUrls.length > 0) servers.push({ urls: [...stunUrls] });
  for (const { url, username, credential } of turnServers) {
    servers.push({ urls: [url], username, credential });
  }
  if (turn === undefined) return { iceServers: servers };
  const ttlMs = (turn.ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1_000;
  servers.push({ urls: [...turn.urls], ...mintTurnCredentials(turn.secret, unixMs + ttlMs) });
  return { iceServers: servers, ttlMs };
}

/** @throws {StartError} `bad-option` for what a browser would refuse, before any browser does */
export function checkIceServers(
  options: Pick<IceServerOptions, 'stunUrls' | 'turnServers' | 'turn'>,
): void {
  const turnEntries = options.turnServers.length + (options.turn === undefined ? 0 : 1);
  if (turnEntries > TURN_SERVERS_MAX || options.stunUrls.length > STUN_URLS_MAX) {
    throw StartError.badOption(
      `at most ${TURN_SERVERS_MAX} TURN servers and ${STUN_URLS_MAX} STUN URLs are handed out`,
    );
  }
  for (const url of options.stunUrls) {
    if (!STUN_URL.test(url) || url.length > ICE_URL_MAX_CHARACTERS) {
      throw StartError.badOption(`${url} is no STUN URL; write it like stun:stun.example.org:3478`);
    }
  }
  for (const { url, username, credential } of options.turnServers) {
    checkTurnUrl(url);
    const lengths = [username.length, credential.length];
    if (lengths.some((length) => length === 0 || length > CREDENTIAL_MAX_CHARACTERS)) {
      throw StartError.badOption(`the TURN server ${url} needs a username and a credential`);
    }
  }
  if (options.turn !== undefined) checkSharedSecretTurn(options.turn);
}

function checkSharedSecretTurn({ urls, secret, ttlSeconds }: SharedSecretTurn): void {
  if (urls.length === 0 || urls.length > TURN_URLS_MAX) {
    throw StartError.badOption(`a TURN secret needs 1 to ${TURN_URLS_MAX} TURN URLs to go with it`);
  }
  for (const url of urls) checkTurnUrl(url);
  if (secret === '') throw StartError.badOption('the TURN secret must not be empty');
  if (ttlSeconds === undefined) return;
  if (Number.isInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= TTL_MAX_SECONDS) return;
  throw StartError.badOption(
    `TURN credentials last a whole number of seconds from 1 to ${TTL_MAX_SECONDS}, not ${ttlSeconds}`,
  );
}

function checkTurnUrl(url: string): void {
  if (TURN_URL.test(url) && url.length <= ICE_URL_MAX_CHARACTERS) return;
  throw StartError.badOption(
    `${url} is no TURN URL; write it like turn:turn.example.org:3478?transport=udp`,
  );
}
