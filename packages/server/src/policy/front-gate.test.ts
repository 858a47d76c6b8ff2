import { describe, expect, it } from 'vitest';
import { FrontGate, type FrontGateLimits } from './front-gate.ts';

const WIDE = { burst: 1e6, perSecond: 1e6 };
const LIMITS: FrontGateLimits = {
  requests: WIDE,
  openings: WIDE,
  refusedRequests: WIDE,
  connectionsMax: 100,
  connectionsPerAddressMax: 100,
  connectionsPerNetworkMax: 100,
  socketsMax: 100,
  socketsPerAddressMax: 100,
};

function gateWith(limits: Partial<FrontGateLimits>): FrontGate {
  return new FrontGate({ ...LIMITS, ...limits }, () => 0);
}

describe('FrontGate', () => {
  it('RATE3 refuses requests and new connections above the rate of their address', () => {
    const gate = gateWith({
      requests: { burst: 2, perSecond: 1 },
      openings: { burst: 1, perSecond: 0.5 },
    });
    expect(gate.request('192.0.2.1')).toBeUndefined();
    expect(gate.request('192.0.2.1')).toBeUndefined();
    expect(gate.request('192.0.2.1')).toEqual({ kind: 'too-many', retryAfterMs: 1_000 });
    expect(gate.request('192.0.2.2')).toBeUndefined();
    expect(gate.opening('192.0.2.1')).toBeUndefined();
    expect(gate.opening('192.0.2.1')).toEqual({ kind: 'too-many', retryAfterMs: 2_000 });
    expect(gate.opening('2001:db8::1')).toBeUndefined();
    expect(gate.opening('2001:db8::2')).toEqual({ kind: 'too-many', retryAfterMs: 2_000 });
  });

  it('RATE3 takes an address that had to be cut for sixteen that behave', () => {
    const gate = gateWith({ openings: { burst: 20, perSecond: 1 } });
    gate.blame('192.0.2.1');
    for (let n = 0; n < 4; n += 1) expect(gate.opening('192.0.2.1')).toBeUndefined();
    expect(gate.opening('192.0.2.1')).toEqual({ kind: 'too-many', retryAfterMs: 1_000 });
    gate.blame('192.0.2.1');
    expect(gate.opening('192.0.2.1')).toEqual({ kind: 'too-many', retryAfterMs: 1_000 });
    expect(gate.opening('192.0.2.2')).toBeUndefined();
  });

  it('RATE3 closes connections of an address as they come, when it was told often enough', () => {
    const gate = gateWith({
      requests: { burst: 1, perSecond: 1 },
      refusedRequests: { burst: 2, perSecond: 1 },
    });
    gate.request('192.0.2.1');
    for (let told = 0; told < 2; told += 1) {
      expect(typeof gate.enterSocket('192.0.2.1')).toBe('function');
      expect(gate.request('192.0.2.1')).toMatchObject({ kind: 'too-many' });
    }
    expect(gate.enterSocket('192.0.2.1')).toMatchObject({ kind: 'too-many' });
    expect(typeof gate.enterSocket('192.0.2.2')).toBe('function');
    // Of a proxy's clients nothing is known before they ask.
    expect(typeof gate.enterSocket(undefined)).toBe('function');
  });

  it('RATE3 takes so many connections from an address, its network and in all', () => {
    const gate = gateWith({
      connectionsPerAddressMax: 2,
      connectionsPerNetworkMax: 3,
      connectionsMax: 4,
    });
    const leave = gate.enter('192.0.2.1');
    gate.enter('192.0.2.1');
    expect(gate.opening('192.0.2.1')).toEqual({ kind: 'full', of: 'address' });
    gate.enter('192.0.2.2');
    expect(gate.opening('192.0.2.3')).toEqual({ kind: 'full', of: 'network' });
    expect(gate.opening('192.0.3.3')).toBeUndefined();
    gate.enter('2001:db8:1::1');
    expect(gate.opening('2001:db8:2::1')).toEqual({ kind: 'full', of: 'server' });
    leave();
    leave();
    expect(gate.opening('192.0.2.1')).toBeUndefined();
    gate.enter('192.0.2.1');
    expect(gate.opening('192.0.2.1')).toEqual({ kind: 'full', of: 'address' });
  });

  it('RATE3 takes so many TCP connections from an address and in all', () => {
    const gate = gateWith({ socketsPerAddressMax: 1, socketsMax: 2 });
    const leave = gate.enterSocket('192.0.2.1');
    expect(gate.enterSocket('192.0.2.1')).toEqual({ kind: 'full', of: 'address' });
    expect(gate.enterSocket(undefined)).toBeTypeOf('function');
    expect(gate.enterSocket('192.0.2.2')).toEqual({ kind: 'full', of: 'server' });
    if (typeof leave === 'function') leave();
    expect(gate.enterSocket('192.0.2.1')).toBeTypeOf('function');
  });
});
