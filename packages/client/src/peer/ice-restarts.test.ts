import { describe, expect, test } from 'vitest';
import { asksForPath, isRestartUnsafe } from './ice-restarts.ts';

const CHROMIUM = 'v=0\r\no=- 4611733 2 IN IP4 127.0.0.1\r\ns=-\r\n';
const FIREFOX = 'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 5521 0 IN IP4 0.0.0.0\r\ns=-\r\n';

describe('NEG11 isRestartUnsafe', () => {
  const other = 'v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=mozilla\r\n';
  const pc = (sdp: string) => ({ localDescription: { sdp } }) as RTCPeerConnection;
  test.each([
    { local: CHROMIUM, remote: FIREFOX, unsafe: true },
    { local: FIREFOX, remote: CHROMIUM, unsafe: true },
    { local: FIREFOX, remote: other, unsafe: true },
    { local: FIREFOX, remote: FIREFOX, unsafe: false },
    { local: CHROMIUM, remote: CHROMIUM, unsafe: false },
    { local: CHROMIUM, remote: other, unsafe: false },
  ])('$unsafe for $local to $remote', ({ local, remote, unsafe }) => {
    expect(isRestartUnsafe(pc(local), remote)).toBe(unsafe);
  });
});

describe('asksForPath', () => {
  const need = { type: 'need-offer', generation: 1, negotiation: 1 } as const;
  test.each([
    { signal: { type: 'hail' } as const, is: true },
    { signal: { ...need, want: 'ice-restart' } as const, is: true },
    { signal: { ...need, want: 'rebuild' } as const, is: true },
    { signal: { ...need, want: 'exchange' } as const, is: false },
    { signal: { type: 'refresh' } as const, is: false },
  ])('$is of $signal', ({ signal, is }) => {
    expect(asksForPath(signal)).toBe(is);
  });
});
