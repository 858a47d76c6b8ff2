import { mkdir } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PeerlineServer } from '@peerline/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createNetlab, isNetlabSkipped, type Netlab } from './netlab/netlab.ts';
import { findBarriers, joinFromLobby, newCall, openHome } from './rig/app.ts';
import { ChromiumDriver } from './rig/chromium.ts';
import { findExecutable } from './rig/executables.ts';
import { Party } from './rig/party.ts';
import { APP_DIR, ServerProcess, startServer } from './rig/server.ts';
import { waitFor, type BrowserName, type BrowserTab } from './rig/tab.ts';

const OUTPUT = fileURLToPath(new URL('output', import.meta.url));

const NO_RELAY =
  'This server has no relay (TURN): people on other networks may not be able to connect.';

async function expectNoBarriers(tab: BrowserTab, place: string): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await tab.screenshot(joinPath(OUTPUT, `${place}.png`));
  expect({ place, barriers: await findBarriers(tab) }).toEqual({ place, barriers: [] });
}

describe('the lobby’s connection check', () => {
  const party = new Party();
  let server: PeerlineServer;

  beforeAll(async () => {
    server = await startServer(APP_DIR);
  });
  afterEach(() => party.closeTabs());
  afterAll(async () => {
    await party.close();
    await server?.close();
  });

  test.each<BrowserName>(['chromium', 'firefox'])(
    'in %s says that there is no relay, and the rest on demand',
    async (browser) => {
      const tab = await party.newTab(browser, { participant: 1 });
      await openHome(tab, server.url);
      await newCall(tab);
      await saysInStatus(tab, NO_RELAY);
      await tab.click('button', 'Details');
      await waitFor(tab, 'the details', () =>
        [...document.querySelectorAll('.findings li')].some((line) =>
          line.textContent.startsWith('The server answers within'),
        ),
      );
      await expectNoBarriers(tab, `lobby-check-${browser}`);
      await tab.click('button', 'Check again');
      await saysInStatus(tab, NO_RELAY);
      await joinFromLobby(tab, 'Ann');
      expect(tab.problems).toEqual([]);
    },
  );

  test('says that the server is gone, and finds it again', async () => {
    const own = await ServerProcess.start(APP_DIR);
    try {
      const tab = await party.newTab('chromium', { participant: 1 });
      await openHome(tab, own.url);
      await newCall(tab);
      await saysInStatus(tab, NO_RELAY);
      await tab.click('button', 'Details');
      await own.kill();
      await tab.click('button', 'Check again');
      await saysInStatus(tab, 'The server can’t be reached. Check your connection.');
      await own.start();
      await tab.click('button', 'Check again');
      await saysInStatus(tab, NO_RELAY);
    } finally {
      await own.kill();
    }
  });
});

describe.skipIf(isNetlabSkipped())('a tile of someone who cannot be reached', () => {
  let lab: Netlab;
  let server: ServerProcess;
  const parties: Party[] = [];

  beforeAll(async () => {
    lab = await createNetlab();
    server = await ServerProcess.start(APP_DIR, await lab.host('server'));
  });
  afterAll(async () => {
    await Promise.all(parties.map((party) => party.close()));
    await lab?.close();
  });

  test('says why, and opens the details', async () => {
    const ann = await openBehindNat('ann', 1);
    await openHome(ann, server.url);
    const link = await newCall(ann);
    await joinFromLobby(ann, 'Ann');
    const ben = await openBehindNat('ben', 2);
    await ben.open(link);
    await joinFromLobby(ben, 'Ben');

    await waitFor(ann, 'the reason on the tile', () =>
      document
        .querySelector('[role="group"][aria-label="Ben"]')
        ?.textContent.includes('need a relay (TURN), and none works here.'),
    );
    await expectNoBarriers(ann, 'call-unreachable');
    await ann.click('button', 'What’s wrong?');
    await ann.see('complementary', 'Connection');
    await waitFor(ann, 'what to do', () =>
      [...document.querySelectorAll('.findings li')].some((line) =>
        line.textContent.includes('Start it with --turn-url.'),
      ),
    );
    await expectNoBarriers(ann, 'call-unreachable-details');
  });

  async function openBehindNat(name: string, participant: number): Promise<BrowserTab> {
    const behind = await lab.router(`${name}nat`, { nat: 'symmetric' });
    const host = await lab.host(name, { behind });
    const executablePath = await host.wrap(findExecutable('chromium'));
    const args = [`--unsafely-treat-insecure-origin-as-secure=${server.url}`];
    const party = new Party(() => ChromiumDriver.launch({ executablePath, args }));
    parties.push(party);
    return await party.newTab('chromium', { participant });
  }
});

async function saysInStatus(tab: BrowserTab, text: string): Promise<void> {
  await waitFor(
    tab,
    `"${text}"`,
    (wanted: string) =>
      [...document.querySelectorAll('[role="status"]')].some((line) =>
        line.textContent.includes(wanted),
      ),
    text,
  );
}
