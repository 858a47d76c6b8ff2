import { createHmac } from 'node:crypto';
import type { IceServer } from '@peerline/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { IceGrant } from '../ice-servers.ts';
import { TestClient } from '../testing/client.ts';
import { RecordingLog } from '../testing/recording-log.ts';
import { startServer } from '../testing/server.ts';
import { IceRenewal } from './ice-renewal.ts';

const SECRET = 'a secret that nobody is told';
const turn = {
  urls: ['turn:turn.example', 'turns:turn.example:443?transport=tcp'],
  secret: SECRET,
};

function only(servers: readonly IceServer[]): IceServer {
  const [server, ...others] = servers;
  if (server === undefined || others.length > 0) throw new Error(`${servers.length} servers`);
  return server;
}

describe('credentials that end', () => {
  it('ICE1 ICE2 come with the welcome, each member its own', async () => {
    const server = await startServer({ turn });
    const atMs = Date.now();
    const { welcome } = await TestClient.join(server);
    const { urls, username = '', credential } = only(welcome.iceServers);
    expect(urls).toEqual(turn.urls);
    expect(welcome.ttlMs).toBe(600_000);
    const lastsMs = Number(username.split(':')[0]) * 1_000 - atMs;
    expect(lastsMs).toBeGreaterThanOrEqual(600_000);
    expect(lastsMs).toBeLessThan(610_000);
    expect(credential).toBe(createHmac('sha1', SECRET).update(username).digest('base64'));
    const other = await TestClient.join(server);
    expect(only(other.welcome.iceServers).username).not.toBe(username);
  });

  it('ICE3 are renewed again and again before they end', async () => {
    const server = await startServer({ turn: { ...turn, ttlSeconds: 1 } });
    const { client, welcome } = await TestClient.join(server);
    let last = only(welcome.iceServers).username;
    for (let round = 0; round < 2; round += 1) {
      const { iceServers, ttlMs } = await client.expect('ice-servers');
      const { username = '' } = only(iceServers);
      expect(Number(last?.split(':')[0]) * 1_000).toBeGreaterThan(Date.now());
      expect(username).not.toBe(last);
      expect(ttlMs).toBe(1_000);
      last = username;
    }
  });

  it('ICE2 never tell the secret', async () => {
    const log = new RecordingLog();
    const server = await startServer({ turn: { ...turn, ttlSeconds: 1 }, log });
    const { client, welcome } = await TestClient.join(server);
    const update = await client.expect('ice-servers');
    expect(JSON.stringify([welcome, update, log.entries])).not.toContain(SECRET);
  });
});

describe('IceRenewal', () => {
  const grant: IceGrant = { iceServers: [], ttlMs: 10_000 };

  it('ICE3 renews at 80 % of the life, until it is stopped', () => {
    vi.useFakeTimers();
    try {
      const told: number[] = [];
      const renewal = new IceRenewal(
        () => grant,
        () => told.push(Date.now()),
      );
      const startMs = Date.now();
      renewal.start(grant.ttlMs);
      vi.advanceTimersByTime(20_000);
      expect(told.map((atMs) => atMs - startMs)).toEqual([8_000, 16_000]);
      renewal.stop();
      vi.advanceTimersByTime(60_000);
      expect(told).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ICE1 renews nothing that lasts for good', () => {
    vi.useFakeTimers();
    try {
      new IceRenewal(
        () => grant,
        () => undefined,
      ).start(undefined);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
