import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChromiumDriver } from '../../e2e/rig/chromium.ts';
import { bundlePage } from '../../e2e/rig/init-script.ts';
import { ServerProcess } from '../../e2e/rig/server.ts';
import { waitFor, type BrowserTab } from '../../e2e/rig/tab.ts';
import type { Measured, Metric, Scenario, Stage, Values } from '../suite/scenario.ts';
import { cpuSecondsOf } from '../suite/cpu.ts';

/** A browser of tabs that all encode for all others; two cores bear no more than the last. */
const SIZES = [2, 4, 6, 8];

/** Until bit rates have risen and limits have settled. */
const SETTLE_MS = 12_000;
const WATCH_MS = 10_000;
const CONNECT_MAX_MS = 60_000;

const PAGE = new URL('../page/mesh.ts', import.meta.url);

export const MESH: Scenario = {
  id: 'mesh',
  title: 'A call of several, everyone sending to everyone',
  method: `Participants are tabs of one headless Chromium on this machine, over loopback, with a server beside them. Each has
a fake camera (a small drawn picture, 15 frames a second) and a microphone, and shows the others in tiles of
160 × 120. From ${SETTLE_MS / 1_000} s behind the moment at which all see all, ${WATCH_MS / 1_000} s are measured: processor time of the browser's
processes, all of them, shared out among participants (100 % is one core); what a participant sends, by the transports'
own count; frames of each picture that arrives. Where the processors are not enough for all, fewer frames arrive,
and the processor time says less. "Adaptation off" is \`joinRoom({ adapt: false })\`. The camera is as small as
its tile, so that what adaptation does for large cameras does not show here.`,
  contestants: [
    { id: 'on', title: 'adaptation on', packages: ['peerline', '@peerline/server'] },
    { id: 'off', title: 'adaptation off', packages: ['peerline', '@peerline/server'] },
  ],
  metrics: SIZES.flatMap((size): readonly Metric[] => [
    { id: `cpu-${size}`, what: `${size}: processor, each`, unit: '%', better: 'less' },
    { id: `uplink-${size}`, what: `${size}: uplink, each`, unit: 'Mbit/s', better: 'less' },
    { id: `fps-${size}`, what: `${size}: frames of each picture`, unit: 'fps', better: 'more' },
  ]),
  aims: [],
  runs: 3,
  needs: 'programs',
  open: openStage,
};

async function openStage(): Promise<Stage> {
  const site = await mkdtemp(join(tmpdir(), 'peerline-mesh-'));
  await writeFile(join(site, 'mesh.js'), await bundlePage(PAGE, 'esm'));
  await writeFile(
    join(site, 'index.html'),
    '<!doctype html><title>mesh</title><script type="module" src="mesh.js"></script>',
  );
  const server = await ServerProcess.start(site);
  return {
    measure: async (contestant): Promise<Measured> => {
      let values: Values = {};
      for (const size of SIZES) {
        values = { ...values, ...(await callOf(size, server.url, contestant === 'on')) };
      }
      return { values };
    },
    close: async () => {
      await server.kill();
      await rm(site, { recursive: true, force: true });
    },
  };
}

async function callOf(size: number, url: string, adapt: boolean): Promise<Values> {
  const driver = await ChromiumDriver.launch();
  try {
    const tabs: BrowserTab[] = [];
    let room: string | undefined;
    for (let participant = 1; participant <= size; participant += 1) {
      const tab = await driver.newTab({ participant });
      await tab.open(url);
      await waitFor(tab, 'the page', () => window.mesh !== undefined);
      room ??= await tab.evaluate(() => window.mesh.newRoom());
      await tab.evaluate((input) => window.mesh.join(input), { server: url, room, adapt });
      tabs.push(tab);
    }
    for (const tab of tabs) {
      await waitFor(
        tab,
        `the pictures of ${size - 1} others`,
        async (others: number) => (await window.mesh.counts()).pictures === others,
        size - 1,
        CONNECT_MAX_MS,
      );
    }
    await wait(SETTLE_MS);
    const { browser } = await driver.processes();
    const before = await look(browser, tabs);
    await wait(WATCH_MS);
    const after = await look(browser, tabs);
    const seconds = (after.atMs - before.atMs) / 1_000;
    const pictures = size * (size - 1);
    return {
      [`cpu-${size}`]: ((after.cpuSeconds - before.cpuSeconds) / seconds / size) * 100,
      [`uplink-${size}`]: ((after.sentBytes - before.sentBytes) * 8) / 1e6 / seconds / size,
      [`fps-${size}`]: (after.frames - before.frames) / seconds / pictures,
    };
  } finally {
    await driver.close();
  }
}

async function look(browser: number, tabs: readonly BrowserTab[]) {
  const counts = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.mesh.counts())));
  return {
    atMs: performance.now(),
    cpuSeconds: await cpuSecondsOf(browser),
    sentBytes: counts.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
    frames: counts.reduce((sum, { frames }) => sum + frames, 0),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
