import { describe, expect, test } from 'vitest';
import type { Room } from '../api.ts';
import { CallRig, nameOf, view } from '../testing/call-rig.ts';
import type { FakeAccess } from '../testing/fake-network.ts';
import { fakeRtc } from '../testing/fake-peer-connection.ts';
import type { MemorySignaling } from '../testing/memory-signaling.ts';
import { seededRandom, type SeededRandom } from '../testing/random.ts';

type Messages = { note: string };

/** Someone in the room, with what was sent and heard, and the two ways out: to the server, to the peers. */
interface Person {
  readonly name: string;
  readonly room: Room<Messages>;
  readonly access: FakeAccess;
  readonly signaling: MemorySignaling;
  /** What came, by sender. */
  readonly heard: Map<string, string[]>;
  sent: number;
}

const NAMES = ['Ann', 'Ben', 'Cem', 'Dora', 'Eli', 'Fay'];
const TURNS = 40;

/** Above what healing may take: a recovery's last resort, and the grace of those who are away. */
const HEALING_MS = 90_000;

class Scenario {
  readonly rig = new CallRig();
  readonly people: Person[] = [];
  readonly #random: SeededRandom;
  #serverUp = true;
  #joined = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  async join(): Promise<void> {
    const name = NAMES[this.#joined];
    if (name === undefined || !this.#serverUp) return;
    this.#joined += 1;
    const access: FakeAccess = { up: true };
    const rtc = fakeRtc(this.rig.network, access);
    const room = await this.rig.join<Messages>(name, { rtc });
    const signaling = this.rig.connections.at(-1);
    if (signaling === undefined) throw new Error('no connection');
    const heard = new Map<string, string[]>();
    room.on('message', ({ from, payload }) => append(heard, nameOf(from), payload));
    this.people.push({ name, room, access, signaling, heard, sent: 0 });
  }

  async turn(): Promise<void> {
    const random = this.#random;
    const person = this.people[random.integer(this.people.length)];
    const dice = random.next();
    if (person === undefined || dice < 0.1) await this.join();
    else if (dice < 0.5) this.#send(person);
    else if (dice < 0.62) this.rig.network.setUp(random.chance(0.5), person.access);
    else if (dice < 0.7) this.rig.network.setUp(random.chance(0.7));
    else if (dice < 0.8) person.signaling.lose({ back: random.chance(0.6) });
    else if (dice < 0.86) this.#toggleServer();
    else if (dice < 0.9) person.room.setPresence({ name: person.name, turn: random.integer(9) });
    else if (dice < 0.94) person.room.setMediaPreferences({});
    else if (this.people.length > 2) this.#leave(person);
    await this.rig.clock.advanceAsync(random.integer(9_000));
  }

  async heal(): Promise<void> {
    this.rig.network.setUp(true);
    for (const { access } of this.people) this.rig.network.setUp(true, access);
    if (!this.#serverUp) this.#toggleServer();
    for (const { signaling } of this.people) signaling.retryNow();
    await this.rig.clock.advanceAsync(HEALING_MS);
  }

  #send(person: Person): void {
    person.sent += 1;
    const note = `${person.name} ${person.sent}`;
    // Who leaves or is lost meanwhile gets nothing any more, and its sender is told so.
    for (const peer of person.room.peers.values()) peer.send('note', note).catch(() => undefined);
  }

  #toggleServer(): void {
    this.#serverUp = !this.#serverUp;
    if (this.#serverUp) this.rig.switchboard.start();
    else this.rig.switchboard.stop();
  }

  #leave(person: Person): void {
    this.people.splice(this.people.indexOf(person), 1);
    void person.room.leave();
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  lists.set(key, [...(lists.get(key) ?? []), value]);
}

const isOrdered = (notes: readonly string[]): boolean =>
  notes.every((note, index) => {
    const before = notes[index - 1];
    return before === undefined || Number(before.split(' ')[1]) < Number(note.split(' ')[1]);
  });

describe('after any faults, once they are over', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    test(`DELIV4 MSG1 everyone sees everyone, and nothing came twice or out of order (seed ${seed})`, async () => {
      const scenario = new Scenario(seededRandom(seed));
      await scenario.join();
      await scenario.join();
      await scenario.join();
      for (let turn = 0; turn < TURNS; turn += 1) await scenario.turn();
      await scenario.heal();

      const { people } = scenario;
      for (const person of people) {
        const others = people.filter((other) => other !== person);
        expect(view(person.room)).toEqual(
          Object.fromEntries(others.map(({ name }) => [name, 'connected'])),
        );
        for (const [sender, notes] of person.heard) {
          expect(new Set(notes).size, `${sender} heard twice by ${person.name}`).toBe(notes.length);
          expect(isOrdered(notes), `${sender} in order at ${person.name}: ${notes.join()}`).toBe(
            true,
          );
        }
      }
      // Nothing that a fault broke is left for good: every pair still carries messages both ways.
      for (const person of people) await person.room.send('note', `${person.name} 999999`);
      await scenario.rig.clock.advanceAsync(1_000);
      for (const person of people) {
        for (const other of people) {
          if (other !== person)
            expect(person.heard.get(other.name)).toContain(`${other.name} 999999`);
        }
      }
    });
  }
});
