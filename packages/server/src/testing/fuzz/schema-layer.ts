import { isDeepStrictEqual } from 'node:util';
import {
  parseControl,
  parseDoorNote,
  parseEnvelope,
  parseHostMessage,
  parseJoin,
  parseJoinRefusal,
  parsePresence,
  parseRelay,
  parseServerMessage,
  parseTokenRenewal,
  ProtocolError,
  type Parsed,
} from '@peerline/protocol';
import { joinRequest, randomId } from '../identity.ts';
import type { Random } from '../random.ts';

interface Target {
  readonly name: string;
  readonly parse: (input: unknown) => Parsed<unknown> | undefined;
  readonly valid: readonly unknown[];
}

const ID = randomId();
const OTHER = randomId();
const { card } = joinRequest();
const DIGEST = 'd'.repeat(43);
const media = { revision: 1, microphone: true, camera: false, screen: false, screenAudio: false };
const receives = { receive: true, maxBitrate: 64_000 };
const description = {
  ...{ generation: 1, negotiation: 2, sdp: 'v=0\r\n', media },
  candidates: [
    { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 },
  ],
  terms: { microphone: receives, camera: receives, screen: receives, screenAudio: receives },
  presence: { revision: 0, value: { name: 'Ann', tags: [1, null, { deep: [] }] } },
};
const envelope = { epoch: 1, toEpoch: 0, seq: 1, base: 1, ack: 0 };
const settings = {
  ...{ access: 'knock', capacity: 8, capacityMax: 16, passwordRevision: 1, host: ID },
} as const;

/** Text is made of what would be sent; what is nested too deep for that is sent as text of its own. */
const asJson =
  (parse: (text: string) => Parsed<unknown>) =>
  (input: unknown): Parsed<unknown> => {
    let text: string;
    try {
      text = JSON.stringify(input) ?? 'undefined';
    } catch {
      text = DEEP_CONTROL;
    }
    return parse(text);
  };

const DEPTH = 20_000;
const DEEP = `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`;
const DEEP_CONTROL = `{"type":"presence","presence":{"revision":0,"value":{"a":${DEEP}}}}`;

const field = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null && Object.hasOwn(input, name)
    ? Object.entries(input).find(([key]) => key === name)?.[1]
    : undefined;

/** Everything that parses what others say, with messages that it takes. */
const TARGETS: readonly Target[] = [
  {
    name: 'parseJoin',
    parse: parseJoin,
    valid: [
      joinRequest(),
      {
        ...joinRequest({ token: 'x' }),
        attempt: 2,
        visit: true,
        door: { access: 'knock', key: ID, expects: [ID] },
      },
    ],
  },
  { name: 'parseRelay', parse: parseRelay, valid: [{ to: ID, body: 'x' }] },
  { name: 'parseTokenRenewal', parse: parseTokenRenewal, valid: [{ token: 'x.y.z' }] },
  { name: 'parseDoorNote', parse: parseDoorNote, valid: [{ note: 'x' }] },
  {
    name: 'parseHostMessage',
    parse: (input) => parseHostMessage(field(input, 'event'), field(input, 'data')),
    valid: [
      { event: 'settings', data: { access: 'locked', capacity: 4, key: null } },
      { event: 'admit', data: { peer: ID } },
      { event: 'remove', data: { peer: ID } },
    ],
  },
  {
    name: 'parseServerMessage',
    parse: (input) => parseServerMessage(field(input, 'event'), field(input, 'data')),
    valid: [
      {
        event: 'welcome',
        data: {
          ...{ protocol: 1, version: 3, peers: [{ peer: ID, card }], settings, ttlMs: 600_000 },
          iceServers: [{ urls: ['stun:localhost'], username: 'a', credential: 'b' }],
        },
      },
      { event: 'joined', data: { peer: ID, card, version: 4 } },
      { event: 'left', data: { peer: ID, version: 5, reason: 'lost' } },
      { event: 'signal', data: { from: ID, body: 'x', card } },
      { event: 'problem', data: { code: 'unknown-peer', message: 'm', event: 'signal', peer: ID } },
      { event: 'knock', data: { peer: ID, card, note: 'n' } },
      { event: 'settings', data: settings },
    ],
  },
  {
    name: 'parseJoinRefusal',
    parse: parseJoinRefusal,
    valid: [{ code: 'rate-limited', message: 'm', retryAfterMs: 5 }],
  },
  {
    name: 'parseEnvelope',
    parse: asJson(parseEnvelope),
    valid: [
      envelope,
      { ...envelope, signal: { type: 'offer', ...description } },
      { ...envelope, signal: { type: 'answer', ...description } },
      { ...envelope, signal: { type: 'candidates', ...description } },
      {
        ...envelope,
        signal: { type: 'need-offer', generation: 0, negotiation: 0, want: 'rebuild' },
      },
      { ...envelope, signal: { type: 'rejected', generation: 1, negotiation: 1, message: '' } },
    ],
  },
  {
    name: 'parseControl',
    parse: asJson(parseControl),
    valid: [
      { type: 'media', media },
      { type: 'presence', presence: description.presence },
      { type: 'view', view: { camera: { width: 640, height: 360 } } },
      { type: 'signal', envelope: { ...envelope, signal: { type: 'hail' } } },
      { type: 'words', turn: { step: 'commit', hash: DIGEST } },
      { type: 'identity', turn: { step: 'known', tags: [DIGEST, DIGEST] } },
      { type: 'forwarded', from: ID, body: 'x' },
      { type: 'rekey', link: { name: 'a', key: ID }, door: ID, removed: OTHER },
      { type: 'mute-request', source: 'camera' },
      { type: 'bye' },
    ],
  },
  { name: 'parsePresence', parse: parsePresence, valid: [description.presence.value] },
];

