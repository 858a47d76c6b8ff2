import { ChromiumDriver, type ChromiumTab } from '../../rig/chromium.ts';
import { overhearJoin, RawMember } from '../../rig/raw-member.ts';
import { SignalProxy } from '../../rig/signal-proxy.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';
import { detailsSince } from './observe.ts';

/** Someone opens the tab of a call once more, by the browser's "Duplicate". */
class DuplicatedTab implements Stage {
  readonly #call: LoopbackCall;
  readonly #driver: ChromiumDriver;
  readonly #tab: ChromiumTab;

  private constructor(call: LoopbackCall, driver: ChromiumDriver, tab: ChromiumTab) {
    this.#call = call;
    this.#driver = driver;
    this.#tab = tab;
  }

  static async setUp(): Promise<Stage> {
    const call = await LoopbackCall.begin(['chromium']);
    const driver = await ChromiumDriver.launch();
    const tab = await driver.newTab({ participant: call.nextParticipant });
    await call.admit(tab);
    return new DuplicatedTab(call, driver, tab);
  }

  async run(): Promise<Measurement> {
    const call = this.#call;
    const beginMs = Date.now();
    const copy = await call.admit(await this.#tab.duplicate(call.nextParticipant));
    await call.everyoneSeesEveryone();
    const ids = await Promise.all(
      call.members.map(({ tab }) => tab.evaluate(() => window.harness.room.id)),
    );
    const rooms = await Promise.all(
      call.members.map((member) => detailsSince(member, 'room', '', beginMs)),
    );
    const shared = call.members.length - new Set(ids).size;
    await call.leave(copy);
    return { value: shared + rooms.flat().length };
  }

  async close(): Promise<void> {
    await this.#driver.close();
    await this.#call.close();
  }
}

/** Id and secret of one of two are used for another connection. */
class StolenIdentity implements Stage {
  readonly #call: LoopbackCall;
  readonly #proxy: SignalProxy;

  constructor(call: LoopbackCall, proxy: SignalProxy) {
    this.#call = call;
    this.#proxy = proxy;
  }

  async run(): Promise<Measurement> {
    const call = this.#call;
    const overheard = overhearJoin(this.#proxy);
    const victim = await call.take('chromium', { url: this.#proxy.url });
    await call.everyoneSeesEveryone();
    const join = await overheard;
    const beginMs = Date.now();
    const thief = await RawMember.join(call.server.url, join);
    try {
      const toldMs = await waitFor(victim.tab, 'word that it was taken over', () => {
        const { state } = window.harness.room;
        return state.status === 'left' && state.reason.code === 'taken-over'
          ? Date.now()
          : undefined;
      });
      if (thief.peers.length !== 1) {
        throw new Error(`the server names ${thief.peers.length} others, not the one other member`);
      }
      const { peers } = await health(call.server.url);
      if (peers !== 2) throw new Error(`the server has ${peers} live memberships, not 2`);
      return { value: toldMs - beginMs };
    } finally {
      thief.socket.emit('leave', null);
      thief.close();
      await call.leave(victim);
    }
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#call.close();
  }
}

async function health(url: string): Promise<{ readonly peers: number }> {
  return (await (await fetch(`${url}/healthz`)).json()) as { readonly peers: number };
}

const duplicatedTab: Fault = {
  id: '19a',
  title: 'The same link in two tabs of one profile',
  expected: {
    unit: 'count',
    max: 0,
    at: 'worst',
    what: 'ids shared, or rooms disturbed; all see each other',
  },
  pairings: [['chromium', 'chromium']],
  runs: { full: 5, short: 0 },
  setUp: () => DuplicatedTab.setUp(),
};

const stolenIdentity: Fault = {
  id: '19b',
  title: 'The same identity twice',
  expected: {
    unit: 'ms',
    max: 1_000,
    at: 'worst',
    what: 'the first is told that it was taken over; one membership',
  },
  pairings: [['chromium', 'chromium']],
  runs: { full: 5, short: 0 },
  setUp: async ([viewer]) => {
    const call = await LoopbackCall.begin([viewer]);
    return new StolenIdentity(call, await SignalProxy.start(call.server.url));
  },
};

export const sameIdentities: readonly Fault[] = [duplicatedTab, stolenIdentity];
