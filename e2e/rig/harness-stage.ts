import { afterAll, afterEach, beforeAll } from 'vitest';
import { Party } from './party.ts';
import { serveHarness } from './server.ts';

/** Where the tests of one file play. */
export interface HarnessStage {
  /** Its tabs are closed behind each test. */
  readonly party: Party;
  readonly server: {
    /** There while tests run, not before. */
    readonly url: string;
  };
}

/** A server with the harness page and browsers for it, for as long as the tests of the calling file run. */
export function harnessStage(): HarnessStage {
  const party = new Party();
  let served: Awaited<ReturnType<typeof serveHarness>> | undefined;
  beforeAll(async () => {
    served = await serveHarness();
  });
  afterEach(() => party.closeTabs());
  afterAll(async () => {
    await party.close();
    await served?.close();
  });
  const server = {
    get url(): string {
      if (served === undefined) throw new Error('there is no server before the first test');
      return served.url;
    },
  };
  return { party, server };
}
