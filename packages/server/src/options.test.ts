import { describe, expect, it } from 'vitest';
import { iceServersFor } from './ice-servers.ts';
import { resolveOptions, type ServerOptions } from './options.ts';

const TURN = { url: 'turns:turn.example:5349?transport=tcp', username: 'u', credential: 'c' };

describe('resolveOptions', () => {
  it('has a default for everything', () => {
    expect(resolveOptions({})).toMatchObject({
      host: 'localhost',
      port: 3000,
      stunPort: 'same',
      origins: 'any',
      roomCapacity: 16,
      trustedProxies: 0,
    });
  });

  it('replaces single limits and keeps the others', () => {
    const { limits } = resolveOptions({ limits: { writeBufferMaxBytes: 5 } });
    expect(limits.writeBufferMaxBytes).toBe(5);
    expect(limits.messages.burst).toBeGreaterThan(0);
  });

  it.each<ServerOptions>([
    { port: -1 },
    { port: 65_536 },
    { port: 1.5 },
    { port: Number.NaN },
    { stunPort: 70_000 },
    { roomCapacity: 1 },
    { roomCapacity: 65 },
    { trustedProxies: -1 },
    { publicHost: 'a b' },
    { publicHost: 'https://call.example' },
    { origins: ['https://call.example/'] },
    { origins: ['call.example'] },
    { stunUrls: ['https://stun.example'] },
    { stunUrls: ['stun:'] },
    { turnServers: [{ ...TURN, url: 'stun:turn.example' }] },
    { turnServers: [{ ...TURN, url: 'turn:turn.example?transport=sctp' }] },
    { turnServers: [{ ...TURN, credential: '' }] },
    { turnServers: Array.from({ length: 15 }, () => TURN) },
  ])('refuses %j', (options) => {
    expect(() => resolveOptions(options)).toThrow(
      expect.objectContaining({ name: 'StartError', code: 'bad-option' }),
    );
  });

  it.each<ServerOptions>([
    { publicHost: '2001:db8::1' },
    { origins: ['https://call.example', 'http://localhost:5173'] },
    { stunUrls: ['stun:stun.example', 'stuns:[2001:db8::1]:5349'] },
    { turnServers: Array.from({ length: 14 }, () => TURN) },
  ])('takes %j', (options) => {
    expect(resolveOptions(options)).toMatchObject(options);
  });
});

describe('iceServersFor', () => {
  const none = { stunPort: 3478, publicHost: undefined, stunUrls: [], turnServers: [] };

  it.each([
    ['call.example:3000', 'stun:call.example:3478'],
    ['192.0.2.1', 'stun:192.0.2.1:3478'],
    ['[2001:db8::1]:3000', 'stun:[2001:db8::1]:3478'],
  ])('names STUN under %s', (header, url) => {
    expect(iceServersFor(none, header)).toEqual([{ urls: [url] }]);
  });

  it('puts brackets around a public IPv6 address', () => {
    expect(iceServersFor({ ...none, publicHost: '2001:db8::1' }, undefined)).toEqual([
      { urls: ['stun:[2001:db8::1]:3478'] },
    ]);
  });

  it('names none where it is off, or the host is none', () => {
    expect(iceServersFor({ ...none, stunPort: undefined }, 'call.example')).toEqual([]);
    expect(iceServersFor(none, 'x y')).toEqual([]);
    expect(iceServersFor(none, undefined)).toEqual([]);
  });
});
