import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PeerlineServer } from '@peerline/server';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Party } from './party.ts';
import { APP_DIR, startServer } from './server.ts';
import type { BrowserTab } from './tab.ts';

const OUTPUT = fileURLToPath(new URL('../output', import.meta.url));

/** The call app on a server of its own, for the tests of one file. */
export class AppFixture {
  readonly party = new Party();
  #server: PeerlineServer | undefined;

  /** Called at the top of a file: starts all of it before its tests, and ends it behind them. */
  static begin(): AppFixture {
    const fixture = new AppFixture();
    beforeAll(async () => {
      await mkdir(OUTPUT, { recursive: true });
      fixture.#server = await startServer(APP_DIR);
    });
    afterEach(() => fixture.party.closeTabs());
    afterAll(async () => {
      await fixture.party.close();
      await fixture.#server?.close();
    });
    return fixture;
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('the server has not started');
    return this.#server.url;
  }

  /** A picture for people to look at, beside the others of the last run. */
  shot(tab: BrowserTab, name: string): Promise<void> {
    return tab.screenshot(join(OUTPUT, `${name}.png`));
  }
}
