import type { Contestant } from '../contestants/contestant.ts';
import { PAIR, type Call, type Name, type Stage } from './stage.ts';

/** What is measured of a run, in milliseconds. */
export interface Metric {
  readonly id: string;
  /** In words, for the table: "picture back after the link is up". */
  readonly what: string;
}

/** A fault, the same for everyone, with the same times. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The first one is the figure that the chart shows. */
  readonly metrics: readonly Metric[];
  /** @param victim whose network suffers, where it is a matter of one */
  readonly inflict: (call: Call, victim: Name) => Promise<Values>;
}

/** By metric; null for never, which is as long as `NEVER_MS` was waited. */
type Values = Readonly<Record<string, number | null>>;

/** One run of a scenario with a contestant. */
export interface Run {
  readonly values: Values;
  /** Whether both kept the object that the application holds, and the browser's connection. */
  readonly keptObject: boolean;
  readonly keptConnection: boolean;
}

/** What has not come back by then is said to never come back. */
export const NEVER_MS = 60_000;

/** Time without an interruption after which a picture is said to be back. */
const STEADY_MS = 5_000;
/** The picture runs for so long before anything happens to it. */
const BEFORE_MS = 2_000;
const SERVER_DOWN_MS = 5_000;
const LINK_DOWN_MS = 20_000;
const ASK_EVERY_MS = 50;

const PICTURE = 'picture';
const MESSAGES = 'messages';

function recoveryMetrics(since: string): readonly Metric[] {
  return [
    { id: PICTURE, what: `picture back in both directions, from ${since}` },
    { id: MESSAGES, what: `messages answered in both directions, from ${since}` },
  ];
}

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'server-restart',
    title: `Signaling server killed, and started again after ${SERVER_DOWN_MS / 1_000} s`,
    metrics: [
      {
        id: 'newcomer',
        what: 'a newcomer and both others see each other, from the server being up',
      },
      { id: 'gap', what: 'longest time without a new frame in the running call' },
      { id: 'screen', what: 'a screen shared after that is seen by the other' },
    ],
    inflict: restartServer,
  },
  {
    id: 'link-down',
    title: `Link of one down for ${LINK_DOWN_MS / 1_000} s, as when a cable is pulled`,
    metrics: recoveryMetrics('the link being up'),
    inflict: async (call, victim) => {
      const host = call.host(victim);
      await host.down();
      await wait(LINK_DOWN_MS);
      await host.up();
      return await recovery(call, Date.now());
    },
  },
  {
    id: 'black-hole',
    title: `Link of one passes nothing for ${LINK_DOWN_MS / 1_000} s, and nobody is told`,
    metrics: recoveryMetrics('the link passing again'),
    inflict: async (call, victim) => {
      const { link } = call.host(victim);
      await link.cut();
      await wait(LINK_DOWN_MS);
      await link.heal();
      return await recovery(call, Date.now());
    },
  },
  {
    id: 'address-change',
    title: 'One takes another address, as when a telephone leaves Wi-Fi',
    metrics: recoveryMetrics('the change'),
    inflict: async (call, victim) => {
      const changedAtMs = Date.now();
      await call.host(victim).changeAddress();
      return await recovery(call, changedAtMs);
    },
  },
];

/** Sets up a call, inflicts the scenario on it, and takes everything down again. */
export async function runScenario(
  stage: Stage,
  scenario: Scenario,
  contestant: Contestant,
  victim: Name,
): Promise<Run> {
  const call = await stage.call(contestant);
  try {
    await wait(BEFORE_MS);
    const before = await Promise.all(PAIR.map((ends) => linesOf(call, ends)));
    const values = await scenario.inflict(call, victim);
    const after = await Promise.all(PAIR.map((ends) => linesOf(call, ends)));
    return {
      values,
      keptObject: before.every(({ objects }, i) => after[i]?.objects === objects),
      keptConnection: before.every(({ standing }, i) =>
        standing.every((connection) => after[i]?.standing.includes(connection)),
      ),
    };
  } finally {
    await call.end();
  }
}