/** Messages that are right but for one thing or a few, for all that parses them. */
export class SchemaLayer {
  readonly #random: Random;
  readonly faults: string[] = [];
  taken = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns how many inputs were parsed */
  attack(inputs: number): number {
    for (let n = 0; n < inputs; n += 1) {
      const target = this.#random.pick(TARGETS);
      let input = structuredClone(this.#random.pick(target.valid));
      // Some are left as they are: what is right has to be taken.
      const edits = this.#random.below(4);
      for (let edit = 0; edit < edits; edit += 1) input = this.#mutated(input, 6);
      this.#check(target, input, edits === 0);
    }
    return inputs;
  }

  #check({ name, parse }: Target, input: unknown, isRight: boolean): void {
    const report = (what: string): void => {
      this.faults.push(`${name} ${what}: ${shown(input)}`);
    };
    try {
      const parsed = parse(input);
      if (parsed === undefined) return;
      if (!parsed.ok) {
        if (isRight) report(`refuses what is right (${parsed.error.message})`);
        if (!(parsed.error instanceof ProtocolError)) report('refuses with another error');
        return;
      }
      this.taken += 1;
      const again = parse(parsed.value);
      if (again?.ok === false || (again?.ok && !isDeepStrictEqual(again.value, parsed.value))) {
        report('does not take its own value for the same');
      }
      if (parsed.value === input) report('hands on what came');
    } catch (error) {
      report(`throws ${String(error)}`);
    }
    if ('polluted' in {}) report('lets a prototype be changed');
  }

  /** With one place in it changed, gone, doubled or of another kind. */
  #mutated(input: unknown, depth: number): unknown {
    const random = this.#random;
    if (typeof input !== 'object' || input === null || depth === 0 || random.chance(0.1)) {
      return this.#other(input);
    }
    if (Array.isArray(input)) {
      const items = input.map((item: unknown) => item);
      const at = random.below(items.length + 1);
      if (random.chance(0.3)) items.splice(at, 1);
      else if (random.chance(0.2)) {
        const fill: unknown = items[0];
        return Array.from({ length: random.below(600) }, () => fill);
      } else items[at] = this.#mutated(items[at], depth - 1);
      return items;
    }
    const entries = Object.entries(input);
    const at = random.below(entries.length + 1);
    const entry = entries[at];
    if (entry === undefined) entries.push([random.pick(NAMES), this.#other(undefined)]);
    else if (random.chance(0.2)) entries.splice(at, 1);
    else entries[at] = [entry[0], this.#mutated(entry[1], depth - 1)];
    // As JSON.parse does it: `__proto__` is a name like others.
    return Object.fromEntries(entries);
  }

  #other(value: unknown): unknown {
    const random = this.#random;
    if (typeof value === 'string' && random.chance(0.6)) {
      const at = random.below(value.length + 1);
      return random.pick([
        value.slice(0, at) +
          random.pick(['=', '+', '\u0000', '\ud800', ' ', 'é', '\n']) +
          value.slice(at),
        value.slice(0, at),
        value.repeat(random.below(4)),
        `${value}\n`,
        value.toUpperCase(),
        'x'.repeat(random.pick([64, 65, 512, 513, 1_025, 5_000, 33_000])),
      ]);
    }
    if (typeof value === 'number' && random.chance(0.6)) {
      return random.pick([
        -value,
        value + 0.5,
        value + 1,
        2 ** 53,
        -1,
        NaN,
        Infinity,
        -0,
        String(value),
      ]);
    }
    // Rarely: to find the stack's end takes as long as hundreds of others.
    if (random.chance(0.002)) return JSON.parse(DEEP);
    return random.pick<() => unknown>([
      () => null,
      () => undefined,
      () => true,
      () => '',
      () => [],
      () => ({}),
      () => 0,
      () => 1e300,
      () => structuredClone(POLLUTING),
      () => ({ toString: null, valueOf: null, length: 1e9 }),
      () => [[[[[[]]]]]],
      () => '\u{1f4a9}'.repeat(random.below(100)),
    ])();
  }
}

/** `__proto__` as a name of its own, as JSON.parse makes it. */
const POLLUTING: unknown = JSON.parse(
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
);

const NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'length', 'type', 'event'],
  ...['from', 'peer', 'room', 'isHost', '', '0', 'x'],
];

function shown(input: unknown): string {
  try {
    return (JSON.stringify(input) ?? String(input)).slice(0, 300);
  } catch {
    return 'too deep to show';
  }
}
