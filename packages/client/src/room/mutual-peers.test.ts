import { parsePeerId, type Control, type PeerId } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { Pulse } from '../peer/standing.ts';
import { MutualPeers } from './mutual-peers.ts';

const BODY = 'sealed';

function idOf(letter: string): PeerId {
  const parsed = parsePeerId(`${letter.repeat(21)}A`);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

class Carrier {
  readonly id: PeerId;
  pulse: Pulse;
  readonly sent: Control[] = [];

  constructor(letter: string, pulse: Pulse) {
    this.id = idOf(letter);
    this.pulse = pulse;
  }

  control(control: Control): boolean {
    this.sent.push(control);
    return true;
  }
}

function roomOf(...carriers: readonly Carrier[]): MutualPeers {
  return new MutualPeers(new Map(carriers.map((carrier) => [carrier.id, carrier])));
}

describe('MutualPeers', () => {
  test('FWD2 asks two of those that are reached, and never the other side itself', () => {
    const lost = new Carrier('b', 'faint');
    const others = [
      new Carrier('c', 'none'),
      ...['d', 'e', 'f'].map((letter) => new Carrier(letter, 'beating')),
    ];
    const mutual = roomOf(lost, ...others);
    expect(mutual.has(lost.id)).toBe(true);
    mutual.ask(lost.id, BODY);
    expect(lost.sent).toEqual([]);
    expect(others.map(({ sent }) => sent.length)).toEqual([0, 1, 1, 0]);
    expect(others[1]?.sent).toEqual([{ type: 'forward', to: lost.id, body: BODY }]);
  });

  test('FWD1 hands on under the name of who asked, to those of the room alone', () => {
    const [ben, cem] = [new Carrier('b', 'beating'), new Carrier('c', 'beating')];
    const mutual = roomOf(ben, cem);
    mutual.handOn(ben.id, cem.id, BODY);
    mutual.handOn(ben.id, idOf('x'), BODY);
    mutual.handOn(ben.id, ben.id, BODY);
    expect(cem.sent).toEqual([{ type: 'forwarded', from: ben.id, body: BODY }]);
    expect(ben.sent).toEqual([]);
  });

  test('nobody is asked where nobody is reached', () => {
    const lost = new Carrier('b', 'faint');
    expect(roomOf(lost, new Carrier('c', 'faint')).has(lost.id)).toBe(false);
  });
});
