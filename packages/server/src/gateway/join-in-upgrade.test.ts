import { JOIN_IN_UPGRADE_MAX_CHARACTERS } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { TestClient } from '../testing/client.ts';
import { joinRequest, joinSubprotocol, randomId } from '../testing/identity.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { RecordingLog } from '../testing/recording-log.ts';
import { startServer } from '../testing/server.ts';

/** The header that offers these subprotocols. */
function offering(...subprotocols: readonly string[]): readonly [query: string, headers: string[]] {
  return ['', [`Sec-WebSocket-Protocol: ${subprotocols.join(', ')}`]];
}

describe('a join in the upgrade', () => {
  it('JOIN10 is answered without another packet from the client', async () => {
    const server = await startServer();
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const join = joinRequest({ room });
    const raw = await RawSocket.open(
      server,
      ...offering(joinSubprotocol(JSON.stringify(join)), 'peerline'),
    );
    expect(raw.head).toMatch(/\r\nSec-WebSocket-Protocol: peerline(\r\n|$)/);
    expect(await raw.packets.next()).toMatch(/^0\{"sid"/);
    expect(await raw.packets.next()).toMatch(/^40\{/);
    expect(await raw.packets.next()).toContain(ann.client.peer);
    expect((await ann.client.expect('joined')).peer).toBe(join.peer);
    ann.client.signal(join.peer, 'hello');
    expect(await raw.packets.next()).toContain('hello');
  });

  it('JOIN10 stands behind the 2 s of JOIN1, and no CONNECT may follow', async () => {
    const log = new RecordingLog();
    const server = await startServer({ log });
    const room = randomId();
    const join = joinRequest({ room });
    const raw = await RawSocket.open(
      server,
      ...offering(joinSubprotocol(JSON.stringify(join)), 'peerline'),
    );
    await raw.packet('42["welcome"');
    // The first heartbeat comes after 3 s.
    expect(await raw.packet('2')).toBe('2');
    raw.send(`40${JSON.stringify(joinRequest({ room }))}`);
    await raw.closed;
    await expect
      .poll(async () => (await TestClient.join(server, { room })).welcome.peers)
      .toEqual([]);
    expect(JSON.stringify(log.entries)).not.toContain(join.secret);
  });

  const good = joinRequest();
  const parts = JSON.stringify(good);
  it.each([
    ['text that is no JSON', joinSubprotocol('{"protocol":1'), 'bad-join'],
    ['a namespace', joinSubprotocol(`/admin,${parts}`), 'bad-join'],
    ['a list', joinSubprotocol(`[${parts}]`), 'bad-join'],
    ['nothing', 'join.', 'bad-join'],
    ['what is not base64url', 'join.!!!', 'bad-join'],
    [
      'a text that is too long',
      joinSubprotocol(
        JSON.stringify({ ...good, token: 'x'.repeat(JOIN_IN_UPGRADE_MAX_CHARACTERS) }),
      ),
      'bad-join',
    ],
    ['another version', joinSubprotocol('{"protocol":2}'), 'version-unsupported'],
    [
      'another secret',
      joinSubprotocol(JSON.stringify({ ...good, secret: randomId() })),
      'bad-proof',
    ],
  ])('JOIN10 is refused as in a CONNECT for %s', async (_, offered, code) => {
    const server = await startServer();
    const raw = await RawSocket.open(server, ...offering(offered, 'peerline'));
    expect(await raw.packet('44')).toContain(`"code":"${code}"`);
    await raw.closed;
  });

  it('JOIN10 is not looked at where the client does not offer to hear of it', async () => {
    const server = await startServer();
    const offered = joinSubprotocol(JSON.stringify(joinRequest()));
    const raw = await RawSocket.open(server, ...offering(offered));
    expect(raw.head).toContain(`\r\nSec-WebSocket-Protocol: ${offered}`);
    await raw.packet('0');
    raw.send(`40${JSON.stringify(joinRequest())}`);
    expect(await raw.packet('42["welcome"')).toContain('"peers":[]');
  });

  it('JOIN10 leaves other subprotocols as they are', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server, ...offering('peerline', 'other'));
    expect(raw.head).toMatch(/\r\nSec-WebSocket-Protocol: other(\r\n|$)/);
    await raw.packet('0');
    raw.send(`40${JSON.stringify(joinRequest())}`);
    await raw.packet('42["welcome"');
  });
});
