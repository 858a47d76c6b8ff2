import { Coturn } from '../../rig/coturn.ts';
import { Party } from '../../rig/party.ts';
import { RelayCall } from '../../rig/relay-call.ts';
import { makeHarnessSite } from '../../rig/server.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { BOTH_PAIRINGS } from '../watching.ts';
import { GAP_MAX_MS } from './observe.ts';

/** Two on a relay, past the end of the credentials that they came with. */
class EndingCredentials implements Stage {
  readonly #call: RelayCall;
  readonly #coturn: Coturn;
  readonly #party: Party;
  readonly #removeSite: () => Promise<void>;

  private constructor(
    call: RelayCall,
    coturn: Coturn,
    party: Party,
    removeSite: () => Promise<void>,
  ) {
    this.#call = call;
    this.#coturn = coturn;
    this.#party = party;
    this.#removeSite = removeSite;
  }

  static async setUp(browsers: Pairing): Promise<Stage> {
    const site = await makeHarnessSite();
    const coturn = await Coturn.start({ allowLoopback: true });
    const party = new Party();
    try {
      const call = await RelayCall.begin({
        party,
        coturn,
        staticDir: site.dir,
        transport: 'udp',
        browsers,
      });
      return new EndingCredentials(call, coturn, party, site.remove);
    } catch (error) {
      await party.close();
      await coturn.stop();
      await site.remove();
      throw error;
    }
  }

  async run(): Promise<Measurement> {
    const notices = await this.#call.outliveCredentials();
    const dropped = notices.filter(
      ({ states, longestStallMs }) =>
        states.some((state) => state !== 'connected') || longestStallMs > GAP_MAX_MS,
    );
    const longestMs = Math.max(...notices.map(({ longestStallMs }) => longestStallMs));
    return { value: dropped.length, note: `longest stall ${Math.round(longestMs)} ms` };
  }

  async close(): Promise<void> {
    await this.#party.close();
    await this.#call.close();
    await this.#coturn.stop();
    await this.#removeSite();
  }
}

export const endingCredentials: Fault = {
  id: '21',
  title: 'TURN credentials end in a call',
  expected: {
    unit: 'count',
    max: 0,
    at: 'worst',
    what: 'drops; new ones in time, and a newcomer joins with them',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 0 },
  setUp: (pairing) => EndingCredentials.setUp(pairing),
};
