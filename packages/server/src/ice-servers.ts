import type { IceServer } from '@peerline/protocol';
import { StartError } from './errors.ts';
import { parseHostHeader, urlHost } from './http/host-header.ts';

/** A TURN server with credentials that do not change. */
export interface TurnServer {
  /** Like `turn:turn.example.org:3478?transport=udp` (RFC 7065). */
  readonly url: string;
  readonly username: string;
  readonly credential: string;
}

export interface IceServerOptions {
  /** UDP port of the built-in STUN responder; nothing when it is off. */
  readonly stunPort: number | undefined;
  /** Named instead of the host in the client's `Host` header. */
  readonly publicHost: string | undefined;
  /** Further STUN servers, like `stun:stun.example.org:3478` (RFC 7064). */
  readonly stunUrls: readonly string[];
  readonly turnServers: readonly TurnServer[];
}

const ICE_URL_MAX_CHARACTERS = 512;

/** `welcome` takes 16 entries; one is the built-in STUN server and one holds all further ones. */
const TURN_SERVERS_MAX = 14;
const STUN_URLS_MAX = 16;
const CREDENTIAL_MAX_CHARACTERS = 1024;

const STUN_URL = /^stuns?:[^\s/?#]+$/i;
const TURN_URL = /^turns?:[^\s/?#]+(\?transport=(udp|tcp))?$/i;

/**
 * What a joiner's `RTCPeerConnection` is configured with: the STUN server under the name by which the
 * client reached this server, so that it works from wherever the client is, then the configured ones.
 */
export function iceServersFor(
  options: IceServerOptions,
  hostHeader: string | undefined,
): IceServer[] {
  const { stunPort, stunUrls, turnServers } = options;
  const servers: IceServer[] = [];
  const host = options.publicHost ?? parseHostHeader(hostHeader)?.host;
  if (stunPort !== undefined && host !== undefined) {
    servers.push({ urls: [`stun:${urlHost(host)}:${stunPort}`] });
  }
  if (stunUrls.length > 0) servers.push({ urls: [...stunUrls] });
  for (const { url, username, credential } of turnServers) {
    servers.push({ urls: [url], username, credential });
  }
  return servers;
}

/** @throws {StartError} `bad-option` for what a browser would refuse, before any browser does */
export function checkIceServers(options: Pick<IceServerOptions, 'stunUrls' | 'turnServers'>): void {
  if (options.turnServers.length > TURN_SERVERS_MAX || options.stunUrls.length > STUN_URLS_MAX) {
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
    if (!TURN_URL.test(url) || url.length > ICE_URL_MAX_CHARACTERS) {
      throw StartError.badOption(
        `${url} is no TURN URL; write it like turn:turn.example.org:3478?transport=udp`,
      );
    }
    const lengths = [username.length, credential.length];
    if (lengths.some((length) => length === 0 || length > CREDENTIAL_MAX_CHARACTERS)) {
      throw StartError.badOption(`the TURN server ${url} needs a username and a credential`);
    }
  }
}
