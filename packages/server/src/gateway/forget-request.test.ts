import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { forgetRequest } from './forget-request.ts';

test('lets go of headers and secrets, and of nothing that is still asked for', () => {
  const request = { headers: { host: 'call.example' } } as IncomingMessage;
  const socket = {
    id: 'kept',
    handshake: {
      headers: request.headers,
      auth: { secret: 'of a join' },
      query: { EIO: '4' },
      issued: 12,
    },
    conn: { request: request as IncomingMessage | undefined, remoteAddress: '192.0.2.1' },
  };
  forgetRequest(socket);
  expect(socket).toEqual({
    id: 'kept',
    handshake: { headers: {}, auth: {}, query: {}, issued: 12 },
    conn: { request: undefined, remoteAddress: '192.0.2.1' },
  });
});
