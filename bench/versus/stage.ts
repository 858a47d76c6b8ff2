import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../e2e/netlab/host.ts';
import { createNetlab, type Netlab } from '../../e2e/netlab/netlab.ts';
import { ChromiumDriver } from '../../e2e/rig/chromium.ts';
import { findExecutable } from '../../e2e/rig/executables.ts';
import { bundlePage } from '../../e2e/rig/init-script.ts';
import { waitFor, type BrowserTab, type Driver } from '../../e2e/rig/tab.ts';
import { CONTESTANTS, type Contestant } from '../contestants/contestant.ts';
import { Program } from '../contestants/program.ts';

/** On the link of everyone, so that two of them are 40 ms apart there and back. */
const ONE_WAY_MS = 10;

const PAGES_PORT = 8_000;

/** Ann is in the call first; Ben calls her; Cat comes later, where a scenario wants a newcomer. */
const NAMES = ['ann', 'ben', 'cat'] as const;
export type Name = (typeof NAMES)[number];

/** The network that all contestants are tried on, one after the other. */
export class Stage {
  readonly #lab: Netlab;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #siteDir: string;
  readonly #pages: Program;

  private constructor(
    lab: Netlab,
    hosts: ReadonlyMap<string, Host>,
    siteDir: string,
    pages: Program,
  ) {
    this.#lab = lab;
    this.#hosts = hosts;
    this.#siteDir = siteDir;
    this.#pages = pages;
  }

  static async setUp(): Promise<Stage> {
    const siteDir = await mkdtemp(join(tmpdir(), 'peerline-versus-'));
    for (const { id, page } of CONTESTANTS) {
      await writeFile(join(siteDir, `${id}.js`), await bundlePage(page, 'esm'));
      const html = `<!doctype html><title>${id}</title><script type="module" src="${id}.js"></script>`;
      await writeFile(join(siteDir, `${id}.html`), html);
    }
    const lab = await createNetlab();
    const hosts = new Map<string, Host>();
    for (const name of ['pages', 'server', ...NAMES]) {
      hosts.set(name, await lab.host(name, { link: { delayMs: ONE_WAY_MS } }));
    }
    // Apart from the servers that are killed, and without the headers that one of them would add.
    const pages = new Program({
      host: hostIn(hosts, 'pages'),
      command: 'python3',
      args: ['-u', '-m', 'http.server', String(PAGES_PORT), '--directory', siteDir],
      readyLine: 'Serving HTTP',
    });
    await pages.start();
    return new Stage(lab, hosts, siteDir, pages);
  }

  host(name: Name | 'server' | 'pages'): Host {
    return hostIn(this.#hosts, name);
  }

  /** A server of the contestant's, and Ann and Ben in a call over it. */
  async call(contestant: Contestant): Promise<Call> {
    const server = await contestant.startServer(this.host('server'), this.#siteDir);
    const pages = `http://${this.host('pages').address}:${PAGES_PORT}`;
    const call = new Call(this, contestant, server, `${pages}/${contestant.id}.html`);
    try {
      await call.begin();
      return call;
    } catch (error) {
      await call.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pages.kill();
    await this.#lab.close();
    await rm(this.#siteDir, { recursive: true, force: true });
  }
}

function hostIn(hosts: ReadonlyMap<string, Host>, name: string): Host {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`the lab has no ${name}`);
  return host;
}

/** A call of one contestant's, in browsers that were started for it. */
export class Call {
  readonly contestant: Contestant;
  readonly server: Awaited<ReturnType<Contestant['startServer']>>;
  readonly #stage: Stage;
  readonly #url: string;
  readonly #drivers: Driver[] = [];
  readonly #tabs = new Map<Name, BrowserTab>();
  #room = '';

  /** Use `Stage.call`. */
  constructor(stage: Stage, contestant: Contestant, server: Call['server'], url: string) {
    this.#stage = stage;
    this.contestant = contestant;
    this.server = server;
    this.#url = url;
  }

  tab(name: Name): BrowserTab {
    const tab = this.#tabs.get(name);
    if (tab === undefined) throw new Error(`${name} has no page open`);
    return tab;
  }

  host(name: Name): Host {
    return this.#stage.host(name);
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
    const executablePath = await this.host(name).wrap(findExecutable('chromium'));
    // Cameras are for secure origins, and this one is of no use to anyone outside.
    const args = [`--unsafely-treat-insecure-origin-as-secure=${new URL(this.#url).origin}`];
    const driver = await ChromiumDriver.launch({ executablePath, args });
    this.#drivers.push(driver);
    const tab = await driver.newTab({ participant: NAMES.indexOf(name) + 1 });
    this.#tabs.set(name, tab);
    await tab.open(this.#url);
    await waitFor(tab, 'the bench', () => window.bench !== undefined);
  }

  async join(name: Name, others: readonly Name[]): Promise<void> {
    const input = { server: this.server.url, room: this.#room, name, others };
    await this.tab(name).evaluate((all) => window.bench.caller.join(all), input);
  }

  async end(): Promise<void> {
    await Promise.allSettled(this.#drivers.map((driver) => driver.close()));
    await this.server.kill();
  }
}

/** Who sees whom, of the two that a fault befalls. */
export const PAIR: readonly (readonly [Name, Name])[] = [
  ['ann', 'ben'],
  ['ben', 'ann'],
];
