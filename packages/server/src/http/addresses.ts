import { hostname, networkInterfaces } from 'node:os';

/** Addresses under which other machines of the local network reach this one, IPv4 first. */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const usable = all.filter(
    // Link-local IPv6 addresses need a zone, which browsers do not take in a URL.
    ({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'),
  );
  const ipv4 = usable.filter(({ family }) => family === 'IPv4');
  const ipv6 = usable.filter(({ family }) => family === 'IPv6');
  return [...new Set([...ipv4, ...ipv6].map(({ address }) => address))];
}

/** Names under which this machine may be called. */
export function machineNames(): string[] {
  const name = hostname().toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) return ['localhost'];
  // mDNS (RFC 6762) makes it `name.local` on most home networks.
  const local = name.includes('.') ? [] : [`${name}.local`];
  return [...new Set(['localhost', name, ...local])];
}
