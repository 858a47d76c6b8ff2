/** Web origins that may use the server, like `https://call.example.org`; browsers enforce it. */
export type AllowedOrigins = 'any' | readonly string[];

interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/**
 * Whether a request may open a connection. Programs that are no browsers send no `Origin` and are let
 * in: the list protects visitors of other sites, it is no authentication. The server's own pages may
 * always.
 */
export function isOriginAllowed(allowed: AllowedOrigins, headers: OriginHeaders): boolean {
  const { origin, host } = headers;
  if (allowed === 'any' || origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return host !== undefined && (origin === `https://${host}` || origin === `http://${host}`);
}
