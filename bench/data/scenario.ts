import { waitFor, type BrowserTab } from '../../e2e/rig/tab.ts';
import { libraryOf, startRelay, type Contestant as Library } from '../contestants/contestant.ts';
import { BenchLab } from '../contestants/lab.ts';
import type { Contestant, Measured, Scenario, Stage } from '../suite/scenario.ts';

const BYTES_PER_MB = 1_000_000;

/** The one stream, in pieces of what every browser takes as one message (RFC 8841 section 6). */
const STREAM_BYTES = 200 * BYTES_PER_MB;
const PIECE_BYTES = 256 * 1024;
/** Messages as applications send them, larger than most. */
const MESSAGES_BYTES = 40 * BYTES_PER_MB;
const MESSAGE_BYTES = 16 * 1024;

/** Congestion control and the browser's compilers are warm by then. */
const WARM_UP_BYTES = 10 * BYTES_PER_MB;

const ARRIVE_MAX_MS = 120_000;

interface Entry extends Contestant {
  readonly page: URL;
  readonly startServer: Library['startServer'];
}

function entry(id: Library['id'], page: string): Entry {
  return { ...libraryOf(id), page: new URL(`../page/${page}.ts`, import.meta.url) };
}

const ENTRIES: readonly Entry[] = [
  entry('peerline', 'bulk-peerline'),
  {
    id: 'bare',
    title: 'bare RTCDataChannel',
    packages: ['socket.io', 'socket.io-client'],
    page: new URL('../page/bulk-bare.ts', import.meta.url),
    startServer: (host) => startRelay(host, 'relay.mjs'),
  },
  entry('peerjs', 'bulk-peerjs'),
  entry('simple-peer', 'bulk-simple-peer'),
];

export const DATA: Scenario = {
  id: 'data',
  title: 'Bytes from page to page',
  method: `Two Chromium on one host of a network made for it, so that bytes go over its loopback at the speed of the
processors. Ben sends random bytes to Ann as fast as the library lets him, which each says in its own way:
\`peer.send\` that is awaited, \`write\` and \`drain\` of simple-peer, \`bufferSize\` of PeerJS, \`bufferedAmount\` of the
bare channel. Stream: ${STREAM_BYTES / BYTES_PER_MB} MB, handed over in pieces of ${PIECE_BYTES / 1024} KiB. Messages: ${MESSAGES_BYTES / BYTES_PER_MB} MB in messages of
${MESSAGE_BYTES / 1024} KiB. Time runs from the first piece that is handed over to the last that arrives, behind ${WARM_UP_BYTES / BYTES_PER_MB} MB that do
not count. Peerline has no transfer of its own yet: its stream is messages as well.`,
  contestants: ENTRIES,
  metrics: [
    { id: 'stream', what: 'one stream', unit: 'MB/s', better: 'more' },
    { id: 'messages', what: 'messages', unit: 'MB/s', better: 'more' },
  ],
  aims: [
    {
      metric: 'stream',
      contestant: 'peerline',
      over: 'peerjs',
      is: 'at least',
      bound: 1.2,
    },
    {
      metric: 'stream',
      contestant: 'peerline',
      over: 'simple-peer',
      is: 'at least',
      bound: 1.2,
    },
    { metric: 'stream', contestant: 'peerline', over: 'bare', is: 'at least', bound: 0.95 },
  ],
  runs: 5,
  needs: 'programs',
  open: openStage,
};

async function openStage(): Promise<Stage> {
  const lab = await BenchLab.setUp({
    pages: Object.fromEntries(ENTRIES.map(({ id, page }) => [id, page])),
    hosts: ['desk'],
    link: {},
  });
  return { measure: (contestant) => carry(lab, contestant), close: () => lab.close() };
}

async function carry(lab: BenchLab, contestant: string): Promise<Measured> {
  const chosen = ENTRIES.find(({ id }) => id === contestant);
  if (chosen === undefined) throw new Error(`there is no ${contestant}`);
  const server = await chosen.startServer(lab.host('desk'), lab.siteDir);
  const pages = [];
  try {
    for (const participant of [1, 2]) {
      pages.push(await lab.open('desk', chosen.id, { participant }));
    }
    const [ann, ben] = pages.map(({ tab }) => tab);
    if (ann === undefined || ben === undefined) throw new Error('a page is missing');
    for (const tab of [ann, ben]) await waitFor(tab, 'the page', () => window.bulk !== undefined);
    const room = await ann.evaluate(() => window.bulk.newRoom());
    // Nobody waits for Ann, who resolves when Ben is there.
    await ann.evaluate(
      (input) => {
        window.bulk.connect(input).catch((error: unknown) => reportError(error));
      },
      { server: server.url, room, name: 'ann' as const },
    );
    // PeerJS fails at once where the one who is called is not there yet.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await ben.evaluate((input) => window.bulk.connect(input), {
      server: server.url,
      room,
      name: 'ben' as const,
    });
    await speedOf(ann, ben, WARM_UP_BYTES, PIECE_BYTES);
    return {
      values: {
        stream: await speedOf(ann, ben, STREAM_BYTES, PIECE_BYTES),
        messages: await speedOf(ann, ben, MESSAGES_BYTES, MESSAGE_BYTES),
      },
    };
  } finally {
    await Promise.allSettled(pages.map((page) => page.close()));
    await server.kill();
  }
}

/** @returns MB/s */
async function speedOf(
  ann: BrowserTab,
  ben: BrowserTab,
  atLeastBytes: number,
  messageBytes: number,
): Promise<number> {
  const total = Math.ceil(atLeastBytes / messageBytes) * messageBytes;
  await ann.evaluate(() => {
    window.bulk.received(true);
  });
  const beganAtMs = await ben.evaluate(
    ({ totalBytes, messageBytes: each }) => window.bulk.send(totalBytes, each),
    { totalBytes: total, messageBytes },
  );
  const lastAtMs = await waitFor(
    ann,
    `${total} bytes`,
    (wanted: number) => {
      const { bytes, lastAtMs: last } = window.bulk.received(false);
      return bytes >= wanted ? last : undefined;
    },
    total,
    ARRIVE_MAX_MS,
  );
  return total / BYTES_PER_MB / ((lastAtMs - beganAtMs) / 1_000);
}
