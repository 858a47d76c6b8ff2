import type { Envelope } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { SignalPost } from './signal-post.ts';

const ENVELOPE: Envelope = { epoch: 1, toEpoch: 1, seq: 1, base: 1, ack: 0 };

class Pair {
  isUp = false;
  isSure = false;
  isOpen = true;
  readonly went: string[] = [];
  readonly post = new SignalPost({
    clock: new FakeClock(),
    ways: {
      isOpen: () => true,
      send: (_, { all }) => void this.went.push(all ? 'every way' : 'server'),
      carry: () => undefined,
    },
    channel: () => {
      if (this.isOpen) this.went.push('channel');
      return this.isOpen;
    },
    isUp: () => this.isUp,
    isSure: () => this.isSure,
  });
}

describe('the way that an envelope goes', () => {
  test('over the channel alone where the other side was heard over it, else over the server as well', () => {
    const pair = new Pair();
    pair.post.send(ENVELOPE, 'best');
    pair.isUp = true;
    pair.post.send(ENVELOPE, 'best');
    pair.isSure = true;
    pair.post.send(ENVELOPE, 'best');
    expect(pair.went).toEqual(['server', 'channel', 'server', 'channel']);
  });

  test('DELIV3 what went in vain goes every way', () => {
    const pair = new Pair();
    pair.isUp = true;
    pair.isSure = true;
    pair.post.send(ENVELOPE, 'every');
    expect(pair.went).toEqual(['channel', 'every way']);
  });

  test('DELIV3 over the channel alone where that has just opened, though nothing was heard over it', () => {
    const pair = new Pair();
    pair.isUp = true;
    pair.post.send(ENVELOPE, 'channel');
    pair.isOpen = false;
    pair.post.send(ENVELOPE, 'channel');
    expect(pair.went).toEqual(['channel', 'server']);
  });
});
