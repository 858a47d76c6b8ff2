import { isIPv4, isIPv6 } from 'node:net';

/** A host as it stands in a URL: a name, an IPv4 address, or an IPv6 address in brackets. */
export interface HostAndPort {
  readonly host: string;
  readonly port?: number;
}

/** RFC 1123 names, and underscores, which internal names do have. */
const NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/** Parses a `Host` header (RFC 9110 section 7.2). @returns nothing where it is not one */
export function parseHostHeader(header: string | undefined): HostAndPort | undefined {
  if (header === undefined) return undefined;
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(header);
  const host = match?.[1];
  if (host === undefined || !isHost(host)) return undefined;
  if (match?.[2] === undefined) return { host };
  const port = Number(match[2]);
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** Whether a text can stand as the host of a URL. */
export function isHost(text: string): boolean {
  if (text.startsWith('[')) return text.endsWith(']') && isIPv6(text.slice(1, -1));
  // What has digits and dots only is an address, or nothing.
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  return NAME.test(text);
}

/** Puts an IPv6 address in the brackets that URLs want; leaves all else alone. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
