import { SeededRandom } from '../../page/seeded-random.ts';
import { orderedPairs, seesCamera, type Member } from '../../rig/call.ts';
import { isSignal, SignalProxy, type Passing } from '../../rig/signal-proxy.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { BOTH_PAIRINGS } from '../watching.ts';
import { LoopbackCall } from './loopback-call.ts';
import { detailsSince } from './observe.ts';
import { chooseSeed } from './seed.ts';

/** So late that answers overtake offers, and candidates both. */
const DELAY_MAX_MS = 600;

const COPY_CHANCE = 0.4;
/** A copy this late finds another negotiation, or another generation: a stale one. */
const STALE_AFTER_MS = 1_500;

/** Signals that are gone come again after 3 s; the path is bad in order, not in what it carries. */
const SETTLED_MAX_MS = 20_000;

/**
 * A newcomer whose signals are held, swapped and repeated, both ways, while it connects with two
 * others and renegotiates with them.
 */
class DisorderedSignals implements Stage {
  readonly #call: LoopbackCall;
  readonly #proxy: SignalProxy;
  readonly #pairing: Pairing;
  readonly #seed = chooseSeed();

  private constructor(call: LoopbackCall, proxy: SignalProxy, pairing: Pairing) {
    this.#call = call;
    this.#proxy = proxy;
    this.#pairing = pairing;
  }

  static async setUp(pairing: Pairing): Promise<Stage> {
    const call = await LoopbackCall.begin(pairing);
    return new DisorderedSignals(call, await SignalProxy.start(call.server.url), pairing);
  }

  async run(run: number): Promise<Measurement> {
    const call = this.#call;
    const present = [...call.members];
    // Run 1 of a given seed is that very one.
    const seed = this.#seed + run - 1;
    const disorder = new Disorder(seed);
    this.#proxy.meddle = (passing) => disorder.meddle(passing);
    const beginMs = Date.now();
    try {
      const newcomer = await call.take(this.#pairing[0], { url: this.#proxy.url });
      for (const member of present) {
        await seesCamera(newcomer, member, 0, SETTLED_MAX_MS);
        await seesCamera(member, newcomer, 0, SETTLED_MAX_MS);
      }
      const connectedMs = Date.now();
      // What is stale by now comes into whatever the pair does next.
      await renegotiate(newcomer, present);
      await disorder.over();
      for (const [one, other] of orderedPairs([newcomer, ...present])) {
        await seesCamera(one, other);
        const states = await detailsSince(one, 'state', other.name, beginMs);
        if (states.some((state) => state !== 'connected')) {
          throw new Error(`seed ${seed}: ${other.name} became ${states.join()} for ${one.name}`);
        }
      }
      const problems = await this.#problems([newcomer, ...present], beginMs);
      await call.leave(newcomer);
      return {
        value: problems.length,
        note: `seed ${seed}: connected in ${connectedMs - beginMs} ms; ${disorder.said()}${problems.length === 0 ? '' : `; ${problems.join('; ')}`}`,
      };
    } catch (error) {
      throw new Error(`seed ${seed}, ${disorder.said()}`, { cause: error });
    } finally {
      this.#proxy.meddle = ({ pass }) => pass();
    }
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#call.close();
  }

  async #problems(members: readonly Member[], sinceMs: number): Promise<readonly string[]> {
    const told = await Promise.all(
      members.map((member) => detailsSince(member, 'problem', '', sinceMs)),
    );
    return [...told.flat(), ...members.flatMap(({ tab }) => tab.problems)];
  }
}

/** Holds each signal for a while of its own, and lets copies follow. */
class Disorder {
  readonly #random: SeededRandom;
  readonly #pending = new Set<Promise<void>>();
  #signals = 0;
  #copies = 0;
  #overtaken = 0;
  /** When the latest of those under way is due, by way. */
  readonly #latestMs = { up: 0, down: 0 };

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  meddle(passing: Passing): void {
    if (!isSignal(passing)) {
      passing.pass();
      return;
    }
    const random = this.#random;
    this.#signals += 1;
    const delayMs = random.below(DELAY_MAX_MS);
    const dueMs = performance.now() + delayMs;
    if (dueMs < this.#latestMs[passing.way]) this.#overtaken += 1;
    this.#latestMs[passing.way] = Math.max(this.#latestMs[passing.way], dueMs);
    this.#later(passing, delayMs);
    if (!random.chance(COPY_CHANCE)) return;
    this.#copies += 1;
    this.#later(passing, delayMs + random.below(STALE_AFTER_MS));
  }

  /** Resolves once nothing is held any more. */
  async over(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  said(): string {
    return `${this.#signals} signals, ${this.#overtaken} overtook, ${this.#copies} came twice`;
  }

  #later({ pass }: Passing, delayMs: number): void {
    const passed = new Promise<void>((resolve) => {
      setTimeout(() => {
        pass();
        resolve();
      }, delayMs);
    });
    this.#pending.add(passed);
    void passed.then(() => this.#pending.delete(passed));
  }
}

/** A new cap both ways, and until both sides know of it. */
async function renegotiate(newcomer: Member, present: readonly Member[]): Promise<void> {
  const capBps = 400_000;
  for (const { tab } of [newcomer, ...present]) {
    await tab.evaluate(
      (maxReceiveBitrate: number) =>
        window.harness.room.setMediaPreferences({ camera: { maxReceiveBitrate } }),
      capBps,
    );
  }
  for (const [one, other] of orderedPairs([newcomer, ...present])) {
    await waitFor(
      one.tab,
      `the cap of ${other.name}`,
      ({ name, cap }) => window.harness.negotiated(name).camera.maxBitrate === cap,
      { name: other.name, cap: capBps },
    );
  }
}

export const disorderedSignals: Fault = {
  id: '16',
  title: 'Signals reordered, repeated, stale',
  expected: {
    unit: 'count',
    max: 0,
    at: 'worst',
    what: 'errors, and changes of state; all connect',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 0 },
  setUp: (pairing) => DisorderedSignals.setUp(pairing),
};
