import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from './create-server.ts';
import { TestClient } from './testing/client.ts';
import { joinRequest, randomId } from './testing/identity.ts';
import { RawSocket } from './testing/raw-socket.ts';
import { RecordingLog } from './testing/recording-log.ts';
import { startServer } from './testing/server.ts';

describe('createServer', () => {
  it('listens on both loopback addresses for localhost, under one port', async () => {
    const server = await startServer({ host: 'localhost' });
    expect(server.url).toBe(`http://localhost:${server.port}`);
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${host}:${server.port}/healthz`)).status).toBe(200);
    }
  });

  it('says which option to change when the port is taken', async () => {
    const server = await startServer();
    const second = createServer({ host: '127.0.0.1', port: server.port, stunPort: 'off' });
    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('--port'),
    });
  });

  it('frees the TCP port when the UDP port is taken', async () => {
    // A number that is free on TCP as well, where other tests have their servers.
    const finder = createTcpServer().listen(0, '127.0.0.1');
    await once(finder, 'listening');
    const address = finder.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { port } = address;
    const udp = createSocket('udp4');
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    onTestFinished(() => {
      udp.close();
    });
    finder.close();
    await once(finder, 'close');
    await expect(createServer({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('--stun-port'),
    });
    const tcp = createTcpServer().listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    tcp.close();
  });

  it('refuses a host that this machine is not', async () => {
    await expect(createServer({ host: '192.0.2.99', port: 0 })).rejects.toMatchObject({
      code: 'host-unknown',
    });
  });

  it('JOIN4 names its STUN responder by the host that the client used', async () => {
    const server = await startServer({ host: 'localhost', stunPort: 'same' });
    const { welcome } = await TestClient.join(server);
    expect(welcome.iceServers).toEqual([{ urls: [`stun:localhost:${server.stunPort}`] }]);
    const odd = await TestClient.join(server, { headers: { Host: 'x y' } });
    expect(odd.welcome.iceServers).toEqual([]);
  });

  it('JOIN4 hands out the configured servers, and the public host', async () => {
    const turn = { url: 'turn:turn.example:3478', username: 'ann', credential: 'secret' };
    const server = await startServer({
      stunPort: 0,
      publicHost: 'call.example',
      stunUrls: ['stun:stun.example'],
      turnServers: [turn],
    });
    const { welcome } = await TestClient.join(server);
    expect(welcome.iceServers).toEqual([
      { urls: [`stun:call.example:${server.stunPort}`] },
      { urls: ['stun:stun.example'] },
      { urls: [turn.url], username: 'ann', credential: 'secret' },
    ]);
  });

  it('serves https and wss with a certificate of its own making', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'peerline-data-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const tls = { kind: 'self-made', dataDir } as const;
    const first = await startServer({ host: 'localhost', tls });
    expect(first.url).toBe(`https://localhost:${first.port}`);
    const certificate = await certificateOf(first.port);
    await first.close({ graceMs: 0 });
    const second = await startServer({ host: 'localhost', tls });
    expect(await certificateOf(second.port)).toBe(certificate);
  });

  it('refuses a certificate that is none', async () => {
    const tls = { kind: 'given', cert: 'x', key: 'y' } as const;
    await expect(createServer({ port: 0, tls })).rejects.toMatchObject({
      code: 'certificate-unreadable',
    });
  });
});

async function certificateOf(port: number): Promise<string> {
  const socket = connectTls({ host: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subjectaltname).toContain('DNS:localhost');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('close', () => {
  it('PROBLEM1 tells members shutting-down, and nobody that others have left', async () => {
    const server = await startServer();
    const room = randomId();
    const ann = await TestClient.join(server, { room });
    const bob = await TestClient.join(server, { room });
    await ann.client.expect('joined');
    await server.close();
    for (const { client } of [ann, bob]) {
      expect(await client.expect('problem')).toMatchObject({
        code: 'shutting-down',
        retryAfterMs: expect.any(Number),
      });
      // Not "io server disconnect", after which the stock client would not come back by itself.
      await expect(client.next()).rejects.toThrow(/transport close|already/);
    }
  });

  it('JOIN5 refuses those that come in between with shutting-down', async () => {
    const server = await startServer();
    const raw = await RawSocket.open(server);
    const closed = server.close({ graceMs: 5_000 });
    raw.send(`40${JSON.stringify(joinRequest())}`);
    expect(await raw.packet('44')).toContain('"code":"shutting-down"');
    await closed;
  });

  it('does not wait for those that do not go, and is done once', async () => {
    const log = new RecordingLog();
    const server = await startServer({ log });
    const raw = await RawSocket.open(server);
    raw.answersClose = false;
    raw.send(`40${JSON.stringify(joinRequest())}`);
    await raw.packet('42["welcome"');
    await Promise.all([server.close({ graceMs: 50 }), server.close()]);
    await raw.closed;
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(log.messagesAt('info')).toEqual([
      'server up',
      'peer joined',
      'peer left',
      'server down',
    ]);
  });

  it('leaves the port free for the next one', async () => {
    const first = await startServer({ stunPort: 'same' });
    await TestClient.join(first);
    await first.close();
    const second = await startServer({ port: first.port, stunPort: 'same' });
    expect(second.port).toBe(first.port);
    await TestClient.join(second);
  });
});

describe('log', () => {
  it('has one info line for each transition, with no id in full and no address', async () => {
    const log = new RecordingLog();
    const server = await startServer({ log });
    const identity = joinRequest();
    const first = await TestClient.join(server, identity);
    const { client } = await TestClient.join(server, identity);
    await first.client.closed();
    await TestClient.refused(server, { protocol: 1 });
    client.signal(randomId(), 'x');
    await client.expectProblem();
    client.socket.emit('leave', null);
    await client.closed();
    expect(log.messagesAt('info')).toEqual([
      'server up',
      'peer joined',
      'peer taken over',
      'peer refused',
      'peer left',
    ]);
    const text = JSON.stringify(log.entries);
    for (const secret of [identity.room, identity.peer, identity.secret, '127.0.0.1']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain(identity.peer.slice(0, 6));
  });
});
