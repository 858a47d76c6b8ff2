import { parseJoin, type Card, type PeerId, type RoomId } from '@peerline/protocol';
import type { SeededRandom } from '../page/seeded-random.ts';
import { isSignal, type Passing, type SignalProxy } from '../rig/signal-proxy.ts';
import type { EvilEndpoint } from './endpoint.ts';
import { Forger, newPeer } from './forger.ts';

/** What is done to signals on their way; the members' own delivery gets over it. */
const ON_THE_WAY = ['lost', 'held', 'twice', 'as it is', 'as it is'] as const;

/** What is put in front of a member beside them; each is to be told as not genuine. */
export const FORGERIES = [
  'bit turned',
  'cut',
  'reflected',
  'misdirected',
  'replayed from an earlier session',
  'renamed',
  'lure in the name of the other',
  'lure in the name of a stranger',
  'stranger comes',
  'own card for the other',
  'other’s card for a stranger',
] as const;
export type Forgery = (typeof FORGERIES)[number];

/** Of so many bodies one is chosen for a replay. */
const REMEMBERED = 200;

interface Line {
  readonly peer: PeerId;
  readonly card: Card;
  give: ((text: string) => void) | undefined;
}

interface Overheard {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly body: string;
}

/** An evil server between two members: meddles with what they say, and says things of its own. */
export class Campaign {
  readonly #proxy: SignalProxy;
  readonly #random: SeededRandom;
  readonly #endpoint: EvilEndpoint;
  readonly #lines = new Map<number, Line>();
  readonly #overheard: Overheard[] = [];
  readonly #told = new Map<PeerId, number>();
  /** How often each was done. */
  readonly done = new Map<string, number>();
  #forger: Forger | undefined;
  #room: RoomId | undefined;
  /** Says the other one's existence to neither. */
  isSplitting = false;
  #held: (() => void) | undefined;

  constructor(proxy: SignalProxy, random: SeededRandom, endpoint: EvilEndpoint) {
    this.#proxy = proxy;
    this.#random = random;
    this.#endpoint = endpoint;
  }

  begin(): void {
    this.#proxy.meddle = (passing) => this.#meddle(passing);
  }

  /** How many forgeries a member is to have told of. */
  owed(peer: PeerId): number {
    return this.#told.get(peer) ?? 0;
  }

  get count(): number {
    return [...this.done.values()].reduce((sum, one) => sum + one, 0);
  }

  /** So many forgeries, to either of the two. */
  async forge(count: number, [one, other]: readonly [PeerId, PeerId]): Promise<void> {
    this.#release();
    for (let done = 0; done < count;) {
      const [victim, friend] = this.#random.chance(0.5) ? [one, other] : [other, one];
      // Some need what only a later round has, such as an earlier session.
      if (await this.#play(this.#random.pick(FORGERIES), victim, friend)) done += 1;
    }
  }

  #meddle({ way, text, line, pass }: Passing): void {
    if (way === 'up') {
      if (text.startsWith('40{')) this.#meet(line, text);
      pass();
      return;
    }
    const client = this.#lines.get(line);
    if (client !== undefined) client.give = pass;
    if (this.isSplitting && text.startsWith('42["joined",')) return;
    if (this.isSplitting && text.startsWith('42["welcome",')) {
      const [, welcome] = JSON.parse(text.slice(2)) as [string, object];
      pass(`42${JSON.stringify(['welcome', { ...welcome, peers: [] }])}`);
      return;
    }
    if (client === undefined || !isSignal({ text })) {
      pass();
      return;
    }
    const [, { from, body }] = JSON.parse(text.slice(2)) as [string, Overheard];
    this.#overheard.push({ from, to: client.peer, body });
    if (this.#overheard.length > REMEMBERED) this.#overheard.shift();
    this.#carry(pass);
  }

  #carry(pass: () => void): void {
    const how = this.#random.pick(ON_THE_WAY);
    this.#note(how);
    switch (how) {
      case 'lost':
        return;
      case 'held':
        // Until the next one has passed it.
        this.#release();
        this.#held = pass;
        return;
      case 'twice':
        pass();
        pass();
        break;
      case 'as it is':
        pass();
    }
    this.#release();
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  #meet(line: number, packet: string): void {
    const join = parseJoin(JSON.parse(packet.slice(2)));
    if (!join.ok) throw join.error;
    const { peer, card } = join.value;
    this.#lines.set(line, { peer, card, give: undefined });
    this.#room = join.value.room;
  }

  async #play(forgery: Forgery, victim: PeerId, friend: PeerId): Promise<boolean> {
    const random = this.#random;
    const forger = await this.#forgerHere();
    const { stranger } = forger;
    const signal = (from: PeerId, body: string): boolean =>
      this.#say(victim, 'signal', { from, body });
    const introduce = (peer: PeerId, card: Card): boolean =>
      this.#say(victim, 'joined', { peer, card, version: 99 });
    const heard = (fits: (one: Overheard) => boolean): string | undefined => {
      const all = this.#overheard.filter(fits);
      return all.length === 0 ? undefined : random.pick(all).body;
    };
    const own = heard(({ from, to }) => from === friend && to === victim);
    const lure = await forger.lure();
    const said = ((): boolean => {
      switch (forgery) {
        case 'bit turned': {
          if (own === undefined) return false;
          const bytes = Buffer.from(own, 'base64url');
          const at = random.below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
          return signal(friend, bytes.toString('base64url'));
        }
        case 'cut':
          if (own === undefined) return false;
          return signal(friend, own.slice(0, 1 + random.below(own.length - 1)));
        case 'reflected': {
          const body = heard(({ from, to }) => from === victim && to === friend);
          return body !== undefined && signal(friend, body);
        }
        case 'misdirected': {
          const body = heard(({ to }) => to !== victim && to !== friend);
          return body !== undefined && signal(friend, body);
        }
        case 'replayed from an earlier session': {
          const body = heard(({ from }) => from !== victim && from !== friend);
          return body !== undefined && signal(friend, body);
        }
        case 'renamed':
          return own !== undefined && signal(newPeer(), own);
        case 'stranger comes':
          return introduce(stranger.peer, stranger.card);
        case 'own card for the other':
          return introduce(friend, stranger.card);
        case 'other’s card for a stranger': {
          const card = this.#lineOf(friend)?.card;
          return card !== undefined && introduce(newPeer(), card);
        }
        case 'lure in the name of the other':
          return signal(friend, lure);
        case 'lure in the name of a stranger':
          return signal(stranger.peer, lure);
      }
    })();
    if (!said) return false;
    this.#note(forgery);
    this.#told.set(victim, this.owed(victim) + 1);
    return true;
  }

  async #forgerHere(): Promise<Forger> {
    if (this.#room === undefined) throw new Error('nobody has joined');
    this.#forger ??= await Forger.create(this.#endpoint, this.#random, this.#room);
    return this.#forger;
  }

  #lineOf(peer: PeerId): Line | undefined {
    // A member that joined anew over another connection has the later one.
    return [...this.#lines.values()].findLast((line) => line.peer === peer);
  }

  #say(to: PeerId, event: string, data: object): boolean {
    const give = this.#lineOf(to)?.give;
    give?.(`42${JSON.stringify([event, data])}`);
    return give !== undefined;
  }

  #note(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }
}
