import type { Source } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { LocalMedia } from '../api.ts';
import { createNoMedia } from '../media/no-media.ts';
import { planMedia } from '../media/preferences.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeNetwork } from '../testing/fake-network.ts';
import { fakeRtc } from '../testing/fake-peer-connection.ts';
import type { Layout } from './layout.ts';
import { OutgoingMedia } from './outgoing-media.ts';

/** A sender that names its new track only when the replacement is done, as browsers do. */
class SlowSender {
  track: MediaStreamTrack | null = null;
  #queue: Promise<void> = Promise.resolve();

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.#queue = this.#queue
      .then(() => Promise.resolve())
      .then(() => {
        this.track = track;
      });
    return this.#queue;
  }

  getParameters(): { encodings: [] } {
    return { encodings: [] };
  }
}

function outgoingMedia(clock: FakeClock, track: LocalMedia['track']): OutgoingMedia {
  return new OutgoingMedia({
    local: { ...createNoMedia(), track },
    rtc: fakeRtc(new FakeNetwork(clock)),
    clock,
    plan: () => planMedia(),
    limits: () => undefined,
    onTrouble: (message) => expect.unreachable(message),
  });
}

/** Of one source. A transceiver has dozens of members, of which these two are used. */
function layoutOf(source: Source, sender: object): Layout {
  return new Map([[source, { sender, direction: 'sendrecv' } as unknown as RTCRtpTransceiver]]);
}

describe('OutgoingMedia', () => {
  test('key frames come at once, again soon, and then no more often than once a second', async () => {
    const clock = new FakeClock();
    const atMs: number[] = [];
    const sender = {
      track: { kind: 'video' },
      getParameters: () => ({ encodings: [{ active: true }] }),
      setParameters: async (_: unknown, options?: { readonly encodingOptions: unknown }) => {
        if (options?.encodingOptions !== undefined) atMs.push(clock.nowMs() - beginMs);
      },
    };
    const outgoing = outgoingMedia(clock, () => sender.track as MediaStreamTrack);
    await outgoing.use(layoutOf('camera', sender));
    const beginMs = clock.nowMs();
    outgoing.refresh();
    await clock.advanceAsync(600);
    for (let i = 0; i < 30; i += 1) {
      outgoing.refresh();
      await clock.advanceAsync(100);
    }
    await clock.advanceAsync(5_000);
    expect(atMs.slice(0, 3)).toEqual([0, 400, 1_000]);
    expect(atMs.length).toBeLessThanOrEqual(8);
    const last = atMs.length;
    outgoing.refresh();
    await clock.advanceAsync(10_000);
    expect(atMs.length).toBe(last + 2);
  });

  test('a picture that the browser would not turn on again is tried until it does', async () => {
    const clock = new FakeClock();
    let active = true;
    let isBusy = false;
    const sender = {
      track: { kind: 'video' },
      replaceTrack: () => Promise.resolve(),
      getParameters: () => ({ encodings: [{ active }] }),
      setParameters: async ({ encodings: [encoding] }: { encodings: [{ active: boolean }] }) => {
        if (isBusy) throw new DOMException('', 'InvalidStateError');
        active = encoding.active;
      },
    };
    const outgoing = outgoingMedia(clock, () => sender.track as MediaStreamTrack);
    await outgoing.use(layoutOf('camera', sender));
    outgoing.pause(true);
    await clock.advanceAsync(100);
    expect(active).toBe(false);
    isBusy = true;
    outgoing.pause(false);
    await clock.advanceAsync(3_000);
    isBusy = false;
    await clock.advanceAsync(600);
    expect(active).toBe(true);
    isBusy = true;
    outgoing.pause(true);
    await clock.advanceAsync(100);
    outgoing.silence();
    await clock.advanceAsync(1_000);
    expect(clock.pending).toBe(0);
  });

  test('a source that goes off and on again in one turn is sent', async () => {
    const track = { kind: 'audio' } as MediaStreamTrack;
    const sender = new SlowSender();
    const clock = new FakeClock();
    let isOn = true;
    const outgoing = outgoingMedia(clock, () => (isOn ? track : undefined));
    await outgoing.use(layoutOf('microphone', sender));
    expect(sender.track).toBe(track);
    isOn = false;
    const off = outgoing.sync('microphone');
    isOn = true;
    await Promise.all([off, outgoing.sync('microphone')]);
    expect(sender.track).toBe(track);
    isOn = false;
    await outgoing.sync('microphone');
    expect(sender.track).toBeNull();
  });

  test('what a closed connection leaves unended does not hold up the next one', async () => {
    const track = { kind: 'audio' } as MediaStreamTrack;
    const closed = { track: null, replaceTrack: () => new Promise<void>(() => undefined) };
    const sender = new SlowSender();
    const clock = new FakeClock();
    const outgoing = outgoingMedia(clock, () => track);
    const ended = { ...closed, getParameters: () => ({ encodings: [] }) };
    void outgoing.use(layoutOf('microphone', ended));
    await clock.advanceAsync(1);
    await outgoing.use(layoutOf('microphone', sender));
    expect(sender.track).toBe(track);
  });
});
