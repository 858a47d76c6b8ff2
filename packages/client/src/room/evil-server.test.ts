import { parseCard, type Envelope, type Introduction, type PeerId } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { createIdentity, deriveRoomId, wellFormed } from '../link/room-keys.ts';
import { createRoomLink } from '../link/room-link.ts';
import { numberFromEnvironment } from '../testing/from-environment.ts';
import { MemorySwitchboard } from '../testing/memory-signaling.ts';
import { seededRandom, type SeededRandom } from '../testing/random.ts';
import { SealedMember } from '../testing/sealed-member.ts';

/** EVIL_MUTATIONS=100000 for ten times as many. */
const MUTATIONS = numberFromEnvironment('EVIL_MUTATIONS') ?? 10_000;

/** Below the width of the window (SPEC.md, SEAL6). */
const REMEMBERED = 200;

/** So many at a time, then it is looked at what became of them. */
const BATCH = 100;

/** What a server can do to what it carries; `genuine` is nothing. */
const TRICKS = [
  'genuine',
  'again',
  'bit',
  'cut',
  'longer',
  'counter',
  'version',
  'spliced',
  'reflected',
  'misdirected',
  'renamed',
  'other room',
  'own words',
  'noise',
  'stranger',
  'own key',
  'card moved',
  'card changed',
  'card swapped',
] as const;
type Trick = (typeof TRICKS)[number];

/** Those that the room need not tell of: nothing in them is forged. */
const QUIET: readonly Trick[] = ['genuine', 'again'];

interface Said {
  readonly from: SealedMember;
  readonly to: SealedMember;
  readonly body: string;
  /** How Ann names it, if she takes it in. */
  readonly name: string;
}

/** A server that introduces and carries as it likes; its victim is Ann. */
class EvilServer {
  readonly #random: SeededRandom;
  readonly #ann: SealedMember;
  readonly #others: readonly SealedMember[];
  /** Of another link, but in whatever room it likes. */
  readonly #strangers: readonly SealedMember[];
  /** Of this link, in another room. */
  readonly #elsewhere: SealedMember;
  readonly #overheard: Said[] = [];
  /** What Ann may hear, each once. */
  readonly owed = new Set<string>();
  #number = 0;

  private constructor(random: SeededRandom, members: readonly SealedMember[]) {
    const [ann, bob, cem, mallory, mate, elsewhere] = members;
    if (ann === undefined || bob === undefined || cem === undefined) throw new Error('members');
    if (mallory === undefined || mate === undefined || elsewhere === undefined)
      throw new Error('strangers');
    this.#random = random;
    this.#ann = ann;
    this.#others = [bob, cem];
    this.#strangers = [mallory, mate];
    this.#elsewhere = elsewhere;
  }

  static async begin(random: SeededRandom): Promise<EvilServer> {
    const link = createRoomLink('evil');
    const theirs = createRoomLink('evil');
    const room = await deriveRoomId(link);
    const hall = new MemorySwitchboard();
    const backroom = new MemorySwitchboard();
    const members = [
      await SealedMember.join(hall, link),
      await SealedMember.join(hall, link),
      await SealedMember.join(hall, link),
      await SealedMember.join(backroom, theirs, room),
      await SealedMember.join(backroom, theirs, room),
      await SealedMember.join(backroom, link, await deriveRoomId(theirs)),
    ];
    await members[0]?.hears(3);
    return new EvilServer(random, members);
  }

  get heard(): SealedMember['told'] {
    return this.#ann.told;
  }

