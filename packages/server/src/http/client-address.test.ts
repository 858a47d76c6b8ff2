import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

describe('clientAddress', () => {
  it('does not believe the header without a trusted proxy', () => {
    expect(clientAddress('192.0.2.1', '198.51.100.9', 0)).toBe('192.0.2.1');
  });

  it('takes what the outermost trusted proxy saw, not what the client made up', () => {
    const header = 'made-up, 198.51.100.9, 203.0.113.2';
    expect(clientAddress('192.0.2.1', header, 1)).toBe('203.0.113.2');
    expect(clientAddress('192.0.2.1', header, 2)).toBe('198.51.100.9');
    expect(clientAddress('192.0.2.1', ['made-up', '198.51.100.9'], 1)).toBe('198.51.100.9');
  });

  it('falls back to the connection where the header is too short or missing', () => {
    expect(clientAddress('192.0.2.1', '198.51.100.9', 3)).toBe('192.0.2.1');
    expect(clientAddress('192.0.2.1', undefined, 1)).toBe('192.0.2.1');
  });
});
