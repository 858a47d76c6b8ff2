import type { TurnProtocol, WayOut } from './verdicts.ts';

/** A URL of a STUN or TURN server (RFC 7064, RFC 7065) taken apart, beside the server it stands for. */
export interface IceUrl {
  readonly url: string;
  readonly kind: 'stun' | 'turn';
  readonly protocol: TurnProtocol;
  readonly wayOut: WayOut;
  /** The server's entry, cut down to this URL. */
  readonly server: RTCIceServer;
}

const FORM = /^(stun|turn)(s?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i;

/** Of RFC 7064 section 3.2 and RFC 7065 section 3.2. */
const DEFAULT_PORT = 3_478;
const DEFAULT_TLS_PORT = 5_349;

/** Every URL of a list of servers, each once; what is no such URL is left out, as browsers refuse it. */
export function iceUrls(servers: readonly RTCIceServer[]): readonly IceUrl[] {
  const found = new Map<string, IceUrl>();
  for (const server of servers) {
    for (const url of typeof server.urls === 'string' ? [server.urls] : server.urls) {
      const parsed = parse(url, server);
      if (parsed !== undefined && !found.has(url)) found.set(url, parsed);
    }
  }
  return [...found.values()];
}

function parse(url: string, server: RTCIceServer): IceUrl | undefined {
  const [, scheme = '', secure, host = '', port, transport] = FORM.exec(url) ?? [];
  if (host === '') return undefined;
  const tls = secure !== '';
  const tcp = tls || transport?.toLowerCase() === 'tcp';
  const given = port === undefined ? undefined : Number.parseInt(port, 10);
  return {
    url,
    kind: scheme.toLowerCase() === 'turn' ? 'turn' : 'stun',
    protocol: tls ? 'tls' : tcp ? 'tcp' : 'udp',
    wayOut: {
      protocol: tcp ? 'TCP' : 'UDP',
      host,
      port: given ?? (tls ? DEFAULT_TLS_PORT : DEFAULT_PORT),
    },
    server: { ...server, urls: [url] },
  };
}
