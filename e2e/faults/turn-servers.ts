import type { Host } from '../netlab/host.ts';
import type { Netlab } from '../netlab/netlab.ts';
import { Coturn, TURN_SECRET } from '../rig/coturn.ts';
import { waitFor } from '../rig/tab.ts';
import type { Pair } from './watching.ts';

/** TURN servers of a lab, each on a machine of its own. */
export class TurnServers {
  readonly #running = new Map<Host, Coturn>();

  /** @returns once it answers */
  async add(lab: Netlab, name = 'turn'): Promise<void> {
    await this.#start(await lab.host(name));
  }

  /** What the signaling server is told of them. */
  get options(): readonly string[] {
    const urls = [...this.#running.values()].flatMap((server) => server.urls);
    return ['--turn-secret', TURN_SECRET, ...urls.flatMap((url) => ['--turn-url', url])];
  }

  /**
   * SIGKILL to the one with the relay of that address.
   *
   * @returns what starts it again
   */
  async kill(address: string): Promise<() => Promise<void>> {
    for (const [host, server] of this.#running) {
      if (host.address !== address) continue;
      await server.stop();
      return () => this.#start(host);
    }
    throw new Error(`no TURN server has the address ${address}`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((server) => server.stop()));
  }

  async #start(host: Host): Promise<void> {
    this.#running.set(host, await Coturn.startOn(host));
  }
}

/** Waits until the SDK says that a pair goes over a relay. */
export async function waitRelayed([viewer, shown]: Pair): Promise<void> {
  await waitFor(
    viewer.tab,
    `the route to ${shown.name} to be a relay`,
    (name: string) => window.harness.peer(name).quality?.route === 'relay',
    shown.name,
  );
}

/** The relay of its own that a viewer sends and receives by, from the browser's statistics. */
export interface OwnRelay {
  /** Of the TURN server. */
  readonly address: string;
  /** How the viewer reaches it. */
  readonly protocol: string;
}

/** @returns undefined where its own candidate of the pair in use is no relay */
export async function ownRelay([viewer, shown]: Pair): Promise<OwnRelay | undefined> {
  return await viewer.tab.evaluate(async (name: string) => {
    const stats = await window.harness.peer(name).stats();
    const entries = [...stats.values()] as readonly Record<string, unknown>[];
    const transport = entries.find(({ type }) => type === 'transport');
    const inUse = entries.find(({ type, id, nominated, selected, state }) => {
      if (type !== 'candidate-pair') return false;
      const chosen = transport?.['selectedCandidatePairId'];
      // Firefox says so of the pair itself.
      return chosen === undefined
        ? selected === true || (nominated === true && state === 'succeeded')
        : id === chosen;
    });
    const own = entries.find(({ id }) => id === inUse?.['localCandidateId']);
    if (own?.['candidateType'] !== 'relay') return undefined;
    return { address: String(own['address']), protocol: String(own['relayProtocol']) };
  }, shown.name);
}
