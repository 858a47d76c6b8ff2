import { orderedPairs, seesCameraMove, type Member } from '../../rig/call.ts';
import { ChromiumDriver, type ChromiumTab } from '../../rig/chromium.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';
import { happened } from './observe.ts';

const FROZEN_MS = 60_000;

/** The person is to be told while the other one is away, not when it is over. */
const AWAY_MAX_MS = 20_000;

/** Long enough to see by how much it was missed. */
const BACK_WAIT_MS = 20_000;

/** Ways in which a page comes to rest: without a word, or by the browser, which tells the page first. */
type Way = 'stopped' | 'frozen';

/** One of two is not run for a minute, and then goes on. */
class FrozenTab implements Stage {
  readonly #call: LoopbackCall;
  readonly #driver: ChromiumDriver;
  readonly #tab: ChromiumTab;
  readonly #way: Way;

  private constructor(call: LoopbackCall, driver: ChromiumDriver, tab: ChromiumTab, way: Way) {
    this.#call = call;
    this.#driver = driver;
    this.#tab = tab;
    this.#way = way;
  }

  static async setUp(way: Way): Promise<Stage> {
    const call = await LoopbackCall.begin(['chromium']);
    const driver = await ChromiumDriver.launch();
    const tab = await driver.newTab({ participant: call.nextParticipant });
    const stage = new FrozenTab(call, driver, tab, way);
    try {
      await call.admit(tab);
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
    const goOn = await this.#freeze();
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
    await this.#driver.close();
    await this.#call.close();
  }

  /** @returns what makes it go on */
  async #freeze(): Promise<() => Promise<void>> {
    if (this.#way === 'frozen') {
      await this.#tab.freeze();
      return () => this.#tab.thaw();
    }
    const { renderers } = await this.#driver.processes();
    for (const id of renderers) process.kill(id, 'SIGSTOP');
    return async () => {
      for (const id of renderers) process.kill(id, 'SIGCONT');
    };
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

function frozenTab(id: string, way: Way, title: string): Fault {
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
    setUp: () => FrozenTab.setUp(way),
  };
}

export const frozenTabs: readonly Fault[] = [
  frozenTab('17a', 'stopped', 'A page is stopped for 60 s (SIGSTOP)'),
  frozenTab('17b', 'frozen', 'A page is frozen for 60 s by its browser'),
];
