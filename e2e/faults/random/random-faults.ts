import { seesCameraMove, type Member } from '../../rig/call.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { chooseSeed } from '../rows/seed.ts';
import { checkRecords, type PageRecord } from './check.ts';
import { RandomCall } from './random-call.ts';
import { Scenario } from './scenario.ts';

/**
 * Views have to be the same 5 s behind the end of what recovery may wait for: in an outage the pair
 * tries again every 20 s, and a new connection takes up to 10 s (peer/recovery.ts).
 */
const SETTLED_MAX_MS = 35_000;

/** A message between two who are connected. */
const ARRIVES_MAX_MS = 5_000;

/** Faults of the network and the server, and people who come, go, talk and turn, all at any time. */
class RandomFaults implements Stage {
  readonly #call: RandomCall;
  readonly #seed = chooseSeed();

  constructor(call: RandomCall) {
    this.#call = call;
  }

  async run(run: number): Promise<Measurement> {
    // Run 1 of a given seed is that very scenario.
    const seed = this.#seed + run - 1;
    const call = this.#call;
    await call.gather();
    const scenario = new Scenario(call, seed);
    try {
      await scenario.rage();
      const healedMs = await scenario.heal();
      const settledMs = await everyoneConnected(call.members);
      for (const [viewer, shown] of call.pairs) {
        await seesCameraMove(viewer, shown, settledMs, ARRIVES_MAX_MS);
      }
      for (const place of call.places) {
        const number = await scenario.speak(place);
        for (const to of call.members) await hears(to, place.member, number);
      }
      const records = await Promise.all(
        call.members.map(({ tab }) => tab.evaluate(() => window.harness.record())),
      );
      const { owed, excused } = requireKept(records);
      return {
        value: Math.max(0, settledMs - healedMs),
        note: `seed ${seed}: ${scenario.events.length} events, ${owed} messages arrived, ${excused} excused`,
      };
    } catch (error) {
      const told = `seed ${seed} (again: PEERLINE_TEST_SEED=${seed} … --only random --runs 1)`;
      const stories = await Promise.all(call.members.map(ownStory));
      throw new Error([told, ...scenario.events, ...stories].join('\n'), { cause: error });
    }
  }

  close(): Promise<void> {
    return this.#call.close();
  }
}

/** What went before, as each page tells it itself. */
async function ownStory({ name, tab }: Member): Promise<string> {
  const story = await tab
    .evaluate(() => window.harness.story())
    .catch((error: unknown) => [`has no story: ${String(error)}`]);
  return [`${name}:`, ...story].join('\n  ');
}

/**
 * Who left while others could not hear it is `away` for them until they give it up, two minutes later:
 * a page that is frozen or in a tunnel looks just the same. That is no fault.
 *
 * @returns when the last one had all others, and nobody else, connected
 */
async function everyoneConnected(members: readonly Member[]): Promise<number> {
  const moments = await Promise.all(
    members.map(({ tab, name }) =>
      waitFor(
        tab,
        `${name} to be connected with all others`,
        (others: readonly string[]) => {
          const { room, peers } = window.harness.view();
          const isGone = (peer: string): boolean =>
            !others.some((other) => peer.startsWith(`${other} `)) && peer.endsWith(' away');
          const present = peers.filter((peer) => !isGone(peer));
          const isSettled =
            room === 'joined' &&
            present.length === others.length &&
            others.every((other) => present.includes(`${other} connected`));
          return isSettled ? Date.now() : undefined;
        },
        members.map((one) => one.name).filter((other) => other !== name),
        SETTLED_MAX_MS,
      ).catch(async (error: unknown) => {
        const { room, peers } = await tab.evaluate(() => window.harness.view());
        throw new Error(`${name}: ${room}; ${peers.join(', ')}`, { cause: error });
      }),
    ),
  );
  return Math.max(...moments);
}

async function hears(to: Member, from: Member, number: number): Promise<void> {
  if (to === from) return;
  await waitFor(
    to.tab,
    `number ${number} of ${from.name}`,
    ({ name, text }) => window.harness.heard('text', name, text),
    { name: from.name, text: String(number) },
    ARRIVES_MAX_MS,
  );
}

/** @throws Error where a message was lost, came twice or out of order */
function requireKept(records: readonly PageRecord[]): {
  readonly owed: number;
  readonly excused: number;
} {
  const { violations, ...counts } = checkRecords(records);
  if (violations.length > 0) throw new Error(violations.join('\n'));
  return counts;
}

export const randomFaults: Fault = {
  id: 'random',
  title: 'Random faults, three in a call',
  expected: {
    unit: 'ms',
    max: SETTLED_MAX_MS,
    at: 'worst',
    what: 'all connected with all after everything is healed; no message lost, doubled or swapped',
  },
  pairings: [['chromium', 'firefox']],
  runs: { full: 30, short: 0 },
  setUp: async ([first, third]) => new RandomFaults(await RandomCall.open([first, first, third])),
};
