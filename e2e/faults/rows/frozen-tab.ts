import { BackgroundTab } from '../../rig/background-tab.ts';
import { orderedPairs, seesCameraMove, type Member } from '../../rig/call.ts';
import { ChromiumDriver } from '../../rig/chromium.ts';
import type { BrowserTab } from '../../rig/tab.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';
import { happened } from './observe.ts';

const FROZEN_MS = 60_000;

/** The person is to be told while the other one is away, not when it is over. */
const AWAY_MAX_MS = 20_000;

/** Long enough to see by how much it was missed. */
const BACK_WAIT_MS = 20_000;

/** A page that can come to rest. */
interface Sleeper {
  readonly tab: BrowserTab;
  /** @returns what makes it go on */
  readonly rest: () => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
}

/** Without a word to the page, as a machine that sleeps. */
async function stoppable(participant: number): Promise<Sleeper> {
  const driver = await ChromiumDriver.launch();
  return {
    tab: await driver.newTab({ participant }),
    rest: async () => {
      const { renderers } = await driver.processes();
      for (const id of renderers) process.kill(id, 'SIGSTOP');
      return async () => {
        for (const id of renderers) process.kill(id, 'SIGCONT');
      };
    },
    close: () => driver.close(),
  };
}

/** By the browser, which tells the page first. */
async function freezable(participant: number): Promise<Sleeper> {
  const background = await BackgroundTab.launch({ participant });
  return {
    tab: background.tab,
    rest: async () => {
      await background.freeze();
      return () => background.thaw();
    },
    close: () => background.close(),
  };
}

/** One of two is not run for a minute, and then goes on. */
class FrozenTab implements Stage {
  readonly #call: LoopbackCall;
  readonly #sleeper: Sleeper;

  private constructor(call: LoopbackCall, sleeper: Sleeper) {
    this.#call = call;
    this.#sleeper = sleeper;
  }

  static async setUp(launch: (participant: number) => Promise<Sleeper>): Promise<Stage> {
    const call = await LoopbackCall.begin(['chromium']);
    const sleeper = await launch(call.nextParticipant);
    const stage = new FrozenTab(call, sleeper);
    try {
      await call.admit(sleeper.tab);
      await call.everyoneSeesEveryone();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  async run(): Promise<Measurement> {
    const pairs = orderedPairs(this.#call.members);
    const [[viewer, frozen]] = pairs as [readonly [Member, Member]];
    for (const [one, other] of pairs) await seesCameraMove(one, other, Date.now());
    const beginMs = Date.now();
    const goOn = await this.#sleeper.rest();
    let backMs: number;
    let awayAfterMs: number;
    try {
      const { atMs } = await happened(
        viewer,
        { what: 'state', from: frozen.name, detail: 'away', sinceMs: beginMs },
        AWAY_MAX_MS,
      );
      awayAfterMs = atMs - beginMs;
      await new Promise((resolve) => setTimeout(resolve, beginMs + FROZEN_MS - Date.now()));
    } finally {
      backMs = Date.now();
      await goOn();
    }
    const moments = await Promise.all(
      pairs.map(([one, other]) => seesCameraMove(one, other, backMs, BACK_WAIT_MS)),
    );
    await requireKept(pairs, beginMs);
    return {
      value: Math.max(...moments) - backMs,
      note: `away after ${awayAfterMs} ms`,
    };
  }

  async close(): Promise<void> {
    await this.#sleeper.close();
    await this.#call.close();
  }
}

/** @throws Error where someone was given up meanwhile */
async function requireKept(
  pairs: readonly (readonly [Member, Member])[],
  sinceMs: number,
): Promise<void> {
  for (const [one, other] of pairs) {
    const left = await one.tab.evaluate(
      ({ name, since }) =>
        window.harness.happenings.some(
          ({ what, from, atMs }) => what === 'peerleft' && from === name && atMs >= since,
        ),
      { name: other.name, since: sinceMs },
    );
    if (left) throw new Error(`${one.name} gave ${other.name} up`);
  }
}

function frozenTab(
  id: string,
  launch: (participant: number) => Promise<Sleeper>,
  title: string,
): Fault {
  return {
    id,
    title,
    expected: {
      unit: 'ms',
      max: 3_000,
      at: 'worst',
      what: 'both see each other move, from when it goes on; away meanwhile, and not given up',
    },
    pairings: [['chromium', 'chromium']],
    runs: { full: 3, short: 0 },
    setUp: () => FrozenTab.setUp(launch),
  };
}

export const frozenTabs: readonly Fault[] = [
  frozenTab('17a', stoppable, 'A page is stopped for 60 s (SIGSTOP)'),
  frozenTab('17b', freezable, 'A page is frozen for 60 s by its browser'),
];
