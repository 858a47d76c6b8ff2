import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selfMadeCertificate } from './certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW = new Date('2026-06-01T12:00:00Z');
const HOSTS = ['localhost', 'box.local', '127.0.0.1', '::1', '192.0.2.5'];

async function dataDir(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'peerline-certificate-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  return join(parent, 'data');
}

function inDays(days: number): Date {
  return new Date(NOW.getTime() + days * DAY_MS);
}

describe('selfMadeCertificate', () => {
  it('covers every name and address, for at most 398 days', async () => {
    const { cert } = await selfMadeCertificate({
      dataDir: await dataDir(),
      hosts: HOSTS,
      now: NOW,
    });
    const certificate = new X509Certificate(cert);
    for (const name of ['localhost', 'box.local']) expect(certificate.checkHost(name)).toBe(name);
    for (const ip of ['127.0.0.1', '::1', '192.0.2.5']) expect(certificate.checkIP(ip)).toBe(ip);
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / DAY_MS;
    expect(days).toBeLessThanOrEqual(398);
  });

  it('is kept, with a key that only its owner reads', async () => {
    const request = { dataDir: await dataDir(), hosts: HOSTS, now: NOW };
    const first = await selfMadeCertificate(request);
    expect(await selfMadeCertificate({ ...request, now: inDays(300) })).toEqual(first);
    const { mode } = await stat(join(request.dataDir, 'certificate-key.pem'));
    expect(mode & 0o077).toBe(0);
  });

  it('stays when an address has gone', async () => {
    const request = { dataDir: await dataDir(), hosts: HOSTS, now: NOW };
    const first = await selfMadeCertificate(request);
    expect(await selfMadeCertificate({ ...request, hosts: HOSTS.slice(0, 3) })).toEqual(first);
  });

  it.each([
    ['a new address has come', { hosts: [...HOSTS, '192.0.2.6'] }],
    ['a new name has come', { hosts: [...HOSTS, 'other.local'] }],
    ['it is about to expire', { now: inDays(370) }],
    ['it has expired', { now: inDays(500) }],
  ])('is made anew when %s', async (_, change) => {
    const request = { dataDir: await dataDir(), hosts: HOSTS, now: NOW };
    const first = await selfMadeCertificate(request);
    const second = await selfMadeCertificate({ ...request, ...change });
    expect(second.cert).not.toBe(first.cert);
    expect(await readFile(join(request.dataDir, 'certificate.pem'), 'utf8')).toBe(second.cert);
  });

  it.each(['certificate.pem', 'certificate-key.pem'])(
    'is made anew when %s is damaged',
    async (file) => {
      const request = { dataDir: await dataDir(), hosts: HOSTS, now: NOW };
      const first = await selfMadeCertificate(request);
      await writeFile(join(request.dataDir, file), 'garbage');
      expect((await selfMadeCertificate(request)).cert).not.toBe(first.cert);
    },
  );

  it('is made anew when key and certificate are of two makings', async () => {
    const request = { dataDir: await dataDir(), hosts: HOSTS, now: NOW };
    const other = await selfMadeCertificate({ ...request, dataDir: await dataDir() });
    const first = await selfMadeCertificate(request);
    await writeFile(join(request.dataDir, 'certificate-key.pem'), other.key);
    expect((await selfMadeCertificate(request)).cert).not.toBe(first.cert);
  });
});
