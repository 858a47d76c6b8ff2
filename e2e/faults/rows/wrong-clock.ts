import { join, newRoom, openHarness, orderedPairs, seesCamera } from '../../rig/call.ts';
import { Coturn, TURN_SECRET } from '../../rig/coturn.ts';
import { Party } from '../../rig/party.ts';
import { makeHarnessSite, ServerProcess } from '../../rig/server.ts';
import { shiftedClock } from '../../rig/shifted-clock.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { BOTH_PAIRINGS } from '../watching.ts';

/** So short that a client which compared the end with its own clock would find them ended. */
const TTL_SECONDS = 120;

/**
 * The clock of two people is off from that of server and TURN server. It is the servers' that are
 * shifted, since browsers do not run under libfaketime; whose clock is right makes no difference to
 * anyone. All go over the relay, by credentials whose end the server computes and coturn compares.
 */
class WrongClock implements Stage {
  readonly #party = new Party();
  readonly #server: ServerProcess;
  readonly #coturn: Coturn;
  readonly #removeSite: () => Promise<void>;
  readonly #pairing: Pairing;

  private constructor(
    server: ServerProcess,
    coturn: Coturn,
    removeSite: () => Promise<void>,
    pairing: Pairing,
  ) {
    this.#server = server;
    this.#coturn = coturn;
    this.#removeSite = removeSite;
    this.#pairing = pairing;
  }

  static async setUp(pairing: Pairing, offset: string): Promise<Stage> {
    const machine = await shiftedClock(offset);
    const site = await makeHarnessSite();
    const coturn = await Coturn.start({ allowLoopback: true, machine });
    const server = await ServerProcess.start(site.dir, machine, [
      '--turn-url',
      `turn:127.0.0.1:${coturn.port}?transport=udp`,
      '--turn-secret',
      TURN_SECRET,
      '--turn-ttl',
      String(TTL_SECONDS),
    ]);
    return new WrongClock(server, coturn, site.remove, pairing);
  }

  async run(): Promise<Measurement> {
    const beginMs = Date.now();
    const members = [
      await openHarness(this.#party, this.#pairing[0], 1, this.#server.url),
      await openHarness(this.#party, this.#pairing[1], 2, this.#server.url),
    ] as const;
    const room = await newRoom(members[0].tab);
    await Promise.all(members.map((one) => join(one, { room, relayOnly: true }, ['camera'])));
    const seen = orderedPairs(members).map(([viewer, shown]) => seesCamera(viewer, shown));
    const seenMs = Math.max(...(await Promise.all(seen)));
    await waitFor(
      members[0].tab,
      'the relayed route',
      (name: string) => window.harness.peer(name).quality?.route === 'relay',
      members[1].name,
    );
    const offMs = await this.#offset();
    await this.#party.closeTabs();
    return {
      value: 0,
      note: `the servers' clock is off by ${Math.round(offMs / 1_000)} s; seen after ${seenMs - beginMs} ms, pages included`,
    };
  }

  async close(): Promise<void> {
    await this.#party.close();
    await this.#server.kill();
    await this.#coturn.stop();
    await this.#removeSite();
  }

  /** @returns by how much the server is ahead, as its own answers say */
  async #offset(): Promise<number> {
    const { headers } = await fetch(`${this.#server.url}/healthz`);
    const serverMs = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(serverMs)) throw new Error('the server names no date');
    if (Math.abs(serverMs - Date.now()) < 60_000) throw new Error("the server's clock is right");
    return serverMs - Date.now();
  }
}

function wrongClock(id: string, offset: string, title: string): Fault {
  return {
    id,
    title,
    expected: { unit: 'count', max: 0, at: 'worst', what: 'calls that did not come about' },
    pairings: BOTH_PAIRINGS,
    runs: { full: 5, short: 0 },
    setUp: (pairing) => WrongClock.setUp(pairing, offset),
  };
}

export const wrongClocks: readonly Fault[] = [
  wrongClock('20a', '-5m', 'The clock is 5 min ahead of the servers'),
  wrongClock('20b', '+5m', 'The clock is 5 min behind the servers'),
];
