import { orderedPairs, seesCameraMove, type Member } from '../../rig/call.ts';
import { ChromiumDriver } from '../../rig/chromium.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';

/** Long enough to see by how much it was missed. */
const WAIT_MS = 40_000;

/** What is waited for: that the person is told of trouble, or that the peer is taken away. */
type Sign = 'shown' | 'gone';

/** The browser of one of two is killed with all its processes, anew in each run. */
class PeerKilled implements Stage {
  readonly #call: LoopbackCall;
  readonly #sign: Sign;

  constructor(call: LoopbackCall, sign: Sign) {
    this.#call = call;
    this.#sign = sign;
  }

  async run(): Promise<Measurement> {
    const call = this.#call;
    const driver = await ChromiumDriver.launch();
    try {
      const victim = await call.admit(await driver.newTab({ participant: call.nextParticipant }));
      for (const [one, other] of orderedPairs(call.members)) {
        await seesCameraMove(one, other, Date.now());
      }
      const { browser, renderers } = await driver.processes();
      const killedMs = Date.now();
      for (const id of [browser, ...renderers]) process.kill(id, 'SIGKILL');
      const [viewer] = call.members as [Member];
      const shownMs = await signAtMs(viewer, victim, 'shown', killedMs);
      const goneMs = await signAtMs(viewer, victim, 'gone', killedMs);
      call.members.pop();
      const value = (this.#sign === 'shown' ? shownMs : goneMs) - killedMs;
      return {
        value,
        note: `shown after ${shownMs - killedMs} ms, gone after ${goneMs - killedMs}`,
      };
    } finally {
      await driver.close();
    }
  }

  close(): Promise<void> {
    return this.#call.close();
  }
}

async function signAtMs(
  viewer: Member,
  victim: Member,
  sign: Sign,
  sinceMs: number,
): Promise<number> {
  const { atMs } = await waitFor(
    viewer.tab,
    `${victim.name} to be ${sign}`,
    ({ name, wanted, since }) =>
      window.harness.happenings.find(({ what, from, detail, atMs: at }) => {
        if (from !== name || at < since) return false;
        if (what === 'peerleft') return true;
        return wanted === 'shown' && what === 'state' && detail !== 'connected';
      }),
    { name: victim.name, wanted: sign, since: sinceMs },
    WAIT_MS,
  );
  return atMs;
}

function peerKilled(id: string, sign: Sign, maxMs: number, what: string): Fault {
  return {
    id,
    title: `The browser of a peer is killed: ${sign}`,
    expected: { unit: 'ms', max: maxMs, at: 'worst', what },
    pairings: [['chromium', 'chromium']],
    runs: { full: 5, short: sign === 'gone' ? 1 : 0 },
    setUp: async ([viewer]) => new PeerKilled(await LoopbackCall.begin([viewer]), sign),
  };
}

export const killedPeers: readonly Fault[] = [
  peerKilled('18a', 'shown', 8_000, 'the state is not connected any more'),
  peerKilled('18b', 'gone', 20_000, 'the peer is taken away'),
];
