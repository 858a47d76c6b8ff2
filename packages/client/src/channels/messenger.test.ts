import type { Control } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { Payload } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FakeDataChannel } from '../testing/fake-data-channel.ts';
import { seededRandom } from '../testing/random.ts';
import { cutIntoFrames, decodeFrame, FRAME_MAX_BYTES } from './frames.ts';
import { Messenger, type ChannelPair } from './messenger.ts';
import { encodeMessage } from './payload.ts';

const MIB = 1024 * 1024;

/** What tells a payload of one byte value from another, quicker to compare than the bytes. */
function digest({ type, payload }: { readonly type: string; readonly payload: Payload }): string {
  if (!(payload instanceof Uint8Array)) return `${type} ${JSON.stringify(payload)}`;
  return `${type} ${payload.length} of ${[...new Set(payload)].join()}`;
}

class Side {
  readonly messages: { readonly type: string; readonly payload: Payload }[] = [];
  readonly controls: Control[] = [];
  garbage = 0;
  opened = 0;
  closed = 0;
  readonly messenger: Messenger;
  reliable = new FakeDataChannel('unused', () => undefined);

  constructor(clock: FakeClock, messageMaxBytes: number) {
    this.messenger = new Messenger({
      clock,
      messageMaxBytes,
      onMessage: (type, payload) => this.messages.push({ type, payload }),
      onControl: (control) => this.controls.push(control),
      onOpen: () => {
        this.opened += 1;
      },
      onClose: () => {
        this.closed += 1;
      },
      onGarbage: () => {
        this.garbage += 1;
      },
    });
  }
}

/** What the messenger uses of the browser's channel, the double has. */
const asPair = (reliable: FakeDataChannel, unreliable: FakeDataChannel): ChannelPair =>
  ({ reliable, unreliable }) as unknown as ChannelPair;

class Pair {
  readonly clock = new FakeClock();
  readonly a: Side;
  readonly b: Side;
  /** Frames that went over the reliable channel so far, both ways. */
  carried = 0;

  constructor(messageMaxBytes = 64 * MIB) {
    this.a = new Side(this.clock, messageMaxBytes);
    this.b = new Side(this.clock, messageMaxBytes);
    this.connect();
  }

  /** A new generation of channels. `budget`: frames carried before the channels break. */
  connect(budget = Infinity): void {
    let left = budget;
    const ends: Record<'a' | 'b', FakeDataChannel[]> = { a: [], b: [] };
    const make = (to: 'a' | 'b', index: number): FakeDataChannel =>
      new FakeDataChannel(`${index}`, (data) => {
        left -= 1;
        if (left < 0) return;
        this.carried += 1;
        this.clock.setTimeout(() => ends[to][index]?.receive(data), 1);
      });
    for (const index of [0, 1]) {
      ends.a.push(make('b', index));
      ends.b.push(make('a', index));
    }
    for (const name of ['a', 'b'] as const) {
      const [reliable, unreliable] = ends[name];
      if (reliable === undefined || unreliable === undefined) throw new Error('two channels');
      this[name].reliable.end();
      this[name].reliable = reliable;
      this[name].messenger.use(asPair(reliable, unreliable));
      reliable.begin();
      unreliable.begin();
    }
  }

  go(): Promise<void> {
    return this.clock.advanceAsync(200);
  }
}

