import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { silentLog, type LogFields } from '../log/log.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { OPCODE, RawSocket } from '../testing/raw-socket.ts';
import { startServer } from '../testing/server.ts';
import { UNLIMITED_RATES } from '../testing/unlimited.ts';

const NEVER = { perSecond: 0.001 };

const pollOf = (server: PeerlineServer): string =>
  `${server.url}/socket.io/?EIO=4&transport=polling`;

const from = (address: string): { readonly headers: Record<string, string> } => ({
  headers: { 'X-Forwarded-For': address },
});

/** A TCP connection that ends with the test. */
function openTcp(server: PeerlineServer): Socket {
  const tcp = connect(server.port, '127.0.0.1');
  tcp.on('error', () => undefined);
  onTestFinished(() => void tcp.destroy());
  return tcp;
}

/** Sends an upgrade request by hand. @returns the head of the answer */
async function upgradeAnswer(server: PeerlineServer, path: string): Promise<string> {
  const tcp = openTcp(server);
  tcp.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
      'Origin: https://evil.example\r\n\r\n',
  );
  const [answer] = await once(tcp, 'data');
  return String(answer);
}

describe('floods', () => {
  it('RATE2 lets a flooder use up what its room has in common, and nobody else’s share', async () => {
    const server = await startServer({
      roomCapacity: 4,
      limits: { ...UNLIMITED_RATES, roomMessages: { burst: 80, ...NEVER } },
    });
    const room = randomId();
    const flooder = await TestClient.join(server, { room });
    const quiet = await TestClient.join(server, { room });
    const elsewhere = await TestClient.join(server);
    await flooder.client.expect('joined');
    // Ten of its own, and the forty that all have in common.
    for (let n = 0; n < 60; n += 1) flooder.client.signal(quiet.client.peer, `${n}`);
    for (let n = 0; n < 10; n += 1) {
      expect(await flooder.client.expectProblem()).toMatchObject({ code: 'rate-limited' });
    }
    for (let n = 0; n < 50; n += 1) {
      expect(await quiet.client.expect('signal')).toMatchObject({ body: `${n}` });
    }
    for (let n = 0; n < 10; n += 1) quiet.client.signal(flooder.client.peer, `quiet ${n}`);
    for (let n = 0; n < 10; n += 1) {
      expect(await flooder.client.expect('signal')).toMatchObject({ body: `quiet ${n}` });
    }
    elsewhere.client.signal(randomId(), 'x');
    expect(await elsewhere.client.expectProblem()).toMatchObject({ code: 'unknown-peer' });
  });

  it('RATE2 cuts what floods from an address over many connections, and leaves others alone', async () => {
    const server = await startServer({
      trustedProxies: 1,
      limits: {
        ...UNLIMITED_RATES,
        addressPackets: { burst: 200, ...NEVER },
        connectionsPerAddressMax: 10,
      },
    });
    const room = randomId();
    const flooders = await Promise.all(
      [1, 2, 3].map(() => TestClient.join(server, from('192.0.2.1'))),
    );
    const quiet = await TestClient.join(server, { room, ...from('192.0.2.2') });
    const cuts = flooders.map(({ client }) => client.closed());
    for (const { client } of flooders) {
      for (let n = 0; n < 200; n += 1) client.socket.emit('noise', n);
    }
    expect(await Promise.all(cuts)).toEqual(Array(3).fill('transport close'));
    quiet.client.signal(randomId(), 'x');
    expect(await quiet.client.expectProblem()).toMatchObject({ code: 'unknown-peer' });
  });

  it('RATE2 counts bytes as well, of a connection and of an address', async () => {
    const server = await startServer({
      limits: { ...UNLIMITED_RATES, bytes: { burst: 100_000, ...NEVER } },
    });
    const { client } = await TestClient.join(server);
    const end = client.closed();
    for (let n = 0; n < 4; n += 1) client.socket.emit('noise', 'x'.repeat(30_000));
    expect(await end).toBe('transport close');
    const shared = await startServer({
      limits: {
        ...UNLIMITED_RATES,
        addressBytes: { burst: 200_000, ...NEVER },
        connectionsPerAddressMax: 10,
      },
    });
    const two = await Promise.all([TestClient.join(shared), TestClient.join(shared)]);
    const ends = two.map((one) => one.client.closed());
    for (let n = 0; n < 4; n += 1) {
      for (const one of two) one.client.socket.emit('noise', 'x'.repeat(30_000));
    }
    await Promise.all(ends);
  });

  it('RATE2 counts the probes of an upgrade, which are no packets to Engine.IO', async () => {
    const server = await startServer({
      limits: { ...UNLIMITED_RATES, packets: { burst: 50, ...NEVER } },
    });
    const opened = await (await fetch(pollOf(server))).text();
    const [sid = ''] = /(?<="sid":")[^"]+/.exec(opened) ?? [];
    const raw = await RawSocket.open(server, `&sid=${sid}`);
    for (let n = 0; n < 100; n += 1) raw.send('2probe');
    await raw.closed;
  });

  it('RATE2 ends a WebSocket that goes on sending while it is closed', async () => {
    const server = await startServer({ limits: UNLIMITED_RATES });
    const open = async (): Promise<RawSocket> => {
      const raw = await RawSocket.open(server);
      raw.answersClose = false;
      // No join, so that it is closed.
      raw.send('42["noise"]');
      return raw;
    };
    // All are ended: who is silent when its time is up.
    const silent = await open();
    const loud = await open();
    for (let n = 0; n < 100; n += 1) loud.send('42["noise"]');
    const large = await open();
    large.send(`42["${'x'.repeat(100_000)}"]`);
    const order: string[] = [];
    await Promise.all([
      silent.closed.then(() => order.push('silent')),
      loud.closed.then(() => order.push('flooding')),
      large.closed.then(() => order.push('flooding')),
    ]);
    expect(order).toEqual(['flooding', 'flooding', 'silent']);
  });

  it('RATE2 counts pings of the WebSocket itself, which are answered each', async () => {
    const server = await startServer({ limits: UNLIMITED_RATES });
    const join = async (): Promise<RawSocket> => {
      const raw = await RawSocket.open(server);
      raw.send(`40${JSON.stringify(joinRequest())}`);
      await raw.packet('42["welcome"');
      return raw;
    };
    // Neither answers a heartbeat, so that both are ended.
    const quiet = await join();
    const loud = await join();
    for (let n = 0; n < 200; n += 1) loud.frame(OPCODE.ping, Buffer.alloc(0));
    const first = await Promise.race([
      quiet.closed.then(() => 'quiet'),
      loud.closed.then(() => 'loud'),
    ]);
    expect(first).toBe('loud');
  });

  it('RATE3 answers 429 with Retry-After above the rate of an address, pages and polls alike', async () => {
    const server = await startServer({
      trustedProxies: 1,
      limits: { requests: { burst: 2, perSecond: 0.5 } },
    });
    expect((await fetch(`${server.url}/healthz`, from('192.0.2.1'))).status).toBe(200);
    expect((await fetch(pollOf(server), from('192.0.2.1'))).status).toBe(200);
    for (const url of [`${server.url}/healthz`, pollOf(server)]) {
      const refused = await fetch(url, from('192.0.2.1'));
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(await refused.text()).toContain('Too many requests');
    }
    expect((await fetch(pollOf(server), from('192.0.2.2'))).status).toBe(200);
  });

  it('RATE3 closes a connection on which requests do not wait for answers', async () => {
    const server = await startServer({ limits: UNLIMITED_RATES });
    const get = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const patient = openTcp(server);
    for (let n = 0; n < 3; n += 1) {
      patient.write(get);
      const [answer] = await once(patient, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    }
    const hasty = openTcp(server);
    let answers = '';
    hasty.on('data', (data) => (answers += String(data)));
    hasty.write(get.repeat(1_000));
    await once(hasty, 'close');
    expect(answers.split('HTTP/1.1 ').length - 1).toBeLessThanOrEqual(1);
    expect(patient.destroyed).toBe(false);
  });

  it('RATE3 answers 503 where there is no room for another connection, over both transports', async () => {
    const server = await startServer({ limits: { connectionsPerAddressMax: 1 } });
    const identity = joinRequest();
    const { client } = await TestClient.join(server, { room: identity.room });
    const polled = await fetch(pollOf(server));
    expect(polled.status).toBe(503);
    expect(Number(polled.headers.get('retry-after'))).toBeGreaterThan(0);
    const answer = await upgradeAnswer(server, '/socket.io/?EIO=4&transport=websocket');
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/Retry-After: \d+/);
    const end = client.closed();
    client.socket.disconnect();
    await end;
    await expect.poll(async () => (await fetch(pollOf(server))).status).toBe(200);
  });

  it('RATE3 looks at the origin of every request, not of the first alone', async () => {
    const server = await startServer({ origins: ['https://app.example'] });
    const opened = await (await fetch(pollOf(server))).text();
    const [sid = ''] = /(?<="sid":")[^"]+/.exec(opened) ?? [];
    const foreign = { headers: { Origin: 'https://evil.example' } };
    expect((await fetch(`${pollOf(server)}&sid=${sid}`, foreign)).status).toBe(403);
    const path = `/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
    expect(await upgradeAnswer(server, path)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('RATE3 takes so many TCP connections from an address', async () => {
    const server = await startServer({ limits: { socketsPerAddressMax: 2 } });
    const held = [openTcp(server), openTcp(server)];
    await Promise.all(held.map((tcp) => once(tcp, 'connect')));
    const third = openTcp(server);
    await once(third, 'close');
    for (const tcp of held) expect(tcp.destroyed).toBe(false);
  });

  it('SLOW1 holds so much for all that do not read together', async () => {
    const server = await startServer({
      limits: {
        ...UNLIMITED_RATES,
        writeBufferMaxBytes: 64 * 1024 * 1024,
        writeBuffersMaxBytes: 512 * 1024,
      },
    });
    const identity = joinRequest();
    const stalled = await RawSocket.open(server);
    stalled.send(`40${JSON.stringify(identity)}`);
    await stalled.packet('42["welcome"');
    const { client } = await TestClient.join(server, { room: identity.room });
    stalled.tcp.pause();
    const left = client.expect('left');
    let isGone = false;
    void left.then(() => (isGone = true));
    const body = 'x'.repeat(30_000);
    for (let sent = 0; !isGone && sent < 2_000; sent += 1) {
      client.signal(identity.peer, body);
      if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await left).toMatchObject({ peer: identity.peer, reason: 'lost' });
    stalled.tcp.resume();
    await stalled.closed;
  });

  it('writes one line of log for a thousand refusals', async () => {
    const lines: { fields: LogFields; message: string }[] = [];
    const log = {
      ...silentLog,
      info: (fields: LogFields, message: string) => void lines.push({ fields, message }),
    };
    const limits = {
      requests: { burst: 1, ...NEVER },
      refusedRequests: { burst: 1_000, ...NEVER },
    };
    const server = await startServer({ log, limits });
    await Promise.all(Array.from({ length: 1_000 }, () => fetch(`${server.url}/healthz`)));
    await server.close({ graceMs: 0 });
    const refusals = lines.filter(({ message }) => message === 'request refused');
    expect(refusals.map(({ fields }) => fields)).toEqual([
      { reason: 'too-many' },
      { reason: 'too-many', more: 998 },
    ]);
  });

  it('RATE3 closes connections of an address that was told often enough, and keeps those that stand', async () => {
    const limits = { requests: { burst: 2, ...NEVER }, refusedRequests: { burst: 3, ...NEVER } };
    const server = await startServer({ limits });
    const { welcome } = await TestClient.join(server);
    expect(welcome.peers).toEqual([]);
    const asks = (): Promise<number | 'closed'> =>
      fetch(`${server.url}/healthz`).then(
        ({ status }) => status,
        () => 'closed' as const,
      );
    const answers: (number | 'closed')[] = [];
    for (let n = 0; n < 6; n += 1) answers.push(await asks());
    expect(answers).toEqual([200, 429, 429, 429, 'closed', 'closed']);
  });

  it('has others go first where one sends very much at once', async () => {
    const server = await startServer({ limits: UNLIMITED_RATES });
    const { client: quiet } = await TestClient.join(server);
    const { client: loud } = await TestClient.join(server);
    const order: string[] = [];
    quiet.socket.on('problem', () => order.push('quiet'));
    loud.socket.on('problem', () => order.push('loud'));
    // Each is answered with a problem. Handed on as they are read, 770 or more of the loud one's came first: they
    // are with the server before, in few reads.
    for (let n = 0; n < 2_000; n += 1) loud.socket.emit('nonsense', n);
    quiet.socket.emit('nonsense', 0);
    await expect.poll(() => order.length, { timeout: 10_000 }).toBe(2_001);
    expect(order.indexOf('quiet')).toBeLessThan(100);
  });
});
