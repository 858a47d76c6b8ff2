import { describe, expect, it } from 'vitest';
import { addressKey, ipv6Groups, networkKey } from './address-key.ts';

describe('addressKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['not an address', 'unknown'],
    [undefined, 'unknown'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each([
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['2001:db8:1:2::9', '2001:db8:1::/48'],
    ['not an address', 'unknown'],
    [undefined, 'unknown'],
  ])('%s is in the network %s', (address, key) => {
    expect(networkKey(address)).toBe(key);
  });

  it('reads an IPv4 tail as two groups', () => {
    expect(ipv6Groups('64:ff9b::192.0.2.33')).toEqual([
      '64',
      'ff9b',
      '0',
      '0',
      '0',
      '0',
      'c000',
      '221',
    ]);
  });
});
