import { describe, expect, it } from 'vitest';
import { isHost, parseHostHeader, urlHost } from './host-header.ts';

describe('parseHostHeader', () => {
  it.each([
    ['localhost:3000', { host: 'localhost', port: 3000 }],
    ['call.example.org', { host: 'call.example.org' }],
    ['192.0.2.1:80', { host: '192.0.2.1', port: 80 }],
    ['[2001:db8::1]:443', { host: '[2001:db8::1]', port: 443 }],
    ['my_box.local', { host: 'my_box.local' }],
  ])('reads %s', (header, expected) => {
    expect(parseHostHeader(header)).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    'a b',
    'host:0',
    'host:65536',
    'host:port',
    '2001:db8::1',
    '[::1',
    '[zz::1]:80',
    '256.1.1.1',
    '-leading.example',
    "x'; script-src *",
    'user@host',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}abc`,
  ])('refuses %s', (header) => {
    expect(parseHostHeader(header)).toBeUndefined();
  });

  it('puts brackets around IPv6 addresses only', () => {
    expect(urlHost('::1')).toBe('[::1]');
    expect(urlHost('localhost')).toBe('localhost');
    expect(isHost('[::1]')).toBe(true);
  });
});
