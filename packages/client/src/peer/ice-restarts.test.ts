import { describe, expect, test } from 'vitest';
import { isRestartUnsafe } from './ice-restarts.ts';

const CHROMIUM = 'v=0\r\no=- 4611733 2 IN IP4 127.0.0.1\r\ns=-\r\n';
const FIREFOX = 'v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 5521 0 IN IP4 0.0.0.0\r\ns=-\r\n';

describe('isRestartUnsafe', () => {
  test.each([
    { local: CHROMIUM, remote: FIREFOX, unsafe: true },
    { local: FIREFOX, remote: CHROMIUM, unsafe: false },
    { local: FIREFOX, remote: FIREFOX, unsafe: false },
    { local: CHROMIUM, remote: CHROMIUM, unsafe: false },
    { local: undefined, remote: '', unsafe: false },
    { local: CHROMIUM, remote: 'v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=mozilla\r\n', unsafe: false },
  ])('$unsafe for $local to $remote', ({ local, remote, unsafe }) => {
    expect(isRestartUnsafe(local, remote)).toBe(unsafe);
  });
});
