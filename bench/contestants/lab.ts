import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../e2e/netlab/host.ts';
import type { LinkShape } from '../../e2e/netlab/link.ts';
import { createNetlab, type Netlab } from '../../e2e/netlab/netlab.ts';
import { ChromiumDriver } from '../../e2e/rig/chromium.ts';
import { findExecutable } from '../../e2e/rig/executables.ts';
import { bundlePage } from '../../e2e/rig/init-script.ts';
import type { BrowserTab, TabOptions } from '../../e2e/rig/tab.ts';
import { Program } from './program.ts';

const PAGES_PORT = 8_000;

interface LabPlan {
  /** The module of each page, by the page's name. */
  readonly pages: Readonly<Record<string, URL>>;
  /** Besides the one that serves the pages. */
  readonly hosts: readonly string[];
  /** Of everyone's link. */
  readonly link: Partial<LinkShape>;
}

/** A page in a browser of its own. */
export interface OpenPage {
  readonly tab: BrowserTab;
  readonly close: () => Promise<void>;
}

/** Hosts in a network made for them, and one more that serves pages to them. */
export class BenchLab {
  /** Where the pages lie, for a server that wants some. */
  readonly siteDir: string;
  readonly #lab: Netlab;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #pages: Program;

  private constructor(
    lab: Netlab,
    hosts: ReadonlyMap<string, Host>,
    siteDir: string,
    pages: Program,
  ) {
    this.#lab = lab;
    this.#hosts = hosts;
    this.siteDir = siteDir;
    this.#pages = pages;
  }

  static async setUp({ pages: modules, hosts: names, link }: LabPlan): Promise<BenchLab> {
    const siteDir = await mkdtemp(join(tmpdir(), 'peerline-bench-'));
    for (const [name, module] of Object.entries(modules)) {
      await writeFile(join(siteDir, `${name}.js`), await bundlePage(module, 'esm'));
      const html = `<!doctype html><title>${name}</title><script type="module" src="${name}.js"></script>`;
      await writeFile(join(siteDir, `${name}.html`), html);
    }
    const lab = await createNetlab();
    const hosts = new Map<string, Host>();
    for (const name of ['pages', ...names]) hosts.set(name, await lab.host(name, { link }));
    // Apart from the servers that are killed, and without the headers that one of them would add.
    const pages = new Program({
      host: hostIn(hosts, 'pages'),
      command: 'python3',
      args: ['-u', '-m', 'http.server', String(PAGES_PORT), '--directory', siteDir],
      readyLine: 'Serving HTTP',
    });
    await pages.start();
    return new BenchLab(lab, hosts, siteDir, pages);
  }

  host(name: string): Host {
    return hostIn(this.#hosts, name);
  }

  /** Opens a page in a new Chromium on that host. */
  async open(hostName: string, page: string, options: TabOptions): Promise<OpenPage> {
    const url = `http://${this.host('pages').address}:${PAGES_PORT}/${page}.html`;
    const driver = await ChromiumDriver.launch({
      executablePath: await this.host(hostName).wrap(findExecutable('chromium')),
      // Cameras are for secure origins, and this one is of no use to anyone outside.
      args: [`--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`],
    });
    try {
      const tab = await driver.newTab(options);
      await tab.open(url);
      return { tab, close: () => driver.close() };
    } catch (error) {
      await driver.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pages.kill();
    await this.#lab.close();
    await rm(this.siteDir, { recursive: true, force: true });
  }
}

function hostIn(hosts: ReadonlyMap<string, Host>, name: string): Host {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`the lab has no ${name}`);
  return host;
}
