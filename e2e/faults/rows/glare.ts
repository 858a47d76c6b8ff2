import type { Participant } from '../../page/glare.ts';
import type { Toggled } from '../../page/turns.ts';
import type { Member } from '../../rig/call.ts';
import { waitFor, type BrowserName } from '../../rig/tab.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { LoopbackCall, type TakeOptions } from './loopback-call.ts';
import { chooseSeed } from './seed.ts';

const STORM_PEERS = 8;

/** Eight peers encode 56 pictures on one machine; the pictures are to tell who sends them, no more. */
const STORM_DEVICES = { framesPerSecond: 2, tones: 'none' } as const;

/** Between the word to all pages and the instant at which they begin. */
const STORM_NOTICE_MS = 300;

/** Of the soak, in one run: 40 runs are its 1,000 rounds. */
const ROUNDS_PER_RUN = 25;

/** A picture that was turned on waits for its first key frame. */
const PICTURE_MAX_MS = 5_000;

const ALL_PAIRINGS: readonly Pairing[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
];

/** A room in which everyone can turn, by turns that everyone can compute. */
class GlareCall {
  readonly #call: LoopbackCall;
  readonly seed: number;

  private constructor(call: LoopbackCall, seed: number) {
    this.#call = call;
    this.seed = seed;
  }

  static async begin(
    browsers: readonly BrowserName[],
    devices: TakeOptions['tab'] = {},
  ): Promise<GlareCall> {
    const seed = chooseSeed();
    const call = await LoopbackCall.begin(browsers, {
      tab: devices,
      deaf: true,
    });
    const everyone = call.members.map(({ name, tab }) => ({ name, participant: tab.participant }));
    for (const { name, tab } of call.members) {
      const others: readonly Participant[] = everyone.filter((one) => one.name !== name);
      await tab.evaluate((input) => window.harness.glare.begin(input), {
        seed,
        self: tab.participant,
        others,
      });
    }
    return new GlareCall(call, seed);
  }

  get members(): readonly Member[] {
    return this.#call.members;
  }

  /** Waits until each sees those cameras and screens that the rounds have left on. */
  async picturesAreRight(): Promise<void> {
    for (const [viewer, shown] of this.#call.pairs) {
      for (const source of ['camera', 'screen'] as const) await sees(viewer, shown, source);
    }
  }

  /** @throws Error with what the pages complained of */
  requireNoProblems(): void {
    for (const { name, tab } of this.members) {
      if (tab.problems.length > 0) throw new Error(`${name} says: ${tab.problems.join('\n')}`);
    }
  }

  close(): Promise<void> {
    return this.#call.close();
  }
}

/** Rounds in which everyone of eight turns something at the same instant. */
class Storm implements Stage {
  readonly #call: GlareCall;

  constructor(call: GlareCall) {
    this.#call = call;
  }

  async run(run: number): Promise<Measurement> {
    const beginMs = Date.now() + STORM_NOTICE_MS;
    const settled = await Promise.all(
      this.#call.members.map(({ tab }) =>
        tab.evaluate((atMs: number) => window.harness.glare.storm(atMs), beginMs),
      ),
    );
    await this.#call.picturesAreRight();
    this.#call.requireNoProblems();
    return {
      value: Math.max(...settled) - beginMs,
      note: `seed ${this.#call.seed}, round ${run}`,
    };
  }

  close(): Promise<void> {
    return this.#call.close();
  }
}

/** Many quick rounds of two; then their pictures are looked at. */
class Soak implements Stage {
  readonly #call: GlareCall;
  readonly #unit: 'slowest' | 'stuck';

  constructor(call: GlareCall, unit: 'slowest' | 'stuck') {
    this.#call = call;
    this.#unit = unit;
  }

  async run(): Promise<Measurement> {
    const reports = await Promise.all(
      this.#call.members.map(({ tab }) =>
        tab.evaluate((rounds: number) => window.harness.glare.soak(rounds), ROUNDS_PER_RUN),
      ),
    );
    const { seed } = this.#call;
    const stuck = reports.flatMap((report) => report.stuck ?? []);
    if (stuck.length > 0) throw new Error(`seed ${seed}, ${stuck.join(' | ')}`);
    await this.#call.picturesAreRight();
    this.#call.requireNoProblems();
    const [{ rounds, elapsedMs, restarts, renegotiations, slowestMs }] = reports as [
      (typeof reports)[number],
    ];
    const perSecond = (rounds / (elapsedMs / 1_000)).toFixed(1);
    return {
      value: this.#unit === 'slowest' ? slowestMs : 0,
      note: `seed ${seed}: ${rounds} rounds, ${perSecond} a second, slowest ${Math.round(slowestMs)} ms, ${restarts} with ICE restarts, ${renegotiations} with renegotiations`,
    };
  }

  close(): Promise<void> {
    return this.#call.close();
  }
}

async function sees(viewer: Member, shown: Member, source: Exclude<Toggled, 'microphone'>) {
  await waitFor(
    viewer.tab,
    `the ${source} of ${shown.name}, or none`,
    ({ name, participant, kind }) => {
      const picture = window.harness.picture(name, kind);
      if (!window.harness.glare.sourcesOf(participant)[kind]) return picture === undefined;
      return picture?.source?.participant === participant && picture.source.kind === kind;
    },
    { name: shown.name, participant: shown.tab.participant, kind: source },
    PICTURE_MAX_MS,
  );
}

const glareStorm: Fault = {
  id: '14',
  title: 'Glare storm of 8 peers, mixed kinds',
  expected: { unit: 'ms', max: 2_000, at: 'worst', what: 'everyone sees the outcome of all turns' },
  pairings: [['chromium', 'chromium']],
  runs: { full: 20, short: 0 },
  setUp: async ([first]) =>
    new Storm(
      await GlareCall.begin(
        Array.from({ length: STORM_PEERS }, () => first),
        STORM_DEVICES,
      ),
    ),
};

const glareWithIceRestart: Fault = {
  id: '15',
  title: 'Glare with ICE restarts',
  expected: {
    unit: 'ms',
    max: 2_000,
    at: 'worst',
    what: `slowest of ${ROUNDS_PER_RUN} rounds in which both turn sources, preferences and ICE at once`,
  },
  pairings: ALL_PAIRINGS,
  runs: { full: 5, short: 1 },
  setUp: async (pairing) => new Soak(await GlareCall.begin(pairing), 'slowest'),
};

const glareSoak: Fault = {
  id: 'soak',
  title: 'Glare soak of 1,000 rounds',
  expected: {
    unit: 'count',
    max: 0,
    at: 'worst',
    what: `stuck rounds of ${ROUNDS_PER_RUN} in a run`,
  },
  pairings: ALL_PAIRINGS,
  runs: { full: 40, short: 0 },
  setUp: async (pairing) => new Soak(await GlareCall.begin(pairing), 'stuck'),
};

export const glareFaults: readonly Fault[] = [glareStorm, glareWithIceRestart, glareSoak];
