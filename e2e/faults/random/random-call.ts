import type { Host } from '../../netlab/host.ts';
import { createNetlab, type Netlab } from '../../netlab/netlab.ts';
import {
  join,
  newRoom,
  openHarness,
  orderedPairs,
  seesCamera,
  type Member,
} from '../../rig/call.ts';
import { Party } from '../../rig/party.ts';
import { makeHarnessSite, ServerProcess } from '../../rig/server.ts';
import type { BrowserName } from '../../rig/tab.ts';
import { launchOn, ONE_WAY_MS } from '../lab-call.ts';

/** A machine with a browser, and whoever sits there now. */
export interface Place {
  readonly host: Host;
  readonly browser: BrowserName;
  readonly party: Party;
  member: Member;
}

/** Three machines and a server in a lab. The browsers stay; pages come and go. */
export class RandomCall {
  readonly server: ServerProcess;
  readonly #lab: Netlab;
  readonly #removeSite: () => Promise<void>;
  readonly #machines: readonly Omit<Place, 'member'>[];
  #places: Place[] = [];
  #room = '';
  #participants = 0;

  private constructor(
    lab: Netlab,
    server: ServerProcess,
    removeSite: () => Promise<void>,
    machines: readonly Omit<Place, 'member'>[],
  ) {
    this.#lab = lab;
    this.server = server;
    this.#removeSite = removeSite;
    this.#machines = machines;
  }

  static async open(browsers: readonly BrowserName[]): Promise<RandomCall> {
    const lab = await createNetlab();
    const site = await makeHarnessSite();
    try {
      const server = await ServerProcess.start(site.dir, await lab.host('server'));
      const machines: Omit<Place, 'member'>[] = [];
      for (const [index, browser] of browsers.entries()) {
        const host = await lab.host(`machine${index + 1}`, { link: { delayMs: ONE_WAY_MS } });
        const party = new Party(() => launchOn(host, browser, server.url));
        machines.push({ host, browser, party });
      }
      return new RandomCall(lab, server, site.remove, machines);
    } catch (error) {
      await lab.close();
      await site.remove();
      throw error;
    }
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  get members(): readonly Member[] {
    return this.#places.map(({ member }) => member);
  }

  get pairs(): readonly (readonly [Member, Member])[] {
    return orderedPairs(this.members);
  }

  /** New people on all machines, in a room of their own, who see each other. */
  async gather(): Promise<void> {
    this.#participants = 0;
    this.#room = '';
    this.#places = [];
    for (const machine of this.#machines) {
      await machine.party.closeTabs();
      this.#places.push({ ...machine, member: await this.#arrive(machine) });
    }
    for (const [viewer, shown] of this.pairs) await seesCamera(viewer, shown);
  }

  /** Who sits at a machine leaves, and somebody else comes. */
  async replace(place: Place): Promise<void> {
    await place.party.closeTab(place.member.tab);
    place.member = await this.#arrive(place);
  }

  async close(): Promise<void> {
    await Promise.all(this.#machines.map(({ party }) => party.close()));
    await this.#lab.close();
    await this.#removeSite();
  }

  async #arrive({ party, browser }: Omit<Place, 'member'>): Promise<Member> {
    this.#participants += 1;
    const member = await openHarness(party, browser, this.#participants, this.server.url);
    if (this.#room === '') this.#room = await newRoom(member.tab);
    await join(member, { room: this.#room });
    return member;
  }
}
