import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_TIMEOUT_MS,
  SIGNAL_BODY_MAX_BYTES,
  TRANSPORT_MAX_BYTES,
} from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import type { AccessVerdict } from '../access/access.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { encodeFrame, OPCODE, RawSocket } from '../testing/raw-socket.ts';
import { startServer } from '../testing/server.ts';
import { UNLIMITED_RATES } from '../testing/unlimited.ts';

const SLOW_REFILL = { perSecond: 0.001 };

describe('limits', () => {
  it('RATE1 answers rate-limited with the time to wait, and acts on nothing', async () => {
    const server = await startServer({
      limits: { messages: { burst: 3, perSecond: 0.5 }, refusals: { burst: 10, perSecond: 1 } },
    });
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const bob = await TestClient.join(server, { room });
    await ann.client.expect('joined');
    for (const body of ['1', '2', '3', '4']) ann.client.signal(bob.client.peer, body);
    const problem = await ann.client.expectProblem();
    expect(problem).toMatchObject({ code: 'rate-limited', event: 'signal' });
    expect(problem.retryAfterMs).toBeGreaterThan(0);
    expect(problem.retryAfterMs).toBeLessThanOrEqual(2_000);
    const seen = await bob.client.drain();
    expect(seen.map(({ data }) => data)).toEqual(
      ['1', '2', '3'].map((body) => ({ from: ann.client.peer, body })),
    );
  });

  it('RATE1 disconnects who goes on regardless, and nobody else', async () => {
    const server = await startServer({
      limits: {
        messages: { burst: 5, ...SLOW_REFILL },
        refusals: { burst: 5, ...SLOW_REFILL },
      },
    });
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const bob = await TestClient.join(server, { room });
    await ann.client.expect('joined');
    for (let n = 0; n < 20; n += 1) ann.client.socket.emit('noise', n);
    expect(await ann.client.closed()).toBe('io server disconnect');
    expect((await bob.client.expect('left')).peer).toBe(ann.client.peer);
    expect(await bob.client.drain()).toEqual([]);
  });

  it('RATE1 cuts floods of packets that are no messages', async () => {
    const server = await startServer({ limits: { packets: { burst: 50, ...SLOW_REFILL } } });
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(joinRequest())}`);
    await raw.packet('42["welcome"');
    for (let n = 0; n < 100; n += 1) raw.send('43[]');
    await raw.closed;
  });

  it('RATE1 refuses joins above the rate of their address, per forwarded address behind a proxy', async () => {
    const server = await startServer({
      trustedProxies: 1,
      limits: { joins: { burst: 2, ...SLOW_REFILL } },
    });
    const from = (address: string): object => ({ headers: { 'X-Forwarded-For': address } });
    await TestClient.join(server, from('2001:db8:1:2::1'));
    await TestClient.join(server, from('2001:db8:1:2::2'));
    const refusal = await TestClient.refused(server, joinRequest(), from('2001:db8:1:2::3'));
    expect(refusal.code).toBe('rate-limited');
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    await TestClient.join(server, from('2001:db8:1:3::1'));
  });

  it('SLOW1 disconnects a reader that stalls, and only that one', async () => {
    const cap = 256 * 1024;
    const server = await startServer({
      limits: {
        ...UNLIMITED_RATES,
        writeBufferMaxBytes: cap,
      },
    });
    const identity = joinRequest();
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(identity)}`);
    await raw.packet('42["welcome"');
    const ann = await TestClient.join(server, { room: identity.room });
    raw.tcp.pause();
    const body = 'x'.repeat(SIGNAL_BODY_MAX_BYTES);
    // The kernel's buffers take some MB before the server has to hold anything itself.
    const left = ann.client.expect('left');
    let isGone = false;
    void left.then(() => (isGone = true));
    for (let sent = 0; !isGone && sent < 2_000; sent += 1) {
      ann.client.signal(identity.peer, body);
      if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await left).toMatchObject({ peer: identity.peer, reason: 'lost' });
    const rest = await ann.client.drain();
    expect(rest.every(({ event }) => event === 'problem')).toBe(true);
    raw.tcp.resume();
    await raw.closed;
    await TestClient.join(server, identity);
  });

  it('SLOW1 counts the packets held for a polling client that does not poll', async () => {
    const server = await startServer({
      limits: {
        ...UNLIMITED_RATES,
        writeBufferMaxPackets: 20,
      },
    });
    const base = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(base)).text();
    const [sid] = /(?<="sid":")[^"]+/.exec(opened) ?? [];
    const identity = joinRequest();
    const session = `${base}&sid=${sid}`;
    await fetch(session, { method: 'POST', body: `40${JSON.stringify(identity)}` });
    expect(await (await fetch(session)).text()).toMatch(/^40/);
    const ann = await TestClient.join(server, { room: identity.room });
    for (let n = 0; n < 40; n += 1) ann.client.signal(identity.peer, 'unread');
    expect(await ann.client.expect('left')).toMatchObject({ peer: identity.peer, reason: 'lost' });
  });

  it('BEAT1 announces its heartbeat and its size limit', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    const open: unknown = JSON.parse((await raw.packet('0')).slice(1));
    expect(open).toMatchObject({
      pingInterval: HEARTBEAT_INTERVAL_MS,
      pingTimeout: HEARTBEAT_TIMEOUT_MS,
      maxPayload: TRANSPORT_MAX_BYTES,
      upgrades: [],
    });
    expect([HEARTBEAT_INTERVAL_MS, HEARTBEAT_TIMEOUT_MS]).toEqual([3_000, 4_500]);
  });

  it('BEAT1 LEAVE1 tells of a client that stops answering as silent, and of one that closes as lost', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const ann = await TestClient.join(server, { room: identity.room });
    const raw = await RawSocket.open(server);
    raw.send(`40${JSON.stringify(identity)}`);
    await raw.packet('42["welcome"');
    await ann.client.expect('joined');
    // It reads, so the connection is well, but no ping is answered.
    expect(await ann.client.expect('left')).toMatchObject({ reason: 'silent' });
    const again = await RawSocket.open(server);
    again.send(`40${JSON.stringify(identity)}`);
    await again.packet('42["welcome"');
    await ann.client.expect('joined');
    again.tcp.destroy();
    expect(await ann.client.expect('left')).toMatchObject({ reason: 'lost' });
  });

  it.each([
    ['', undefined],
    [', also where a join may take longer', (): AccessVerdict => ({ kind: 'granted' })],
  ])('JOIN1 closes a connection that brings no CONNECT within 2 s%s', async (_, authorize) => {
    const server = await startServer({ ...(authorize && { authorize }) });
    const openedAtMs = performance.now();
    const raw = await RawSocket.open(server);
    await raw.closed;
    const lastedMs = performance.now() - openedAtMs;
    expect(lastedMs).toBeGreaterThan(1_500);
    expect(lastedMs).toBeLessThan(5_000);
  });

  it('JOIN5 waits no longer than 2 s for the answer to a close', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    raw.answersClose = false;
    const sentAtMs = performance.now();
    raw.send('40{}');
    await raw.closed;
    expect(performance.now() - sentAtMs).toBeLessThan(4_500);
  });

  it('JOIN1 takes one CONNECT per connection', async () => {
    const server = await startServer();
    const identity = joinRequest();
    const watcher = await TestClient.join(server, { room: identity.room });
    const raw = await RawSocket.open(server);
    const connects = [identity, joinRequest({ room: identity.room })].map((join) =>
      encodeFrame(OPCODE.text, Buffer.from(`40${JSON.stringify(join)}`)),
    );
    // In one segment, so that the second comes while the first is still being let in.
    raw.tcp.write(Buffer.concat(connects));
    await raw.closed;
    // Nothing of the second one is left: who joined with the first has gone, and nobody else was there.
    expect((await watcher.client.expect('joined')).peer).toBe(identity.peer);
    expect((await watcher.client.expect('left')).peer).toBe(identity.peer);
    expect(await watcher.client.drain()).toEqual([]);
  });

  it('JOIN1 accepts the default namespace only', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    raw.send(`40/admin,${JSON.stringify(joinRequest())}`);
    expect(await raw.packet('44/admin')).toContain('Invalid namespace');
    await raw.closed;
  });

  it('PROBLEM2 ends only the connection that sends what is no WebSocket', async () => {
    const server = await startServer();
    const { client } = await TestClient.join(server);
    for (const opcode of [OPCODE.close, OPCODE.ping, 3, 11]) {
      const raw = await RawSocket.open(server);
      raw.frame(opcode, Buffer.alloc(200, 0xff));
      raw.tcp.write(Buffer.alloc(64, 0xff));
      await raw.closed;
    }
    expect(await client.drain()).toEqual([]);
  });

  it('lets pages of listed origins and its own connect, and no others', async () => {
    const server = await startServer({ origins: ['https://app.example'] });
    const from = (origin: string): object => ({ headers: { Origin: origin } });
    await TestClient.join(server, from('https://app.example'));
    await TestClient.join(server, from(server.url));
    await TestClient.join(server);
    const status = async (origin: string): Promise<number> => {
      const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
      return (await fetch(url, { headers: { Origin: origin } })).status;
    };
    expect(await status('https://app.example')).toBe(200);
    expect(await status('https://evil.example')).toBe(403);
    expect(await status('null')).toBe(403);
    const client = new TestClient(server, joinRequest(), from('https://evil.example'));
    const failed = new Promise((resolve) => client.socket.once('connect_error', resolve));
    client.socket.connect();
    expect(await failed).toBeInstanceOf(Error);
  });

  it('lets pages of any origin connect by default', async () => {
    const server = await startServer();
    const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const response = await fetch(url, { headers: { Origin: 'https://app.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    await TestClient.join(server, { headers: { Origin: 'https://app.example' } });
  });
});
