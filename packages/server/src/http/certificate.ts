import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM */
  readonly cert: string;
  /** PEM */
  readonly key: string;
}

export interface CertificateRequest {
  /** Where it is kept, so that the exception made in a browser lasts. */
  readonly dataDir: string;
  /** Names and addresses that it has to be good for. */
  readonly hosts: readonly string[];
  readonly now: Date;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Apple's platforms take no certificate that is valid for more than 398 days (825 for private ones). */
const VALID_DAYS = 397;

/** Renewed at a start this long before its end, since servers run for weeks. */
const RENEW_BEFORE_DAYS = 30;

/** Clocks of phones may be slow. */
const BACKDATED_DAYS = 1;

/** The self-made certificate: the kept one as long as it is good, else a new one. */
export async function selfMadeCertificate(request: CertificateRequest): Promise<Certificate> {
  const kept = await readKept(request.dataDir);
  if (kept !== undefined && isGood(kept, request)) return kept;
  const made = await make(request);
  await keep(request.dataDir, made);
  return made;
}

/** Whether it fits its key, covers every host, and lasts. */
function isGood({ cert, key }: Certificate, { hosts, now }: CertificateRequest): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const lastsUntilMs = Date.parse(certificate.validTo) - RENEW_BEFORE_DAYS * DAY_MS;
    if (now.getTime() > lastsUntilMs || now.getTime() < Date.parse(certificate.validFrom)) {
      return false;
    }
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return false;
    return hosts.every((host) =>
      isIP(host) === 0
        ? certificate.checkHost(host) !== undefined
        : certificate.checkIP(host) !== undefined,
    );
  } catch {
    // What cannot be read as a certificate or key is none, and is made anew.
    return false;
  }
}

async function make({ hosts, now }: CertificateRequest): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'Peerline on this network' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - BACKDATED_DAYS * DAY_MS),
    notAfterDate: new Date(now.getTime() + (VALID_DAYS - BACKDATED_DAYS) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) === 0 ? { type: 2 as const, value: host } : { type: 7 as const, ip: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

async function readKept(dataDir: string): Promise<Certificate | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(certPath(dataDir), 'utf8'),
      readFile(keyPath(dataDir), 'utf8'),
    ]);
    return { cert, key };
  } catch {
    return undefined;
  }
}

async function keep(dataDir: string, { cert, key }: Certificate): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await replace(keyPath(dataDir), key, 0o600);
  await replace(certPath(dataDir), cert, 0o644);
}

/** Written beside and renamed, so that a crash leaves no half of a file. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, text, { mode });
  await rename(draft, path);
}

function certPath(dataDir: string): string {
  return join(dataDir, 'certificate.pem');
}

function keyPath(dataDir: string): string {
  return join(dataDir, 'certificate-key.pem');
}
