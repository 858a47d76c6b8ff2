import type { IceServer } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { iceGrantFor, type IceServerOptions } from './ice-servers.ts';
import { resolveOptions, type ServerOptions } from './options.ts';

const TURN = { url: 'turns:turn.example:5349?transport=tcp', username: 'u', credential: 'c' };

const SHARED = {
  urls: ['turn:turn.example', 'turn:turn.example?transport=tcp', 'turns:turn.example:443'],
  secret: 'north',
};

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
    { turnServers: Array.from({ length: 14 }, () => TURN), turn: SHARED },
    { turn: { ...SHARED, urls: [] } },
    { turn: { ...SHARED, urls: ['stun:turn.example'] } },
    { turn: { ...SHARED, secret: '' } },
    { turn: { ...SHARED, ttlSeconds: 0 } },
    { turn: { ...SHARED, ttlSeconds: 1.5 } },
    {
      joinTokens: { key: { kind: 'shared-secret', secret: 's'.repeat(32) } },
      authorize: () => ({ kind: 'granted' }),
    },
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
    { turnServers: Array.from({ length: 13 }, () => TURN), turn: SHARED },
  ])('takes %j', (options) => {
    expect(resolveOptions(options)).toMatchObject(options);
  });
});

describe('iceGrantFor', () => {
  const none: IceServerOptions = {
    stunPort: 3478,
    publicHost: undefined,
    stunUrls: [],
    turnServers: [],
  };
  const serversFor = (options: IceServerOptions, header: string | undefined): IceServer[] =>
    iceGrantFor(options, header, 0).iceServers;

  it.each([
    ['call.example:3000', 'stun:call.example:3478'],
    ['192.0.2.1', 'stun:192.0.2.1:3478'],
    ['[2001:db8::1]:3000', 'stun:[2001:db8::1]:3478'],
  ])('names STUN under %s', (header, url) => {
    expect(serversFor(none, header)).toEqual([{ urls: [url] }]);
  });

  it('puts brackets around a public IPv6 address', () => {
    expect(serversFor({ ...none, publicHost: '2001:db8::1' }, undefined)).toEqual([
      { urls: ['stun:[2001:db8::1]:3478'] },
    ]);
  });

  it('names none where it is off, or the host is none', () => {
    expect(serversFor({ ...none, stunPort: undefined }, 'call.example')).toEqual([]);
    expect(serversFor(none, 'x y')).toEqual([]);
    expect(serversFor(none, undefined)).toEqual([]);
  });

  it('ICE1 says nothing of an end where credentials last for good', () => {
    expect(iceGrantFor({ ...none, turnServers: [TURN] }, undefined, 0)).toEqual({
      iceServers: [{ urls: [TURN.url], username: 'u', credential: 'c' }],
      ttlMs: undefined,
    });
  });

  it('ICE1 ICE2 names all ways to the TURN server with one pair of credentials that ends', () => {
    const { iceServers, ttlMs } = iceGrantFor({ ...none, turn: SHARED }, undefined, 1_000_000);
    expect(ttlMs).toBe(600_000);
    expect(iceServers).toEqual([
      {
        urls: SHARED.urls,
        username: expect.stringMatching(/^1600:/),
        credential: expect.stringMatching(/^[\w+/]{27}=$/),
      },
    ]);
    expect(JSON.stringify(iceServers)).not.toContain(SHARED.secret);
  });
});
