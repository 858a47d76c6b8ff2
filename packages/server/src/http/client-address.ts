/**
 * The address of the client, with `proxies` reverse proxies in front that each add what they saw to
 * `X-Forwarded-For`. What stands further left in it comes from the client and may be made up.
 *
 * @param proxies 0 when clients reach the server without one
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  proxies: number,
): string | undefined {
  if (proxies === 0) return remoteAddress;
  const header = Array.isArray(forwardedFor) ? forwardedFor.join(',') : (forwardedFor ?? '');
  const hops = header.split(',').map((hop) => hop.trim());
  return hops.at(-proxies) || remoteAddress;
}
