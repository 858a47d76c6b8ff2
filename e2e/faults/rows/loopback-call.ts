import {
  enterHarness,
  join,
  newRoom,
  orderedPairs,
  seesCamera,
  type Member,
} from '../../rig/call.ts';
import { Party } from '../../rig/party.ts';
import { makeHarnessSite, ServerProcess } from '../../rig/server.ts';
import { waitFor, type BrowserName, type BrowserTab, type TabOptions } from '../../rig/tab.ts';

/** Eight who come at once on two busy cores; nothing is measured meanwhile. */
const GATHER_MAX_MS = 60_000;

export interface TakeOptions {
  /** Where the page is opened, such as a proxy; at the server itself where left out. */
  readonly url?: string;
  readonly tab?: Omit<Partial<TabOptions>, 'participant'>;
  /** See `JoinInput`. */
  readonly deaf?: boolean;
}

/** A call whose people and server are all on this machine, for faults that are none of the network's. */
export class LoopbackCall {
  readonly server: ServerProcess;
  readonly party = new Party();
  readonly members: Member[] = [];
  readonly #removeSite: () => Promise<void>;
  #room: string | undefined;

  private constructor(server: ServerProcess, removeSite: () => Promise<void>) {
    this.server = server;
    this.#removeSite = removeSite;
  }

  /** Begins with people who all see each other, numbered from 1. */
  static async begin(
    browsers: readonly BrowserName[],
    options: Omit<TakeOptions, 'url'> = {},
  ): Promise<LoopbackCall> {
    const site = await makeHarnessSite();
    const call = new LoopbackCall(await ServerProcess.start(site.dir), site.remove);
    try {
      for (const browser of browsers) await call.take(browser, options);
      await call.everyoneSeesEveryone();
    } catch (error) {
      await call.close();
      throw error;
    }
    return call;
  }

  get room(): string {
    if (this.#room === undefined) throw new Error('nobody was here yet');
    return this.#room;
  }

  get pairs(): readonly (readonly [Member, Member])[] {
    return orderedPairs(this.members);
  }

  /** One more comes. */
  async take(browser: BrowserName, options: TakeOptions = {}): Promise<Member> {
    const { tab, ...rest } = options;
    return await this.admit(
      await this.party.newTab(browser, { ...tab, participant: this.nextParticipant }),
      rest,
    );
  }

  get nextParticipant(): number {
    return this.members.length + 1;
  }

  /** One more comes, in a tab that is there. */
  async admit(
    tab: BrowserTab,
    { url = this.server.url, deaf = false }: Omit<TakeOptions, 'tab'> = {},
  ): Promise<Member> {
    const member = await enterHarness(tab, url);
    this.#room ??= await newRoom(member.tab);
    await join(member, { room: this.#room, deaf });
    this.members.push(member);
    return member;
  }

  /** The last one to come closes the tab, and is gone for everyone. */
  async leave(member: Member): Promise<void> {
    if (this.members.at(-1) !== member) throw new Error('only the last one to come may leave');
    await this.party.closeTab(member.tab);
    this.members.pop();
    for (const { tab } of this.members) {
      await waitFor(
        tab,
        `${member.name} to have left`,
        (name: string) => !window.harness.names().includes(name),
        member.name,
      );
    }
  }

  async everyoneSeesEveryone(): Promise<void> {
    for (const [viewer, shown] of this.pairs) await seesCamera(viewer, shown, 0, GATHER_MAX_MS);
  }

  async close(): Promise<void> {
    await this.party.close();
    await this.server.kill();
    await this.#removeSite();
  }
}
