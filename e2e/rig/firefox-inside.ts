import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Browser, createProfile } from '@puppeteer/browsers';
import { connect } from 'puppeteer-core';
import { findExecutable } from './executables.ts';
import type { FirefoxPreferences, RunningFirefox } from './firefox.ts';
import { testAuthority } from './test-authority.ts';
import { endProcess, openWayOut, type InnerMachine } from './way-out.ts';

/** Firefox says so on standard error. */
const LISTENING = /WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/;

/** It ends by itself within a second once told to. */
const END_MAX_MS = 5_000;

/** Starts Firefox in a namespace, where its port for drivers would be out of reach. */
export async function launchFirefoxInside(
  machine: InnerMachine,
  preferences: FirefoxPreferences,
): Promise<RunningFirefox> {
  const profile = await mkdtemp(join(tmpdir(), 'peerline-firefox-'));
  await createProfile(Browser.FIREFOX, {
    path: profile,
    // As puppeteer's own launch has it, without which it finds no frame to click in.
    preferences: { ...preferences, 'fission.webContentIsolationStrategy': 0 },
  });
  // For `turns:`; see docs/decisions/0015-turn-over-tls.md.
  await (await testAuthority()).enterInto(profile);
  const child = machine.spawn(
    findExecutable('firefox'),
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const { stderr } = child;
  if (stderr === null) throw new Error('Firefox has no output');
  const said: string[] = [];
  const innerPort = await new Promise<number>((resolve, reject) => {
    createInterface({ input: stderr }).on('line', (line) => {
      said.push(line);
      const port = LISTENING.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error(`Firefox ended at once:\n${said.join('\n')}`)));
    child.once('error', reject);
  });
  const wayOut = await openWayOut(machine, innerPort);
  const browser = await connect({
    browserWSEndpoint: `ws://127.0.0.1:${wayOut.port}/session`,
    protocol: 'webDriverBiDi',
    // Firefox answers under the name and port alone that it listens at.
    headers: { Host: `127.0.0.1:${innerPort}` },
  });
  return {
    browser,
    close: async () => {
      const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MAX_MS);
      // One that was killed has no ear for it.
      await browser.close().catch(() => undefined);
      await ended;
      clearTimeout(timer);
      await endProcess(child);
      await wayOut.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
