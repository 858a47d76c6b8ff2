import type { Host } from '../netlab/host.ts';
import type { LinkShape } from '../netlab/link.ts';
import { createNetlab, type Netlab } from '../netlab/netlab.ts';
import type { NatKind } from '../netlab/router.ts';
import { join, newRoom, openHarness, orderedPairs, seesCamera, type Member } from '../rig/call.ts';
import { ChromiumDriver } from '../rig/chromium.ts';
import { findExecutable } from '../rig/executables.ts';
import { FirefoxDriver } from '../rig/firefox.ts';
import { launchFirefoxInside } from '../rig/firefox-inside.ts';
import { Party } from '../rig/party.ts';
import { makeHarnessSite, ServerProcess } from '../rig/server.ts';
import type { BrowserName, Driver } from '../rig/tab.ts';
import type { Pairing } from './fault.ts';

/** On the link of each member, so that two of them are 40 ms apart there and back. */
export const ONE_WAY_MS = 10;

/** A member of the call and the machine that it sits at. */
export interface Seat {
  readonly host: Host;
  readonly member: Member;
}

interface MeetOptions {
  readonly relayOnly?: boolean;
}

export interface LabCallOptions {
  /** Of the members' links; 10 ms one way where nothing else is said. */
  readonly link?: Partial<LinkShape>;
  /** Puts each member behind a router of its own. */
  readonly nat?: NatKind;
  readonly seed?: number;
  /** Of the signaling server, told by what stands in the lab ahead of it, such as a TURN server. */
  readonly serverOptions?: (lab: Netlab) => Promise<readonly string[]>;
}

/** Two browsers and a server, each on a machine of its own in a network made for them. */
export class LabCall {
  readonly lab: Netlab;
  readonly server: ServerProcess;
  readonly seats: readonly [Seat, Seat];
  readonly #parties: readonly Party[];
  readonly #removeSite: () => Promise<void>;
  #met: { readonly offerer: string; readonly by: MeetOptions } | undefined;

  private constructor(
    lab: Netlab,
    server: ServerProcess,
    seats: readonly [Seat, Seat],
    parties: readonly Party[],
    removeSite: () => Promise<void>,
  ) {
    this.lab = lab;
    this.server = server;
    this.seats = seats;
    this.#parties = parties;
    this.#removeSite = removeSite;
  }

  /** @returns once both pages are open; nobody has joined */
  static async open(pairing: Pairing, options: LabCallOptions = {}): Promise<LabCall> {
    const { seed = 1, serverOptions } = options;
    const lab = await createNetlab({ seed });
    const site = await makeHarnessSite();
    const parties: Party[] = [];
    try {
      const host = await lab.host('server');
      const more = await serverOptions?.(lab);
      const server = await ServerProcess.start(site.dir, host, more);
      const take = async (name: string, participant: number): Promise<Seat> => {
        const browser = pairing[participant - 1] ?? pairing[0];
        const machine = await addMachine(lab, name, options);
        const party = new Party(() => launchOn(machine, browser, server.url));
        parties.push(party);
        const member = await openHarness(party, browser, participant, server.url);
        return { host: machine, member };
      };
      const seats = [await take('ann', 1), await take('ben', 2)] as const;
      return new LabCall(lab, server, seats, parties, site.remove);
    } catch (error) {
      await Promise.all(parties.map((party) => party.close()));
      await lab.close();
      await site.remove();
      throw error;
    }
  }

  /** The same, with both in a call and seeing each other. */
  static async begin(
    pairing: Pairing,
    options: LabCallOptions = {},
    how: MeetOptions = {},
  ): Promise<LabCall> {
    const call = await LabCall.open(pairing, options);
    try {
      await call.#meet(how);
      return call;
    } catch (error) {
      await call.close();
      throw error;
    }
  }

  /** Who makes the pair's offers, which is drawn with the ids (SPEC.md, NEG1). */
  get offerer(): string {
    return this.#met?.offerer ?? 'nobody';
  }

  /** Has them leave and meet again until that one makes the offers: browsers recover by other ways then. */
  async offeredBy({ name }: Member): Promise<void> {
    while (this.#met !== undefined && this.#met.offerer !== name) {
      const leave = this.members.map(({ tab }) => tab.evaluate(() => window.harness.room.leave()));
      await Promise.all(leave);
      const maker = this.members.find((member) => member.name !== name);
      await this.#meet(this.#met.by, maker);
    }
  }

  /** @param maker of the link, to whom the other one offers but for one in ten thousand meetings */
  async #meet(by: MeetOptions, maker = this.#anyone()): Promise<void> {
    const [one, other] = this.members;
    const room = await newRoom(maker.tab);
    const [id, otherId] = await Promise.all([
      join(one, { room, ...by }),
      join(other, { room, ...by }),
    ]);
    this.#met = { offerer: id > otherId ? one.name : other.name, by };
    for (const [viewer, shown] of this.pairs) await seesCamera(viewer, shown);
  }

  /** Either may offer in a call of two who got the link from a third. */
  #anyone(): Member {
    return this.members[Math.random() < 0.5 ? 0 : 1];
  }

  get members(): readonly [Member, Member] {
    return [this.seats[0].member, this.seats[1].member];
  }

  /** Who looks, and who is looked at; both ways. */
  get pairs(): readonly (readonly [Member, Member])[] {
    return orderedPairs(this.members);
  }

  async close(): Promise<void> {
    await Promise.all(this.#parties.map((party) => party.close()));
    await this.lab.close();
    await this.#removeSite();
  }
}

async function addMachine(
  lab: Netlab,
  name: string,
  { link = { delayMs: ONE_WAY_MS }, nat }: LabCallOptions,
): Promise<Host> {
  if (nat === undefined) return await lab.host(name, { link });
  return await lab.host(name, { link, behind: await lab.router(`${name}nat`, { nat }) });
}

/** Cameras are for secure origins, and this one is of no use to anyone outside. */
export async function launchOn(host: Host, browser: BrowserName, url: string): Promise<Driver> {
  switch (browser) {
    case 'chromium':
      return await ChromiumDriver.launch({
        executablePath: await host.wrap(findExecutable('chromium')),
        args: [
          `--unsafely-treat-insecure-origin-as-secure=${url}`,
          // For `turns:`; see docs/decisions/0015-turn-over-tls.md.
          '--ignore-certificate-errors',
        ],
      });
    case 'firefox':
      return new FirefoxDriver({
        launch: (preferences) => launchFirefoxInside(host, preferences),
        preferences: {
          'dom.securecontext.allowlist': new URL(url).hostname,
          'media.devices.insecure.enabled': true,
          'media.getusermedia.insecure.enabled': true,
        },
      });
  }
}
