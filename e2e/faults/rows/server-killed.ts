import { isSignal, SignalProxy } from '../../rig/signal-proxy.ts';
import { orderedPairs, seesCamera, type Member } from '../../rig/call.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { LoopbackCall } from './loopback-call.ts';
import { requireUndisturbed, watchAll } from './observe.ts';

/**
 * About how many signals a newcomer and two others exchange over the server before their channels are
 * open; it differs with who offers, and with how quick the browsers gather candidates.
 */
const MESSAGES = 9;

interface Killing {
  /** At what it was killed, once it is dead. */
  readonly done: Promise<string>;
  /** Unless it was killed already. */
  readonly now: (note: string) => void;
}

/**
 * Two are in a call and a third one comes; at the n-th signal from or to the third, which does not
 * get through, the server is killed, and started again at once. Run n is that of message n.
 */
class KilledMidNegotiation implements Stage {
  readonly #call: LoopbackCall;
  readonly #proxy: SignalProxy;
  readonly #pairing: Pairing;

  private constructor(call: LoopbackCall, proxy: SignalProxy, pairing: Pairing) {
    this.#call = call;
    this.#proxy = proxy;
    this.#pairing = pairing;
  }

  static async setUp(pairing: Pairing): Promise<Stage> {
    const call = await LoopbackCall.begin(pairing);
    return new KilledMidNegotiation(call, await SignalProxy.start(call.server.url), pairing);
  }

  async run(run: number): Promise<Measurement> {
    const call = this.#call;
    const present = [...call.members];
    const steady = orderedPairs(present);
    const beginMs = await watchAll(steady);
    const message = ((run - 1) % MESSAGES) + 1;
    const killing = this.#killAt(message);
    const newcomer = await call.take(this.#pairing[0], { url: this.#proxy.url });
    // Where there are fewer signals than that, it is killed when all is over.
    const connecting = this.#eachOther(newcomer, present).then(() =>
      killing.now('when all was over'),
    );
    connecting.catch(() => undefined);
    const note = await killing.done;
    await call.server.start();
    const readyMs = Date.now();
    const moments = await this.#eachOther(newcomer, present);
    await requireUndisturbed(steady, beginMs);
    await call.leave(newcomer);
    return { value: Math.max(...moments) - readyMs, note };
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#call.close();
  }

  #killAt(message: number): Killing {
    let now: Killing['now'] = () => undefined;
    const done = new Promise<string>((resolve, reject) => {
      let isKilled = false;
      now = (note) => {
        if (isKilled) return;
        isKilled = true;
        this.#proxy.meddle = ({ pass }) => pass();
        this.#call.server
          .kill()
          .then(() => resolve(note))
          .catch(reject);
      };
    });
    let count = 0;
    this.#proxy.meddle = (passing) => {
      if (isSignal(passing)) count += 1;
      if (count < message) passing.pass();
      else now(`at message ${message}, ${passing.way}: ${kindOf(passing.text)}`);
    };
    return { done, now };
  }

  /** @returns when each of them saw the newcomer, and the newcomer them */
  async #eachOther(newcomer: Member, present: readonly Member[]): Promise<readonly number[]> {
    return await Promise.all(
      present.flatMap((member) => [seesCamera(newcomer, member), seesCamera(member, newcomer)]),
    );
  }
}

/** What a signal is, as far as it can be read. */
function kindOf(packet: string): string {
  return /\\"type\\":\\"([a-z-]+)\\"/.exec(packet)?.[1] ?? 'acknowledgement';
}

export const serverKilledMidNegotiation: Fault = {
  id: '1',
  title: 'The server is killed at each message of a negotiation',
  expected: {
    unit: 'ms',
    max: 5_000,
    at: 'worst',
    what: 'newcomer and others see each other, from when the server is back; the call of the others has no gap',
  },
  pairings: [['chromium', 'chromium']],
  runs: { full: MESSAGES, short: 1 },
  setUp: (pairing) => KilledMidNegotiation.setUp(pairing),
};
