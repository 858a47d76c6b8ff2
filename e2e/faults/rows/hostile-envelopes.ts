import type { SeededRandom } from '../../page/seeded-random.ts';

/** Near the most that a body may have (SPEC.md, RELAY5). */
const LARGE_CHARACTERS = 31_000;

const NUMBERS = [0, 1, 2, 3, 7, 129, 1_000, 2 ** 31, Number.MAX_SAFE_INTEGER, -1, 1.5, 1e308];

const TERMS = { receive: true };
const MEDIA = { revision: 1, microphone: true, camera: true, screen: true, screenAudio: true };

/** Bodies of signals for a peer's mailbox: from noise to envelopes that are right but for their sense. */
export function hostileEnvelopes(random: SeededRandom, count: number): readonly string[] {
  const made: string[] = [];
  while (made.length < count) {
    // Out of order and again: what was sent before comes back later.
    const isEcho = made.length > 0 && random.chance(0.2);
    made.push(isEcho ? random.pick(made) : envelope(random));
  }
  return made;
}

function envelope(random: SeededRandom): string {
  const kind = random.next();
  if (kind < 0.1) return noise(random);
  if (kind < 0.2) return JSON.stringify(random.pick<unknown>([null, 1, 'x', [], {}, [[]]]));
  const number = (): number => random.pick(NUMBERS);
  const text = JSON.stringify({
    epoch: random.chance(0.7) ? 1 : number(),
    toEpoch: random.chance(0.7) ? 0 : number(),
    seq: 1 + random.below(12),
    base: random.chance(0.7) ? 1 : number(),
    ack: random.chance(0.7) ? 0 : number(),
    signal: signal(random),
  });
  return random.chance(0.1) ? text.slice(0, random.below(text.length)) || '{' : text;
}

function signal(random: SeededRandom): unknown {
  const generation = random.chance(0.6) ? 1 : random.pick(NUMBERS);
  const negotiation = random.chance(0.6) ? 1 : random.pick(NUMBERS);
  const type = random.pick(['offer', 'answer', 'candidates', 'need-offer', 'rejected', 'bye']);
  const candidates = Array.from({ length: random.below(5) }, () => candidate(random));
  switch (type) {
    case 'offer':
    case 'answer':
      return {
        type,
        generation,
        negotiation,
        candidates,
        sdp: sdp(random),
        terms: { microphone: TERMS, camera: TERMS, screen: TERMS, screenAudio: TERMS },
        media: MEDIA,
        presence: { revision: 1, value: { name: random.pick(['', 'someone', noise(random)]) } },
      };
    case 'candidates':
      return { type, generation, negotiation, candidates };
    case 'need-offer':
      return { type, generation, iceRestart: random.chance(0.5) };
    default:
      return { type, generation, negotiation, message: noise(random).slice(0, 500) };
  }
}

function candidate(random: SeededRandom): unknown {
  return {
    candidate: random.pick([
      '',
      'candidate:1 1 udp 2122260223 192.0.2.1 9 typ host',
      'candidate:1 1 udp 99999999999 not-an-address 99999 typ nothing',
      noise(random).slice(0, 900),
    ]),
    sdpMid: random.pick(['0', '9', null, 'x']),
    sdpMLineIndex: random.pick([0, 64, null]),
    usernameFragment: random.pick(['none', null]),
  };
}

function sdp(random: SeededRandom): string {
  const head = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
  return random.pick([
    'v=0',
    head,
    `${head}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
    `${head}${'m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(200)}`,
    `${head}a=group:BUNDLE ${'0 '.repeat(2_000)}\r\n`,
    noise(random),
    'x'.repeat(LARGE_CHARACTERS),
  ]);
}

function noise(random: SeededRandom): string {
  return String.fromCodePoint(
    ...Array.from({ length: 1 + random.below(200) }, () => random.below(0xd7ff)),
  );
}
