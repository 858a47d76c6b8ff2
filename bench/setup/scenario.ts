import { waitFor } from '../../e2e/rig/tab.ts';
import { libraryOf, startRelay, type Contestant as Library } from '../contestants/contestant.ts';
import { BenchLab } from '../contestants/lab.ts';
import type { JoinInput } from '../page/bench.ts';
import type { Contestant, Measured, Scenario, Stage, Values } from '../suite/scenario.ts';

/** On every link, each way: 200 ms there and back between every two hosts. */
const ONE_WAY_MS = 50;
const RTT_MS = 4 * ONE_WAY_MS;

/** What has not come by then is said to never come. */
const NEVER_MS = 30_000;
/** The precision of echoes, in milliseconds: a twentieth of an RTT. */
const PING_EVERY_MS = 10;
/** What goes to the server so soon behind the first echo still belongs to setting up. */
const SETTLED_MS = 2_000;
const AFTERWARDS_MS = 5_000;
/** For what a lobby begins and does not await, such as candidates gathered ahead. */
const LOBBY_MS = 2_000;

interface Entry extends Contestant {
  readonly page: URL;
  readonly startServer: Library['startServer'];
  readonly transports?: JoinInput['transports'];
  /** What a text begins with that the server passes on to the other. */
  readonly relayed: RegExp;
}

