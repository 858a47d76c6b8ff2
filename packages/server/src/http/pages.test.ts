import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from '../testing/client.ts';
import { startServer } from '../testing/server.ts';
import { selfMadeCertificate } from './certificate.ts';

async function appDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'peerline-app-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'app', 'assets'), { recursive: true });
  await writeFile(join(dir, 'secret.txt'), 'outside');
  await writeFile(join(dir, 'app', 'index.html'), '<!doctype html><title>App</title>');
  await writeFile(join(dir, 'app', '.hidden'), 'hidden');
  await writeFile(join(dir, 'app', 'empty.txt'), '');
  await writeFile(join(dir, 'app', 'assets', 'main-abc123.js'), SCRIPT);
  await writeFile(join(dir, 'app', 'assets', 'main-abc123.js.br'), brotliCompressSync(SCRIPT));
  return join(dir, 'app');
}

const SCRIPT = 'export const answer = 42;\n'.repeat(100);

/** A request whose path goes out as it stands; `fetch` would tidy it up. */
async function rawStatus(server: PeerlineServer, path: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path };
    httpRequest(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

/** @returns `Strict-Transport-Security`, whatever the certificate */
async function strictTransport(server: PeerlineServer): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    httpsRequest(`${server.url}/healthz`, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.headers['strict-transport-security']);
    })
      .once('error', reject)
      .end();
  });
}

describe('pages', () => {
  it('serves the app: pages asked for again each time, hashed assets kept for ever', async () => {
    const server = await startServer({ staticDir: await appDir() });
    const home = await fetch(server.url);
    expect(home.status).toBe(200);
    expect(home.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(home.headers.get('cache-control')).toBe('no-cache');
    expect(await home.text()).toContain('<title>App</title>');
    const asset = await fetch(`${server.url}/assets/main-abc123.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await asset.text()).toBe(SCRIPT);
    expect(await (await fetch(`${server.url}/empty.txt`)).text()).toBe('');
  });

  it('answers 304 to who has it already', async () => {
    const server = await startServer({ staticDir: await appDir() });
    const etag = (await fetch(server.url)).headers.get('etag') ?? '';
    const again = await fetch(server.url, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(again.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('sends the precompressed file to who takes it, unless it is older than the original', async () => {
    const dir = await appDir();
    const server = await startServer({ staticDir: dir });
    const url = `${server.url}/assets/main-abc123.js`;
    const packed = await fetch(url, { headers: { 'Accept-Encoding': 'br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(await packed.text()).toBe(SCRIPT);
    const plain = await fetch(url, { headers: { 'Accept-Encoding': 'br;q=0, identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    await utimes(join(dir, 'assets', 'main-abc123.js.br'), 1, 1);
    const stale = await fetch(url, { headers: { 'Accept-Encoding': 'br' } });
    expect(stale.headers.get('content-encoding')).toBeNull();
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/.hidden',
    '/%00',
    '/%',
    '/assets',
    '/nothing.js',
    '//secret.txt',
  ])('PROBLEM2 finds nothing at %s', async (path) => {
    const server = await startServer({ staticDir: await appDir() });
    expect(await rawStatus(server, path)).toBe(404);
    expect((await fetch(server.url)).status).toBe(200);
  });

  it('PROBLEM2 survives odd ranges and a directory that vanishes', async () => {
    const dir = await appDir();
    const server = await startServer({ staticDir: dir });
    const ranged = await fetch(server.url, { headers: { Range: 'bytes=10-5' } });
    expect(ranged.status).toBe(200);
    await rm(dir, { recursive: true });
    expect((await fetch(`${server.url}/assets/main-abc123.js`)).status).toBe(404);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('permits the page what a call needs, and nothing else', async () => {
    const server = await startServer({ staticDir: await appDir() });
    const { headers } = await fetch(server.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(
      `connect-src 'self' ws://127.0.0.1:${server.port} wss://127.0.0.1:${server.port};`,
    );
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).toContain("img-src 'self' data: blob:");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('strict-transport-security')).toBeNull();
    for (const feature of ['camera', 'microphone', 'display-capture']) {
      expect(headers.get('permissions-policy')).toContain(`${feature}=(self)`);
    }
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('puts no made-up host into the policy', async () => {
    const server = await startServer();
    const headers = await new Promise((resolve, reject) => {
      httpRequest(
        { host: '127.0.0.1', port: server.port, headers: { Host: 'x; script-src *' } },
        (response) => {
          response.resume();
          resolve(response.headers['content-security-policy']);
        },
      )
        .once('error', reject)
        .end();
    });
    expect(headers).toContain("connect-src 'self';");
    expect(headers).not.toContain('*');
  });

  it('says what to do where there is no app', async () => {
    const server = await startServer();
    const home = await fetch(server.url);
    expect(home.status).toBe(200);
    expect(home.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await home.text()).toContain('--static apps/call/dist');
    expect((await fetch(`${server.url}/x`)).status).toBe(404);
  });

  it('answers GET and HEAD only', async () => {
    const server = await startServer({ staticDir: await appDir() });
    const posted = await fetch(server.url, { method: 'POST', body: 'x' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
    const head = await fetch(server.url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });

  it('tells its health', async () => {
    const server = await startServer();
    await TestClient.join(server);
    const health = await fetch(`${server.url}/healthz`);
    expect(health.status).toBe(200);
    expect(health.headers.get('cache-control')).toBe('no-store');
    expect(await health.json()).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      protocol: [1],
      uptimeSeconds: expect.any(Number),
      rooms: 1,
      peers: 1,
      connections: 1,
    });
  });

  it('asks browsers to stay with https only where they trust the certificate', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'peerline-cert-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const { cert, key } = await selfMadeCertificate({
      ...{ dataDir, hosts: ['localhost'], now: new Date() },
    });
    const given = await startServer({ tls: { kind: 'given', cert, key } });
    expect(await strictTransport(given)).toBe('max-age=31536000');
    const selfMade = await startServer({ tls: { kind: 'self-made', dataDir } });
    expect(await strictTransport(selfMade)).toBeUndefined();
  });
});
