import { SeededRandom } from '../../page/seeded-random.ts';
import type { RandomCall, Place } from './random-call.ts';
import { ONE_WAY_MS } from '../lab-call.ts';

/** How long faults rage before everything is healed. */
const RAGE_MS = 20_000;

/** Between two events. */
const PAUSE_MAX_MS = 900;

const LOSS_MAX = 0.3;
const DELAY_MAX_MS = 150;

/** Who leaves the room is replaced; more often than this it would be about nothing else. */
const REPLACEMENTS_MAX = 2;

type Way = 'open' | 'cut' | 'down';

/** Random faults and random use of a call, by a seed. */
export class Scenario {
  readonly #call: RandomCall;
  readonly #random: SeededRandom;
  readonly #ways = new Map<Place, Way>();
  readonly #clean = new Set<Place>();
  readonly events: string[] = [];
  #beginMs = 0;
  #numbers = 0;
  #replacements = 0;
  #serverUp = true;

  constructor(call: RandomCall, seed: number) {
    this.#call = call;
    this.#random = new SeededRandom(seed);
    for (const place of call.places) {
      this.#ways.set(place, 'open');
      this.#clean.add(place);
    }
  }

  async rage(): Promise<void> {
    this.#beginMs = Date.now();
    while (Date.now() - this.#beginMs < RAGE_MS) {
      await this.#event();
      await new Promise((resolve) => setTimeout(resolve, this.#random.below(PAUSE_MAX_MS)));
    }
  }

  /** Everything is as it was in the beginning, cameras included. @returns when that was */
  async heal(): Promise<number> {
    for (const place of this.#call.places) {
      const { host } = place;
      if (this.#ways.get(place) === 'cut') await host.link.heal();
      if (this.#ways.get(place) === 'down') await host.up();
      await host.link.set({ loss: 0, delayMs: ONE_WAY_MS });
    }
    if (!this.#serverUp) await this.#call.server.start();
    for (const { member } of this.#call.places) {
      await member.tab.evaluate(() => window.harness.room.local.camera.enable());
    }
    this.#note('healed');
    return Date.now();
  }

  /** Everyone says one more number to everyone who is there. */
  async speak(place: Place): Promise<number> {
    this.#numbers += 1;
    await place.member.tab.evaluate(
      (number: number) => window.harness.tellNumber(number),
      this.#numbers,
    );
    return this.#numbers;
  }

  async #event(): Promise<void> {
    const random = this.#random;
    const place = random.pick(this.#call.places);
    const dice = random.next();
    if (dice < 0.4) await this.speak(place);
    else if (dice < 0.55) await this.#toggle(place);
    else if (dice < 0.7) await this.#breakOrMend(place);
    else if (dice < 0.8) await this.#worsen(place);
    else if (dice < 0.87) await this.#move(place);
    else if (dice < 0.95) await this.#toggleServer();
    else await this.#replace(place);
  }

  async #toggle(place: Place): Promise<void> {
    const source = this.#random.pick(['camera', 'microphone', 'screen'] as const);
    await place.member.tab.evaluate(async (name: typeof source) => {
      const { local } = window.harness.room;
      if (local[name].state.status === 'on') local[name].disable();
      else await local[name].enable();
    }, source);
    this.#note(`${place.member.name} toggles the ${source}`);
  }

  async #breakOrMend(place: Place): Promise<void> {
    const { host } = place;
    const way = this.#ways.get(place);
    const next: Way = way === 'open' ? this.#random.pick(['cut', 'down'] as const) : 'open';
    if (next === 'cut') await host.link.cut();
    else if (next === 'down') await host.down();
    else if (way === 'cut') await host.link.heal();
    else await host.up();
    this.#ways.set(place, next);
    this.#note(`${host.name} is ${next}`);
  }

  async #worsen(place: Place): Promise<void> {
    const loss = this.#random.chance(0.4) ? 0 : this.#random.next() * LOSS_MAX;
    const delayMs = this.#random.below(DELAY_MAX_MS);
    await place.host.link.set({ loss, delayMs });
    if (loss === 0) this.#clean.add(place);
    else this.#clean.delete(place);
    this.#note(`${place.host.name} loses ${Math.round(loss * 100)} %, ${delayMs} ms one way`);
  }

  async #move(place: Place): Promise<void> {
    if (this.#ways.get(place) === 'down') return;
    this.#note(`${place.host.name} is ${await place.host.changeAddress()} now`);
  }

  async #toggleServer(): Promise<void> {
    this.#serverUp = !this.#serverUp;
    if (this.#serverUp) await this.#call.server.start();
    else await this.#call.server.kill();
    this.#note(this.#serverUp ? 'server back' : 'server killed');
  }

  /** Only over a way that works: somebody has to load the page. */
  async #replace(place: Place): Promise<void> {
    const works = this.#ways.get(place) === 'open' && this.#clean.has(place) && this.#serverUp;
    if (!works || this.#replacements >= REPLACEMENTS_MAX) return;
    this.#replacements += 1;
    const { name } = place.member;
    await this.#call.replace(place);
    this.#note(`${name} leaves, ${place.member.name} comes`);
  }

  #note(event: string): void {
    this.events.push(`${((Date.now() - this.#beginMs) / 1_000).toFixed(1)} s ${event}`);
  }
}
