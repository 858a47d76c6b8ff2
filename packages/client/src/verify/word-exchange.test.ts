import {
  parsePeerId,
  type Card,
  type PeerId,
  type RoomId,
  type WordsTurn,
} from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WordExchange, type End } from './word-exchange.ts';
import { WORDS } from './words.ts';

const ROOM = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomId;

function idOf(letter: string): PeerId {
  const parsed = parsePeerId(`${letter.repeat(21)}A`);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

function endOf(letter: string, card = letter): End {
  return { peer: idOf(letter), card: card.repeat(130) as Card };
}

/** One end, and what it sent and found. */
class Side {
  readonly clock = new FakeClock();
  readonly sent: WordsTurn[] = [];
  words: readonly string[] | undefined;
  cheated = false;
  readonly exchange: WordExchange;
  /** Where its turns go; nowhere unless told. */
  to: Side | undefined;

  constructor(isOfferer: boolean, offerer: End, answerer: End) {
    this.exchange = new WordExchange({
      room: ROOM,
      offerer,
      answerer,
      isOfferer,
      clock: this.clock,
      send: (turn) => {
        this.sent.push(turn);
        void this.to?.exchange.take(turn);
        return true;
      },
      onWords: (words) => (this.words = words),
      onCheat: () => (this.cheated = true),
    });
  }

  get steps(): readonly string[] {
    return this.sent.map(({ step }) => step);
  }
}

function pairOf(offererSees = endOf('a'), answererSees = endOf('a')): readonly [Side, Side] {
  const offerer = new Side(true, endOf('b'), offererSees);
  const answerer = new Side(false, endOf('b'), answererSees);
  offerer.to = answerer;
  answerer.to = offerer;
  return [offerer, answerer];
}

/** Hashing takes real time. */
async function over(...sides: readonly Side[]): Promise<void> {
  while (sides.some(({ words, cheated }) => words === undefined && !cheated)) await settle();
}

describe('WORDS2 WORDS4 words of an honest pair', () => {
  test.each([
    { asking: 'the offerer', offers: true, answers: false },
    { asking: 'the answerer', offers: false, answers: true },
    { asking: 'both', offers: true, answers: true },
  ])('are the same when asked for by $asking', async ({ offers, answers }) => {
    const [offerer, answerer] = pairOf();
    if (offers) await offerer.exchange.start();
    if (answers) await answerer.exchange.start();
    await over(offerer, answerer);
    expect(offerer.words).toEqual(answerer.words);
    expect(offerer.words).toHaveLength(4);
    for (const word of offerer.words ?? []) expect(WORDS).toContain(word);
    expect(offerer.steps).toEqual(['commit', 'reveal']);
    expect(answerer.steps.at(-1)).toBe('nonce');
  });

  test('are others in the next exchange', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const sides = pairOf();
      await sides[0].exchange.start();
      await over(...sides);
      seen.add(String(sides[0].words));
    }
    expect(seen.size).toBe(20);
  });

  test('WORDS3 come about though turns are lost', async () => {
    const [offerer, answerer] = pairOf();
    offerer.to = undefined;
    await offerer.exchange.start();
    offerer.to = answerer;
    answerer.to = undefined;
    offerer.clock.advance(3_000);
    await settle();
    answerer.to = offerer;
    offerer.to = undefined;
    answerer.clock.advance(3_000);
    while (offerer.words === undefined) await settle();
    expect(answerer.words).toBeUndefined();
    offerer.to = answerer;
    answerer.clock.advance(3_000);
    await over(offerer, answerer);
    expect(answerer.words).toEqual(offerer.words);
    expect([offerer.clock.pending, answerer.clock.pending]).toEqual([0, 0]);
  });
});

describe('someone in between', () => {
  test('WORDS4 whose cards are others gives other words to each', async () => {
    const sides = pairOf(endOf('a'), endOf('a', 'm'));
    await sides[0].exchange.start();
    await over(...sides);
    expect(sides[0].words).not.toEqual(sides[1].words);
  });

  test('WORDS3 who shows another number than he committed himself to is told of', async () => {
    const [offerer, answerer] = pairOf();
    offerer.to = undefined;
    await offerer.exchange.start();
    const [commit] = offerer.sent;
    if (commit === undefined) throw new Error('no commitment');
    await answerer.exchange.take(commit);
    await answerer.exchange.take({ step: 'reveal', nonce: 'A'.repeat(43) });
    expect([answerer.cheated, answerer.words]).toEqual([true, undefined]);
  });

  test('WORDS3 gets one guess: a second commitment changes nothing', async () => {
    const [offerer, answerer] = pairOf();
    offerer.to = undefined;
    await answerer.exchange.take({ step: 'commit', hash: 'A'.repeat(43) });
    const before = [...answerer.sent];
    await answerer.exchange.take({ step: 'commit', hash: 'B'.repeat(43) });
    expect(answerer.sent).toEqual(before);
    await offerer.exchange.start();
    const [commit] = offerer.sent;
    await offerer.exchange.take({ step: 'nonce', nonce: 'A'.repeat(43) });
    await offerer.exchange.take({ step: 'nonce', nonce: 'B'.repeat(43) });
    expect(offerer.sent.map(({ step }) => step)).toEqual(['commit', 'reveal', 'reveal']);
    expect(offerer.sent[1]).toEqual(offerer.sent[2]);
    expect(commit?.step).toBe('commit');
  });
});

test('WORDS4 there is a word for each byte, and none twice', () => {
  expect(new Set(WORDS).size).toBe(256);
  for (const word of WORDS) expect(word).toMatch(/^[a-z]{4,9}$/);
});