const SOCKET_IO_SIGNAL = /^42\d*\["signal"/;

const ENTRIES: readonly Entry[] = [
  { ...libraryOf('peerline'), relayed: SOCKET_IO_SIGNAL },
  { ...libraryOf('peerjs'), relayed: /^\{"type":"(?:OFFER|ANSWER|CANDIDATE)"/ },
  {
    ...libraryOf('simple-peer'),
    title: 'simple-peer + Socket.IO',
    relayed: SOCKET_IO_SIGNAL,
  },
  {
    ...libraryOf('simple-peer'),
    id: 'simple-peer-websocket',
    title: 'the same, WebSocket only',
    transports: ['websocket'],
    relayed: SOCKET_IO_SIGNAL,
  },
  {
    id: 'trystero',
    title: 'Trystero + Nostr relay',
    packages: ['trystero', 'ws'],
    page: new URL('../page/trystero.ts', import.meta.url),
    startServer: (host) => startRelay(host, 'nostr-relay.mjs'),
    relayed: /^\["EVENT"/,
  },
];

export const SETUP: Scenario = {
  id: 'setup',
  title: 'From the click to the call, in round trips',
  method: `Two Chromium, the server and the host of the pages are ${RTT_MS} ms apart, every two of them (${ONE_WAY_MS} ms on each
link and way), over plain HTTP. Ann is in the room; Ben clicks. Measured at Ben: until the first frame of Ann's
camera is painted, and until a message that Ann answers is answered. "Page just loaded": nothing is connected and no
device is open. "From the lobby": all is done that the library lets one do ahead without anyone learning of it, which is
to open devices and to connect to the server (for Trystero by joining another room). "From a visit": Peerline's lobby may
connect to those inside as well, who show nobody; the others know nothing of that kind. "Through the server": texts that the two sent and the
server passed on, from the click until ${SETTLED_MS / 1_000} s behind the first echo, and in ${AFTERWARDS_MS / 1_000} s from then; for
Trystero announcements count as well.`,
  contestants: ENTRIES,
  metrics: [
    { id: 'cold-frame', what: 'first frame, page just loaded', unit: 'RTT', better: 'less' },
    { id: 'cold-echo', what: 'first echo, page just loaded', unit: 'RTT', better: 'less' },
    { id: 'warm-frame', what: 'first frame, from the lobby', unit: 'RTT', better: 'less' },
    { id: 'warm-echo', what: 'first echo, from the lobby', unit: 'RTT', better: 'less' },
    { id: 'instant-frame', what: 'first frame, from a visit', unit: 'RTT', better: 'less' },
    { id: 'instant-echo', what: 'first echo, from a visit', unit: 'RTT', better: 'less' },
    { id: 'relayed', what: 'through the server to set up', unit: 'count', better: 'less' },
    { id: 'relayed-after', what: 'through the server afterwards', unit: 'count', better: 'less' },
  ],
  aims: [
    { metric: 'cold-frame', contestant: 'peerline', is: 'at most', bound: 6.8 },
    { metric: 'warm-frame', contestant: 'peerline', is: 'at most', bound: 4.7 },
    { metric: 'instant-frame', contestant: 'peerline', is: 'at most', bound: 1.8 },
    { metric: 'relayed', contestant: 'peerline', is: 'at most', bound: 6 },
    { metric: 'relayed-after', contestant: 'peerline', is: 'at most', bound: 0 },
  ],
  runs: 5,
  needs: 'programs',
  open: openStage,
};

async function openStage(): Promise<Stage> {
  const lab = await BenchLab.setUp({
    pages: Object.fromEntries(ENTRIES.map(({ id, page }) => [id, page])),
    hosts: ['server', 'ann', 'ben'],
    link: { delayMs: ONE_WAY_MS },
  });
  return { measure: (contestant) => setUpTwice(lab, contestant), close: () => lab.close() };
}

async function setUpTwice(lab: BenchLab, contestant: string): Promise<Measured> {
  const entry = ENTRIES.find(({ id }) => id === contestant);
  if (entry === undefined) throw new Error(`there is no ${contestant}`);
  const cold = await setUp(lab, entry, 'cold');
  const warm = await setUp(lab, entry, 'server');
  const instant = entry.id === 'peerline' ? await setUp(lab, entry, 'peers') : undefined;
  const values: Values = {
    'cold-frame': cold.frame,
    'cold-echo': cold.echo,
    'warm-frame': warm.frame,
    'warm-echo': warm.echo,
    ...(instant && { 'instant-frame': instant.frame, 'instant-echo': instant.echo }),
    relayed: cold.relayed.length,
    'relayed-after': cold.relayedAfter.length,
  };
  const sizes = [...cold.relayed, ...cold.relayedAfter].join(', ');
  return { values, note: `characters of the texts through the server in a run: ${sizes}` };
}

interface SetUp {
  /** In round trips; null for never. */
  readonly frame: number | null;
  readonly echo: number | null;
  /** Characters of each. */
  readonly relayed: readonly number[];
  readonly relayedAfter: readonly number[];
}

/** Ann is there, Ben comes. */
async function setUp(
  lab: BenchLab,
  entry: Entry,
  ahead: 'cold' | 'server' | 'peers',
): Promise<SetUp> {
  const server = await entry.startServer(lab.host('server'), lab.siteDir);
  const open = ['ann', 'ben'].map((name, index) =>
    lab.open(name, entry.id, { participant: index + 1 }),
  );
  try {
    const [ann, ben] = (await Promise.all(open)).map(({ tab }) => tab);
    if (ann === undefined || ben === undefined) throw new Error('a page is missing');
    for (const tab of [ann, ben]) await waitFor(tab, 'the bench', () => window.bench !== undefined);
    const room = await ann.evaluate(() => window.bench.caller.newRoom());
    const { transports } = entry;
    const input = { server: server.url, room, ...(transports === undefined ? {} : { transports }) };
    const joinAnn = { ...input, name: 'ann', others: [] };
    const joinBen = { ...input, name: 'ben', others: ['ann'] };
    await ann.evaluate((all) => window.bench.caller.join(all), joinAnn);
    if (ahead !== 'cold') {
      await ben.evaluate((all) => window.bench.caller.warm(all), { ...joinBen, ahead });
    }
    await wait(LOBBY_MS);
    const timed = { join: joinBen, maxMs: NEVER_MS, everyMs: PING_EVERY_MS };
    const { clickedAtMs, echoAtMs } = await ben.evaluate(async ({ join, maxMs, everyMs }) => {
      const clicked = Date.now();
      const joining = window.bench.caller.join(join);
      const answered = await window.bench.answerAtMs('ann', maxMs, everyMs);
      await joining;
      return { clickedAtMs: clicked, echoAtMs: answered };
    }, timed);
    const frameAtMs = await waitFor(
      ben,
      'the picture of ann',
      () => window.bench.firstFrameAtMs('ann', 'camera', 0),
      undefined,
      NEVER_MS,
    ).catch(() => undefined);
    await wait(SETTLED_MS + AFTERWARDS_MS);
    const settledAtMs = (echoAtMs ?? Date.now() - AFTERWARDS_MS - SETTLED_MS) + SETTLED_MS;
    const sent = (await Promise.all([ann, ben].map((tab) => tab.evaluate(() => window.sent))))
      .flat()
      .filter(({ atMs, text }) => atMs >= clickedAtMs && entry.relayed.test(text))
      .toSorted((one, other) => one.atMs - other.atMs);
    const sizesOf = (isAfter: boolean): readonly number[] =>
      sent.filter(({ atMs }) => atMs > settledAtMs === isAfter).map(({ text }) => text.length);
    const toRtt = (atMs: number | undefined): number | null =>
      atMs === undefined ? null : (atMs - clickedAtMs) / RTT_MS;
    return {
      frame: toRtt(frameAtMs),
      echo: toRtt(echoAtMs),
      relayed: sizesOf(false),
      relayedAfter: sizesOf(true),
    };
  } finally {
    // One that did not open has nothing to close.
    await Promise.allSettled(open.map(async (page) => (await page).close()));
    await server.kill();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
