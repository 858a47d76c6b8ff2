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

/** Of 160 × 120, which is what a tile has: cameras give more than is shown. */
const CAMERA_SCALE = 4;
const FRAMES_PER_SECOND = 20;

/** Until bit rates have risen and limits have settled. */
const SETTLE_MS = 12_000;
const WATCH_MS = 10_000;
const CONNECT_MAX_MS = 60_000;

const PAGE = new URL('../page/mesh.ts', import.meta.url);

export const MESH: Scenario = {
  id: 'mesh',
  title: 'A call of several, everyone sending to everyone',
  method: `Participants are tabs of one headless Chromium on this machine, over loopback, with a server beside them. Each has
a fake camera (a drawn picture of 640 × 480, ${FRAMES_PER_SECOND} frames a second), and shows the others in tiles of 160 × 120. No microphone
is open: sound costs the same with and without, and on two cores leaves nothing to compare in a call of six. From ${SETTLE_MS / 1_000} s behind the moment at which all see all, ${WATCH_MS / 1_000} s are measured: processor time of the browser's
processes, all of them, shared out among participants (100 % is one core); what a participant sends, by the transports'
own count; frames of each picture that arrives. Where the processors are not enough for all, fewer frames arrive, and
the processor time says less; "processor for full pictures" is that time by the share of ${FRAMES_PER_SECOND} frames that arrived.
"Adaptation off" is \`joinRoom({ adapt: false })\`.`,
  contestants: [
    { id: 'on', title: 'adaptation on', packages: ['peerline', '@peerline/server'] },
    { id: 'off', title: 'adaptation off', packages: ['peerline', '@peerline/server'] },
  ],
  metrics: SIZES.flatMap((size): readonly Metric[] => [
    { id: `cpu-${size}`, what: `${size}: processor, each`, unit: '%', better: 'less' },
    { id: `uplink-${size}`, what: `${size}: uplink, each`, unit: 'Mbit/s', better: 'less' },
    {
      id: `work-${size}`,
      what: `${size}: processor for full pictures, each`,
      unit: '%',
      better: 'less',
    },
    { id: `fps-${size}`, what: `${size}: frames of each picture`, unit: 'fps', better: 'more' },
    { id: `slowest-${size}`, what: `${size}: frames of the slowest`, unit: 'fps', better: 'more' },
  ]),
  aims: [
    { metric: 'work-6', contestant: 'on', over: 'off', is: 'at most', bound: 0.5 },
    { metric: 'uplink-6', contestant: 'on', over: 'off', is: 'at most', bound: 0.5 },
    { metric: 'slowest-6', contestant: 'on', is: 'at least', bound: 15 },
  ],
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
      const tab = await driver.newTab({
        participant,
        pictureScale: CAMERA_SCALE,
        framesPerSecond: FRAMES_PER_SECOND,
      });
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
        async (others: number) => (await window.mesh.counts()).frames.length === others,
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
    const rates = ratesOf(before, after, seconds);
    const fps = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const cpu = ((after.cpuSeconds - before.cpuSeconds) / seconds / size) * 100;
    return {
      [`cpu-${size}`]: cpu,
      [`work-${size}`]: (cpu * FRAMES_PER_SECOND) / fps,
      [`uplink-${size}`]: ((after.sentBytes - before.sentBytes) * 8) / 1e6 / seconds / size,
      [`fps-${size}`]: fps,
      [`slowest-${size}`]: Math.min(...rates),
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
    frames: counts.map(({ frames }) => frames),
  };
}

type Look = Awaited<ReturnType<typeof look>>;

/** Frames a second of each picture that anyone sees. */
function ratesOf(before: Look, after: Look, seconds: number): readonly number[] {
  return after.frames.flatMap((frames, participant) =>
    frames.map((shown, picture) => {
      const earlier = before.frames[participant]?.[picture] ?? 0;
      return (shown - earlier) / seconds;
    }),
  );
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
