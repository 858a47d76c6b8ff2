import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const DAYS = '2';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority of this process alone, made with the `openssl` program. */
class TestAuthority {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Its own certificate (PEM), for those who are to trust it. */
  get certificate(): string {
    return join(this.#dir, 'ca.pem');
  }

  get #key(): string {
    return join(this.#dir, 'ca.key');
  }

  async make(): Promise<void> {
    await run('openssl', [
      ...['req', '-x509', ...NEW_KEY, '-days', DAYS, '-subj', '/CN=Peerline tests'],
      ...['-keyout', this.#key, '-out', this.certificate],
    ]);
  }

  /**
   * Writes `cert.pem` and `key.pem` for a server of that name.
   *
   * @returns their paths
   */
  async issue(hostName: string, dir: string): Promise<{ cert: string; key: string }> {
    const [cert, key, request, extensions] = ['cert.pem', 'key.pem', 'request', 'extensions'].map(
      (name) => join(dir, name),
    ) as [string, string, string, string];
    await writeFile(extensions, `subjectAltName=DNS:${hostName}\nbasicConstraints=CA:FALSE\n`);
    await run('openssl', [
      ...['req', ...NEW_KEY, '-subj', `/CN=${hostName}`, '-keyout', key, '-out', request],
    ]);
    await run('openssl', [
      ...['x509', '-req', '-in', request, '-days', DAYS, '-extfile', extensions, '-out', cert],
      ...['-CA', this.certificate, '-CAkey', this.#key, '-CAcreateserial'],
    ]);
    return { cert, key };
  }

  /** Has a profile of Firefox trust it; the profile must not have been used yet. */
  async enterInto(profile: string): Promise<void> {
    const database = ['-d', `sql:${profile}`];
    await run('certutil', ['-N', ...database, '--empty-password']);
    const as = ['-n', 'Peerline tests', '-t', 'C,,', '-i', this.certificate];
    await run('certutil', ['-A', ...database, ...as]);
  }
}

let made: Promise<TestAuthority> | undefined;

/** Made when first asked for, and removed when the process ends. */
export function testAuthority(): Promise<TestAuthority> {
  made ??= makeAuthority();
  return made;
}

async function makeAuthority(): Promise<TestAuthority> {
  const dir = await mkdtemp(join(tmpdir(), 'peerline-authority-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const authority = new TestAuthority(dir);
  await authority.make();
  return authority;
}
