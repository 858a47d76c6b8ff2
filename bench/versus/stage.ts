import type { Host } from '../../e2e/netlab/host.ts';
import { waitFor, type BrowserTab } from '../../e2e/rig/tab.ts';
import { CONTESTANTS, type Contestant } from '../contestants/contestant.ts';
import { BenchLab, type OpenPage } from '../contestants/lab.ts';

/** On the link of everyone, so that two of them are 40 ms apart there and back. */
const ONE_WAY_MS = 10;

/** Ann is in the call first; Ben calls her; Cat comes later, where a scenario wants a newcomer. */
const NAMES = ['ann', 'ben', 'cat'] as const;
export type Name = (typeof NAMES)[number];

/** The network that all contestants are tried on, one after the other. */
export class Stage {
  readonly lab: BenchLab;

  private constructor(lab: BenchLab) {
    this.lab = lab;
  }

  static async setUp(): Promise<Stage> {
    const lab = await BenchLab.setUp({
      pages: Object.fromEntries(CONTESTANTS.map(({ id, page }) => [id, page])),
      hosts: ['server', ...NAMES],
      link: { delayMs: ONE_WAY_MS },
    });
    return new Stage(lab);
  }

  /** A server of the contestant's, and Ann and Ben in a call over it. */
  async call(contestant: Contestant): Promise<Call> {
    const server = await contestant.startServer(this.lab.host('server'), this.lab.siteDir);
    const call = new Call(this.lab, contestant, server);
    try {
      await call.begin();
      return call;
    } catch (error) {
      await call.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.lab.close();
  }
}

/** A call of one contestant's, in browsers that were started for it. */
export class Call {
  readonly contestant: Contestant;
  readonly server: Awaited<ReturnType<Contestant['startServer']>>;
  readonly #lab: BenchLab;
  readonly #pages = new Map<Name, OpenPage>();
  #room = '';

  /** Use `Stage.call`. */
  constructor(lab: BenchLab, contestant: Contestant, server: Call['server']) {
    this.#lab = lab;
    this.contestant = contestant;
    this.server = server;
  }

  tab(name: Name): BrowserTab {
    const tab = this.#pages.get(name)?.tab;
    if (tab === undefined) throw new Error(`${name} has no page open`);
    return tab;
  }

  host(name: Name): Host {
    return this.#lab.host(name);
  }

  async begin(): Promise<void> {
    await this.open('ann');
    await this.open('ben');
    this.#room = await this.tab('ann').evaluate(() => window.bench.caller.newRoom());
    await this.join('ann', []);
    await this.join('ben', ['ann']);
    for (const [viewer, shown] of PAIR) {
      await waitFor(
        this.tab(viewer),
        `the camera of ${shown}`,
        (from: string) => window.bench.sees(from, 'camera'),
        shown,
      );
      const answered = await this.tab(viewer).evaluate(
        ({ from, maxMs }) => window.bench.answerAtMs(from, maxMs),
        { from: shown, maxMs: 10_000 },
      );
      if (answered === undefined) throw new Error(`${shown} never answered ${viewer}`);
    }
  }

  /** Opens the contestant's page, and joins nothing yet. */
  async open(name: Name): Promise<void> {
    const participant = NAMES.indexOf(name) + 1;
    const page = await this.#lab.open(name, this.contestant.id, { participant });
    this.#pages.set(name, page);
    const { tab } = page;
    await waitFor(tab, 'the bench', () => window.bench !== undefined);
  }

  async join(name: Name, others: readonly Name[]): Promise<void> {
    const input = { server: this.server.url, room: this.#room, name, others };
    await this.tab(name).evaluate((all) => window.bench.caller.join(all), input);
  }

  async end(): Promise<void> {
    await Promise.allSettled([...this.#pages.values()].map((page) => page.close()));
    await this.server.kill();
  }
}

/** Who sees whom, of the two that a fault befalls. */
export const PAIR: readonly (readonly [Name, Name])[] = [
  ['ann', 'ben'],
  ['ben', 'ann'],
];
