import { hearsTone, orderedPairs, seesCamera, type Member } from '../../rig/call.ts';
import type { Fault, Measurement, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';
import { detailsSince, happened } from './observe.ts';

/** The person is told in the same turn in which the other device is in use. */
const TOLD_MAX_MS = 1_000;

/** Long enough to see by how much it was missed. */
const WAIT_MS = 10_000;

type Kind = 'videoinput' | 'audioinput';

/** One has two devices of a kind; the one in use is pulled out, and put back for the next run. */
class Unplugged implements Stage {
  readonly #call: LoopbackCall;
  readonly #kind: Kind;

  constructor(call: LoopbackCall, kind: Kind) {
    this.#call = call;
    this.#kind = kind;
  }

  async run(run: number): Promise<Measurement> {
    const [[viewer, owner]] = orderedPairs(this.#call.members) as [readonly [Member, Member]];
    const kind = this.#kind;
    const source = kind === 'videoinput' ? 'camera' : 'microphone';
    // The device in use is 0 at first, and the other one after each run.
    const used = (run - 1) % 2;
    const fallback = 1 - used;
    await this.#perceives(viewer, owner, used);
    const beginMs = await owner.tab.evaluate(
      ({ kind: which, index }) => {
        window.rig.devices.unplug(which, index);
        return Date.now();
      },
      { kind, index: used },
    );
    const atMs = await this.#perceives(viewer, owner, fallback);
    await happened(owner, { what: 'devicelost', from: '', sinceMs: beginMs }, TOLD_MAX_MS);
    const told = await detailsSince(owner, 'devicelost', '', beginMs);
    const wanted = `${source}: Fake ${source === 'camera' ? 'Camera' : 'Microphone'} ${fallback + 1}`;
    if (told.length !== 1 || told[0] !== wanted) {
      throw new Error(`the person was told "${told.join('", "')}", not once "${wanted}"`);
    }
    await owner.tab.evaluate(({ kind: which, index }) => window.rig.devices.plug(which, index), {
      kind,
      index: used,
    });
    return { value: atMs - beginMs };
  }

  close(): Promise<void> {
    return this.#call.close();
  }

  async #perceives(viewer: Member, owner: Member, device: number): Promise<number> {
    const perceives = this.#kind === 'videoinput' ? seesCamera : hearsTone;
    return await perceives(viewer, owner, device, WAIT_MS);
  }
}

function unplugged(id: string, what: 'camera' | 'microphone', kind: Kind): Fault {
  return {
    id,
    title: `A ${what} is unplugged`,
    expected: {
      unit: 'ms',
      max: 1_000,
      at: 'worst',
      what: `the other ${what} is perceived by the other side; the person is told, once`,
    },
    pairings: [['chromium', 'chromium']],
    runs: { full: 6, short: 0 },
    setUp: async (pairing) => new Unplugged(await LoopbackCall.begin(pairing), kind),
  };
}

export const unpluggedDevices: readonly Fault[] = [
  unplugged('25a', 'camera', 'videoinput'),
  unplugged('25b', 'microphone', 'audioinput'),
];
