import { describe, expect, it } from 'vitest';
import { readyText } from './ready-text.ts';

const LAN = ['192.0.2.5', '2001:db8::5'];

describe('readyText', () => {
  it('is one line on this machine alone', () => {
    const server = { url: 'http://localhost:3000', port: 3000, host: 'localhost', tls: 'none' };
    expect(readyText({ ...server, tls: 'none' }, LAN)).toBe(
      'Peerline is ready at http://localhost:3000\n',
    );
  });

  it('names the addresses on the network, and what http is short of', () => {
    const text = readyText(
      { url: 'http://localhost:3000', port: 3000, host: '0.0.0.0', tls: 'none' },
      LAN,
    );
    expect(text).toContain('\n  http://192.0.2.5:3000\n');
    expect(text).not.toContain('2001');
    expect(text).toContain('Add --https.');
  });

  it('names IPv6 addresses too where they are listened on', () => {
    const text = readyText(
      { url: 'https://localhost:3000', port: 3000, host: '::', tls: 'self-made' },
      LAN,
    );
    expect(text).toContain('  https://[2001:db8::5]:3000\n');
    expect(text).toContain('warns once');
    expect(text).not.toContain('Add --https');
  });
});
