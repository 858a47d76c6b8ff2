import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { lanAddresses, machineNames } from './addresses.ts';

function entry(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, netmask: '', mac: '', cidr: null };
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' };
}

describe('addresses', () => {
  it('lists what others can open, IPv4 first, each once', () => {
    const interfaces = {
      lo: [entry('127.0.0.1', true), entry('::1', true)],
      eth0: [entry('2001:db8::5'), entry('fe80::1'), entry('192.0.2.5')],
      wlan0: [entry('192.0.2.6'), entry('192.0.2.5')],
    };
    expect(lanAddresses(interfaces)).toEqual(['192.0.2.5', '192.0.2.6', '2001:db8::5']);
  });

  it('always names localhost', () => {
    expect(machineNames()[0]).toBe('localhost');
  });
});
