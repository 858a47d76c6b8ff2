import { joinRequest, randomId } from './identity.ts';
import type { Random } from './random.ts';

/** Of the packets that break the framing, how many are sent: each voids those just before it as well. */
const BROKEN_FRAMING_CHANCE = 0.005;

/** Socket.IO ends a connection that sends one of these as an event. */
const RESERVED = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/** Makes what a hostile client might send: from almost right to noise. */
export class Garbage {
  readonly #random: Random;
  /** Ids of real peers in other rooms, which must never be reached. */
  readonly #victims: readonly string[];
  readonly #rooms: readonly string[];

  constructor(random: Random, victims: readonly string[]) {
    this.#random = random;
    this.#victims = victims;
    this.#rooms = Array.from({ length: 4 }, randomId);
  }

  /** A CONNECT packet; about half of them are good. */
  connect(): string {
    const visit = this.#random.chance(0.3) ? { visit: true } : {};
    const join = { ...joinRequest({ room: this.#random.pick(this.#rooms) }), ...visit };
    if (this.#random.chance(0.5)) return `40${JSON.stringify(join)}`;
    const auth = this.#random.pick<unknown>([
      { ...join, protocol: this.value(2) },
      { ...join, secret: randomId() },
      { ...join, card: this.text() },
      { ...join, peer: this.#random.pick(this.#victims) },
      { ...join, [this.text()]: this.value(2) },
      { ...join, room: this.value(3) },
      this.value(3),
    ]);
    return this.#blurred(`40${JSON.stringify(auth)}`);
  }

  /** A packet for a connection that has joined. Few break the framing, for that ends the connection. */
  packet(): string {
    for (;;) {
      const packet = this.#anyPacket();
      if (isWellFramed(packet) || this.#random.chance(BROKEN_FRAMING_CHANCE)) return packet;
    }
  }

  #anyPacket(): string {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.35) return this.#blurred(`42${JSON.stringify(['signal', this.signal()])}`);
    if (kind < 0.55) return `42${JSON.stringify([this.text(), ...this.values()])}`;
    if (kind < 0.7) return `42${JSON.stringify(['signal', ...this.values()])}`;
    if (kind < 0.72)
      return `42${JSON.stringify(['enter', random.chance(0.7) ? null : this.value(2)])}`;
    if (kind < 0.75) return `42${JSON.stringify(['leave', ...this.values(), 1])}`;
    if (kind < 0.82) return `42${random.below(1e6)}${JSON.stringify(['signal', this.signal()])}`;
    if (kind < 0.86) return `43${random.below(1e6)}${JSON.stringify(this.values())}`;
    if (kind < 0.9) return `42["signal",${'['.repeat(500)}${']'.repeat(500)}]`;
    if (kind < 0.93) return `42${JSON.stringify(this.values())}`;
    if (kind < 0.95) return `4${random.below(10)}/${this.text()},${JSON.stringify(this.values())}`;
    if (kind < 0.96) return `45${random.below(4)}-${JSON.stringify(['signal', this.signal()])}`;
    return this.#blurred(`42${JSON.stringify([this.text(), this.signal()])}`);
  }

  /** Something in the shape of a signal, aimed at a victim more often than not. */
  signal(): unknown {
    const to = this.#random.pick<unknown>([
      ...this.#victims,
      ...this.#victims,
      randomId(),
      this.value(2),
    ]);
    const body = this.#random.chance(0.7) ? this.text() : this.value(2);
    const forged = this.#random.chance(0.2) ? { from: this.#random.pick(this.#victims) } : {};
    return { to, body, ...forged };
  }

  values(): unknown[] {
    return Array.from({ length: this.#random.below(4) }, () => this.value(3));
  }

  value(depth: number): unknown {
    switch (this.#random.below(depth > 0 ? 9 : 7)) {
      case 0:
        return null;
      case 1:
        return this.#random.chance(0.5);
      case 2:
        return this.#random.pick([0, -1, 1.5, 1e308, -0, 2 ** 53]);
      case 3:
        return this.text();
      case 4:
        return { _placeholder: true, num: this.#random.pick([0, 1, -1, 1e9, '0']) };
      case 5:
        return this.#random.pick(this.#victims);
      case 6:
        return JSON.parse('{"__proto__":{"to":"x"},"constructor":1,"toJSON":1}');
      case 7:
        return Array.from({ length: this.#random.below(5) }, () => this.value(depth - 1));
      default:
        return { [this.text()]: this.value(depth - 1), to: this.value(depth - 1) };
    }
  }

  text(): string {
    return this.#random.pick([
      '',
      'to',
      'body',
      'error',
      'disconnect',
      'connect',
      'newListener',
      '__proto__',
      'toString',
      '\u0000\uffff\ud800',
      '💥'.repeat(this.#random.below(50)),
      'x'.repeat(this.#random.below(2_000)),
      String(this.#random.next()),
    ]);
  }

  /** The text with some characters of it changed, gone or doubled. */
  #blurred(text: string): string {
    if (this.#random.chance(0.6)) return text;
    let result = text;
    for (let edits = 1 + this.#random.below(3); edits > 0; edits -= 1) {
      const at = 2 + this.#random.below(Math.max(1, result.length - 2));
      const put = this.#random.pick(['', '"', '{', ']', ',', '0', '\\', '\u0001', ':null', '-']);
      result = result.slice(0, at) + put + result.slice(at + this.#random.below(2));
    }
    return result;
  }
}

/** Whether Socket.IO takes it for an event or an acknowledgement, whatever is in it. */
function isWellFramed(packet: string): boolean {
  const [, type, json] = /^4([23])\d*(\[.*)$/s.exec(packet) ?? [];
  if (json === undefined) return false;
  try {
    const data: unknown = JSON.parse(json);
    if (!Array.isArray(data)) return false;
    const event: unknown = data[0];
    return type === '3' || typeof event === 'number' || isFreeName(event);
  } catch {
    return false;
  }
}

function isFreeName(event: unknown): boolean {
  return typeof event === 'string' && !RESERVED.has(event);
}