describe('messages', () => {
  test('FRAME1 FRAME2 of JSON and of bytes arrive as they were', async () => {
    const { a, b, clock } = new Pair();
    const json = { text: 'grüß dich 👋', list: [1, null, true] };
    await Promise.all([
      a.messenger.send('chat', json),
      a.messenger.send('raw', new Uint8Array([0, 255, 7])),
      a.messenger.send('nothing', null),
      a.messenger.send('empty', new Uint8Array(0)),
    ]);
    await clock.advanceAsync(10);
    expect(b.messages).toEqual([
      { type: 'chat', payload: json },
      { type: 'raw', payload: new Uint8Array([0, 255, 7]) },
      { type: 'nothing', payload: null },
      { type: 'empty', payload: new Uint8Array(0) },
    ]);
  });

  test('FRAME3 no frame is above 64 KiB, and the parts make the whole', () => {
    const random = seededRandom(3);
    const sizes = [0, 1, FRAME_MAX_BYTES - 17, FRAME_MAX_BYTES - 16, FRAME_MAX_BYTES, MIB + 1];
    for (const size of sizes) {
      const bytes = Uint8Array.from({ length: size }, () => random.integer(256));
      const frames = [...cutIntoFrames(5, encodeMessage('a', bytes))];
      expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThanOrEqual(FRAME_MAX_BYTES);
      const parts = frames.map((frame) => decodeFrame(frame.buffer));
      const joined = parts.flatMap((part) =>
        part !== undefined && 'bytes' in part ? [...part.bytes] : [],
      );
      expect(joined.length).toBe(size);
      expect(joined.every((byte, index) => byte === bytes[index])).toBe(true);
    }
  });

  test('FRAME4 a message of 5 MiB arrives, a larger one than the receiver takes fails here', async () => {
    const pair = new Pair(5 * MIB);
    await pair.go();
    const bytes = new Uint8Array(5 * MIB).fill(3);
    const sent = pair.a.messenger.send('big', bytes);
    await pair.go();
    await sent;
    expect(pair.b.messages.map(digest)).toEqual([`big ${5 * MIB} of 3`]);
    const tooLarge = pair.a.messenger.send('big', new Uint8Array(5 * MIB + 1));
    await expect(tooLarge).rejects.toMatchObject({ code: 'message-too-large' });
    const after = pair.a.messenger.send('small', 1);
    await pair.go();
    await after;
    expect(pair.b.messages.at(-1)).toEqual({ type: 'small', payload: 1 });
  });

  test('FRAME4 the receiver refuses what is above its limit without storing it', async () => {
    const pair = new Pair(64 * 1024);
    await pair.go();
    for (const frame of cutIntoFrames(1, encodeMessage('huge', new Uint8Array(MIB)))) {
      pair.b.reliable.receive(frame.buffer);
    }
    await pair.go();
    expect(pair.b.messages).toEqual([]);
    expect(pair.b.garbage).toBe(0);
    expect(pair.a.controls).toEqual([{ type: 'refuse', message: 1, code: 'too-large' }]);
  });

  test('FRAME3 an aborted message is cut off, and the next one arrives', async () => {
    const pair = new Pair();
    await pair.go();
    const abort = new AbortController();
    const sent = pair.a.messenger.send('big', new Uint8Array(4 * MIB), { signal: abort.signal });
    pair.a.reliable.bufferedAmount = 2 * MIB;
    await settle();
    abort.abort();
    await expect(sent).rejects.toMatchObject({ code: 'aborted' });
    pair.a.reliable.bufferedAmount = 0;
    pair.a.reliable.dispatchEvent(new Event('bufferedamountlow'));
    const next = pair.a.messenger.send('next', 'ok');
    await pair.go();
    await next;
    expect(pair.b.messages).toEqual([{ type: 'next', payload: 'ok' }]);
  });

  test('sending waits while the buffer is full, and goes on when it drains', async () => {
    const pair = new Pair();
    await pair.go();
    pair.a.reliable.bufferedAmount = MIB;
    let through = false;
    const sent = pair.a.messenger.send('one', 1).then(() => {
      through = true;
    });
    await pair.go();
    expect(through).toBe(false);
    pair.a.reliable.bufferedAmount = 0;
    pair.a.reliable.dispatchEvent(new Event('bufferedamountlow'));
    await sent;
    expect(through).toBe(true);
  });

  test('MSG1 what was not acknowledged is sent again over the next channel, once and in order', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seededRandom(seed);
      const pair = new Pair();
      const expected: { type: string; payload: Payload }[] = [];
      const sends: Promise<void>[] = [];
      for (let turn = 0; turn < 12; turn += 1) {
        const payload = new Uint8Array(random.integer(200_000)).fill(turn);
        expected.push({ type: `m${turn}`, payload });
        sends.push(pair.a.messenger.send(`m${turn}`, payload));
        if (random.chance(0.5)) pair.connect(random.integer(12));
        await pair.clock.advanceAsync(random.integer(40));
      }
      pair.connect();
      await pair.go();
      await Promise.all(sends);
      expect(pair.b.messages.map(digest), `seed ${seed}`).toEqual(expected.map(digest));
      expect(pair.b.garbage, `seed ${seed}`).toBe(0);
    }
  });

  test('MSG1 all that is sent while the channel is closed arrives over the next one', async () => {
    const pair = new Pair();
    await pair.go();
    pair.a.reliable.end();
    const sends: Promise<void>[] = [];
    for (let n = 1; n <= 5; n += 1) {
      sends.push(pair.a.messenger.send('n', n));
      await pair.clock.advanceAsync(100);
    }
    pair.connect();
    await pair.go();
    await Promise.all(sends);
    expect(pair.b.messages.map(({ payload }) => payload)).toEqual([1, 2, 3, 4, 5]);
  });

  test('MSG1 an acknowledgement of what was never sent loses nothing', async () => {
    const pair = new Pair();
    await pair.go();
    pair.a.reliable.bufferedAmount = MIB;
    const sent = pair.a.messenger.send('chat', 'waits');
    pair.a.reliable.receive('{"type":"ack","message":9007199254740991}');
    pair.a.reliable.bufferedAmount = 0;
    pair.a.reliable.dispatchEvent(new Event('bufferedamountlow'));
    await sent;
    await pair.go();
    expect(pair.b.messages).toEqual([{ type: 'chat', payload: 'waits' }]);
  });

  test('MSG1 2,000 messages sent at once arrive in order', async () => {
    const pair = new Pair();
    await pair.go();
    const sends = Array.from({ length: 2_000 }, (_, index) => pair.a.messenger.send('n', index));
    await pair.clock.advanceAsync(500);
    await Promise.all(sends);
    await pair.clock.advanceAsync(500);
    expect(pair.b.messages).toHaveLength(2_000);
    expect(pair.b.messages.every(({ payload }, index) => payload === index)).toBe(true);
  });

  test('unreliable ones are dropped while there is no channel, and bounded in size', async () => {
    const pair = new Pair();
    await pair.a.messenger.send('cursor', [1, 2], { reliable: false });
    await pair.go();
    expect(pair.b.messages).toEqual([{ type: 'cursor', payload: [1, 2] }]);
    const big = pair.a.messenger.send('cursor', new Uint8Array(FRAME_MAX_BYTES), {
      reliable: false,
    });
    await expect(big).rejects.toMatchObject({ code: 'message-too-large' });
  });

  test('what is no JSON, or has no type, is refused at once', async () => {
    const { a } = new Pair();
    const cyclic: { [key: string]: Payload } = {};
    Object.assign(cyclic, { self: cyclic });
    await expect(a.messenger.send('chat', cyclic as never)).rejects.toMatchObject({
      code: 'bad-message',
    });
    await expect(a.messenger.send('chat', undefined as never)).rejects.toMatchObject({
      code: 'bad-message',
    });
    await expect(a.messenger.send('', 1)).rejects.toMatchObject({ code: 'bad-message' });
    await expect(a.messenger.send('x'.repeat(65), 1)).rejects.toMatchObject({
      code: 'bad-message',
    });
  });

  test('closing rejects what waits, and whatever comes later', async () => {
    const { a } = new Pair();
    a.reliable.bufferedAmount = MIB;
    const waiting = a.messenger.send('chat', 1);
    a.messenger.close(PeerlineError.roomLeft());
    await expect(waiting).rejects.toMatchObject({ code: 'room-left' });
    await expect(a.messenger.send('chat', 1)).rejects.toMatchObject({ code: 'room-left' });
  });
});

