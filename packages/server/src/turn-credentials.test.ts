import { describe, expect, it } from 'vitest';
import { mintTurnCredentials } from './turn-credentials.ts';

describe('mintTurnCredentials', () => {
  it('ICE2 is what coturn computes from the secret', () => {
    const { username, credential } = mintTurnCredentials('north', 1_700_000_000_000);
    expect(username).toMatch(/^1700000000:[\w-]{12}$/);
    expect(Buffer.from(credential, 'base64')).toHaveLength(20);
  });

  it('ICE2 is drawn anew each time, and never ends early', () => {
    const endsAtMs = 1_700_000_000_001;
    const first = mintTurnCredentials('north', endsAtMs);
    const second = mintTurnCredentials('north', endsAtMs);
    expect(first.username).not.toBe(second.username);
    expect(first.credential).not.toBe(second.credential);
    expect(Number(first.username.split(':')[0]) * 1_000).toBeGreaterThanOrEqual(endsAtMs);
  });
});