async function restartServer(call: Call): Promise<Values> {
  await call.open('cat');
  const killedAtMs = Date.now();
  await call.server.kill();
  await wait(SERVER_DOWN_MS);
  await call.server.start();
  const upAtMs = Date.now();
  const newcomer = await comeIn(call, upAtMs);
  const sharedAtMs = Date.now();
  await call.tab('ann').evaluate(() => window.bench.caller.shareScreen());
  const screen = await firstFrame(call, 'ben', 'ann', 'screen', sharedAtMs, sharedAtMs);
  const gaps = await Promise.all(
    PAIR.map(
      async ([viewer, shown]) => (await timesOf(call, viewer, shown, killedAtMs)).longestGapMs,
    ),
  );
  return { newcomer, gap: Math.max(...gaps), screen };
}

/** Cat joins, again and again until the server lets her, and all see all. */
async function comeIn(call: Call, upAtMs: number): Promise<number | null> {
  for (;;) {
    try {
      await call.join('cat', ['ann', 'ben']);
      break;
    } catch (error) {
      if (Date.now() - upAtMs > NEVER_MS) throw error;
      await wait(ASK_EVERY_MS);
    }
  }
  const pairs = (['ann', 'ben'] as const).flatMap(
    (other) =>
      [
        ['cat', other],
        [other, 'cat'],
      ] as const,
  );
  return latest(
    await Promise.all(
      pairs.map(([viewer, shown]) => firstFrame(call, viewer, shown, 'camera', 0, upAtMs)),
    ),
  );
}

/** When the picture is there for good in both directions, and messages are answered. */
async function recovery(call: Call, sinceMs: number): Promise<Values> {
  const [pictures, answers] = await Promise.all([
    Promise.all(PAIR.map(([viewer, shown]) => pictureBack(call, viewer, shown, sinceMs))),
    Promise.all(PAIR.map(([viewer, shown]) => answerBack(call, viewer, shown, sinceMs))),
  ]);
  return { [PICTURE]: latest(pictures), [MESSAGES]: latest(answers) };
}

async function pictureBack(
  call: Call,
  viewer: Name,
  shown: Name,
  sinceMs: number,
): Promise<number | null> {
  while (Date.now() - sinceMs < NEVER_MS + STEADY_MS) {
    const { longestGapMs, backAtMs, steadyMs } = await timesOf(call, viewer, shown, sinceMs);
    // Where nothing was interrupted, what there was to notice is the longest gap.
    if (steadyMs >= STEADY_MS) return backAtMs === undefined ? longestGapMs : backAtMs - sinceMs;
    await wait(ASK_EVERY_MS);
  }
  return null;
}

async function answerBack(
  call: Call,
  viewer: Name,
  shown: Name,
  sinceMs: number,
): Promise<number | null> {
  const atMs = await call
    .tab(viewer)
    .evaluate(({ from, maxMs }) => window.bench.answerAtMs(from, maxMs), {
      from: shown,
      maxMs: NEVER_MS,
    });
  return atMs === undefined ? null : atMs - sinceMs;
}

/** @returns how long after `fromMs` the first frame since `sinceMs` came */
async function firstFrame(
  call: Call,
  viewer: Name,
  shown: Name,
  kind: 'camera' | 'screen',
  sinceMs: number,
  fromMs: number,
): Promise<number | null> {
  while (Date.now() - fromMs < NEVER_MS) {
    const atMs = await call
      .tab(viewer)
      .evaluate((asked) => window.bench.firstFrameAtMs(asked.from, asked.kind, asked.sinceMs), {
        from: shown,
        kind,
        sinceMs,
      });
    if (atMs !== undefined) return atMs - fromMs;
    await wait(ASK_EVERY_MS);
  }
  return null;
}

async function timesOf(call: Call, viewer: Name, shown: Name, sinceMs: number) {
  return await call
    .tab(viewer)
    .evaluate((asked) => window.bench.times(asked.from, asked.sinceMs), { from: shown, sinceMs });
}

async function linesOf(call: Call, [viewer, shown]: readonly [Name, Name]) {
  return await call.tab(viewer).evaluate(
    (from: string) => ({
      objects: window.bench.objects(from),
      standing: window.bench.standing(),
    }),
    shown,
  );
}

/** The last of several times, and never where one of them is never. */
function latest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(
    (last, time) => (last === null || time === null ? null : Math.max(last, time)),
    0,
  );
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