  async play(trick: Trick): Promise<void> {
    const random = this.#random;
    const [from, other] = random.chance(0.5) ? this.#others : this.#others.toReversed();
    if (from === undefined || other === undefined) throw new Error('members');
    const said = await this.#say(from, this.#ann);
    const bytes = fromBase64Url(said.body);
    const deliver = (body: string, as = from.id): void => this.#ann.given(as, body);
    switch (trick) {
      case 'genuine':
        this.#owe(said);
        return;
      case 'again': {
        const earlier = this.#overheard[random.integer(this.#overheard.length)] ?? said;
        // What was held back and comes late is genuine all the same, once.
        for (const one of [earlier, said, said, earlier]) if (one.to === this.#ann) this.#owe(one);
        return;
      }
      case 'bit': {
        const at = random.integer(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
        deliver(toBase64Url(bytes));
        return;
      }
      case 'cut':
        deliver(toBase64Url(bytes.subarray(0, random.integer(bytes.length))));
        return;
      case 'longer':
        deliver(toBase64Url(Uint8Array.from([...bytes, ...this.#noise(1 + random.integer(40))])));
        return;
      case 'counter':
        bytes.set(this.#noise(8), 1);
        deliver(toBase64Url(bytes));
        return;
      case 'version':
        bytes[0] = 2 + random.integer(254);
        deliver(toBase64Url(bytes));
        return;
      case 'spliced': {
        const second = fromBase64Url((await this.#say(from, this.#ann)).body);
        bytes.set(second.subarray(0, 9));
        deliver(toBase64Url(bytes));
        return;
      }
      case 'reflected':
        deliver((await this.#say(this.#ann, from)).body);
        return;
      case 'misdirected':
        deliver((await this.#say(from, other)).body);
        return;
      case 'renamed':
        deliver(said.body, other.id);
        return;
      case 'other room':
        deliver(said.body, this.#elsewhere.id);
        return;
      case 'own words':
        deliver(JSON.stringify(this.#envelope()));
        return;
      case 'noise':
        deliver(toBase64Url(this.#noise(1 + random.integer(2_000))));
        return;
      case 'stranger':
        this.#introduce(this.#strangers[random.integer(this.#strangers.length)] ?? from);
        return;
      case 'own key':
        this.#introduce(this.#ann);
        return;
      case 'card moved': {
        const { peer } = await createIdentity();
        this.#introduce({ id: peer, card: from.card });
        return;
      }
      case 'card changed': {
        const card = fromBase64Url(from.card);
        const at = random.integer(card.length);
        card[at] = (card[at] ?? 0) ^ (1 << random.integer(8));
        const { peer } = await createIdentity();
        this.#introduce({ id: peer, card: toBase64Url(card) });
        return;
      }
      case 'card swapped':
        this.#introduce({ id: from.id, card: other.card });
    }
  }

  async #say(from: SealedMember, to: SealedMember): Promise<Said> {
    const body = await from.say(to, this.#envelope());
    const said = { from, to, body, name: `${from.id} ${this.#number}` };
    this.#overheard.push(said);
    if (this.#overheard.length > REMEMBERED) this.#overheard.shift();
    return said;
  }

  /** Each has a number of its own, by which it is known again. */
  #envelope(): Envelope {
    this.#number += 1;
    return { epoch: this.#number, toEpoch: 0, seq: 1, base: 1, ack: 0, signal: { type: 'hail' } };
  }

  #owe({ from, body, name }: Said): void {
    this.owed.add(name);
    this.#ann.given(from.id, body);
  }

  #introduce({ id: peer, card }: { readonly id: PeerId; readonly card: string }): void {
    const introduction: Introduction = { peer, card: wellFormed(parseCard(card)) };
    this.#ann.signaling.deliver({ event: 'joined', data: { ...introduction, version: 9 } });
  }

  #noise(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.integer(256));
  }
}

describe('an evil server', () => {
  const seed = numberFromEnvironment('PEERLINE_TEST_SEED') ?? Math.floor(Math.random() * 2 ** 31);

  test(`SEAL7 adds, changes and repeats nothing that a member takes in (${MUTATIONS} mutations, seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const server = await EvilServer.begin(random);
    const played = new Map<Trick, number>();
    let expected = server.heard.length;
    for (let done = 0; done < MUTATIONS; done += BATCH) {
      const owedBefore = server.owed.size;
      let forgeries = 0;
      for (let one = 0; one < BATCH; one += 1) {
        const trick = TRICKS[random.integer(TRICKS.length)] ?? 'genuine';
        played.set(trick, (played.get(trick) ?? 0) + 1);
        await server.play(trick);
        if (!QUIET.includes(trick)) forgeries += 1;
      }
      expected += forgeries + server.owed.size - owedBefore;
      while (server.heard.length < expected) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const heard = server.heard.slice(3);
    const signals = heard.flatMap(([type, detail]) =>
      type === 'signal' ? [`${detail.from} ${detail.envelope.epoch}`] : [],
    );
    expect(new Set(signals).size, 'each once').toBe(signals.length);
    expect(
      signals.filter((one) => !server.owed.has(one)),
      'nothing else',
    ).toEqual([]);
    expect(signals.length, 'nothing genuine is lost').toBe(server.owed.size);
    expect(heard.filter(([type]) => type === 'joined' || type === 'welcome')).toEqual([]);
    expect(heard).toHaveLength(expected - 3);
    expect(played.size, 'every trick was tried').toBe(TRICKS.length);
  }, 120_000);
});
