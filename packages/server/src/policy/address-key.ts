import { isIPv4, isIPv6 } from 'node:net';

/** An IPv6 customer gets a /64 at least, so single addresses in it are free to change. */
const IPV6_NETWORK_GROUPS = 4;

/**
 * What counts as one source: the IPv4 address, or the /64 network of an IPv6 one.
 *
 * @returns `unknown` for text that is no address, so that all such share one bucket
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const plain = unmapped(address);
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return 'unknown';
  return `${ipv6Groups(plain).slice(0, IPV6_NETWORK_GROUPS).join(':')}::/64`;
}

/** What one customer or one rented machine seldom has more of. */
const IPV4_NETWORK_GROUPS = 3;
const IPV6_SITE_GROUPS = 3;

/** The network around a source: the /24 of an IPv4 address, the /48 of an IPv6 one. */
export function networkKey(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const plain = unmapped(address);
  if (isIPv4(plain)) return `${plain.split('.').slice(0, IPV4_NETWORK_GROUPS).join('.')}.0/24`;
  if (!isIPv6(plain)) return 'unknown';
  return `${ipv6Groups(plain).slice(0, IPV6_SITE_GROUPS).join(':')}::/48`;
}

/** The IPv4 address inside an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2), else the input. */
export function unmapped(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/** The eight groups of a valid IPv6 address as numbers in hexadecimal, without leading zeros. */
export function ipv6Groups(address: string): string[] {
  const zone = address.indexOf('%');
  let text = zone === -1 ? address : address.slice(0, zone);
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
    text = `${text.slice(0, dotted.index)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16).toString(16));
}