describe('what a hostile peer may send', () => {
  test('CTRL1 control messages that are none are dropped and counted', async () => {
    const pair = new Pair();
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"type":"media"}',
      '{"type":"bye","x":1e999}',
      '7',
    ]) {
      pair.b.reliable.receive(text);
    }
    await pair.go();
    expect(pair.b.controls).toEqual([{ type: 'bye' }]);
    expect(pair.b.garbage).toBe(6);
  });

  test('FRAME1 FRAME2 20,000 seeded garbage frames: nothing thrown, and an honest one still arrives', async () => {
    const pair = new Pair();
    await pair.go();
    const random = seededRandom(11);
    const honest = [...cutIntoFrames(1, encodeMessage('m', new Uint8Array(100)))];
    for (let index = 0; index < 20_000; index += 1) {
      const source = honest[0] ?? new Uint8Array(5);
      const length = random.integer(source.length + 8);
      const bytes = new Uint8Array(length);
      bytes.set(source.subarray(0, length));
      for (let flips = random.integer(4); flips > 0 && length > 0; flips -= 1) {
        bytes[random.integer(length)] = random.integer(256);
      }
      // Numbers far ahead are legal, and would make the honest one below look old.
      if (length >= 5) bytes.set([0, 0, 0, 0], 1);
      pair.b.reliable.receive(bytes.buffer);
    }
    pair.b.reliable.receive((honest[0] ?? new Uint8Array()).slice().buffer);
    expect(pair.b.messages).toEqual([{ type: 'm', payload: new Uint8Array(100) }]);
  });
});
