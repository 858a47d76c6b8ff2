import { describe, expect, it } from 'vitest';
import { settle } from '../testing/fake-clock.ts';
import { SenderCaps, type ParameterSender } from './sender-caps.ts';

/** An `RTCRtpSender` that insists on its newest parameters, as webrtc-pc section 5.2 has it. */
class FakeSender implements ParameterSender {
  encodings: RTCRtpEncodingParameters[] = [{ active: true }];
  readonly failures: DOMException[] = [];
  /** Runs while parameters are being set. */
  meanwhile: () => void = () => undefined;
  sets = 0;
  /** Calls that came while another one was under way. */
  refused = 0;
  codecs: RTCRtpCodecParameters[] = [];
  degradationPreference: RTCDegradationPreference | undefined;
  #transaction = 0;
  #setting = false;

  getParameters(): RTCRtpSendParameters {
    this.#transaction += 1;
    return {
      encodings: this.encodings.map((encoding) => ({ ...encoding })),
      transactionId: String(this.#transaction),
      codecs: this.codecs,
      headerExtensions: [],
      rtcp: {},
      ...(this.degradationPreference && { degradationPreference: this.degradationPreference }),
    };
  }

  /** Whether this browser knows the option that asks for key frames. */
  knowsKeyFrames = true;
  /** What made the encoder begin with a key frame. */
  readonly keyFrames: string[] = [];

  async setParameters(...args: Parameters<ParameterSender['setParameters']>): Promise<void> {
    const [parameters, options] = args;
    if (this.knowsKeyFrames && options?.encodingOptions[0]?.keyFrame === true) {
      this.keyFrames.push('asked');
    }
    const wasActive = this.encodings[0]?.active;
    if (wasActive === false && parameters.encodings[0]?.active === true) {
      this.keyFrames.push('on again');
    }
    this.sets += 1;
    if (this.#setting) {
      this.refused += 1;
      throw new DOMException('', 'OperationError');
    }
    if (parameters.transactionId !== String(this.#transaction)) {
      throw new DOMException('', 'InvalidModificationError');
    }
    this.#setting = true;
    await settle();
    this.meanwhile();
    this.#setting = false;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.encodings = parameters.encodings;
    this.degradationPreference = parameters.degradationPreference;
  }
}

describe('SenderCaps', () => {
  it('sets the cap, and asks nothing where it is in force', async () => {
    const sender = new FakeSender();
    const caps = new SenderCaps(sender);
    await expect(caps.set({ maxBitrate: 500_000 })).resolves.toBe(true);
    expect(sender.encodings).toEqual([{ active: true, maxBitrate: 500_000 }]);
    await caps.set({ maxBitrate: 500_000 });
    await caps.apply();
    expect(sender.sets).toBe(1);
  });

  it('chooses a codec among those negotiated, once', async () => {
    const sender = new FakeSender();
    const [vp8, vp9] = ['video/VP8', 'video/VP9'].map((mimeType, payloadType) => ({
      mimeType,
      payloadType,
      clockRate: 90_000,
    }));
    sender.codecs = [vp8, vp9].flatMap((codec) => codec ?? []);
    const caps = new SenderCaps(sender);
    await caps.set({ maxBitrate: undefined, codec: 'VP9' });
    expect(sender.encodings).toEqual([{ active: true, codec: vp9 }]);
    await caps.apply();
    await caps.set({ maxBitrate: undefined, codec: 'AV1' });
    expect(sender.sets).toBe(1);
  });

  it('lifts the cap and sets what to give up first', async () => {
    const sender = new FakeSender();
    const caps = new SenderCaps(sender);
    await caps.set({ maxBitrate: 500_000, degradationPreference: 'maintain-resolution' });
    expect(sender.degradationPreference).toBe('maintain-resolution');
    await caps.set({ maxBitrate: undefined });
    expect(sender.encodings).toEqual([{ active: true }]);
    expect(sender.degradationPreference).toBe('maintain-resolution');
  });

  it('waits for the negotiation where there are no encodings yet', async () => {
    const sender = new FakeSender();
    sender.encodings = [];
    const caps = new SenderCaps(sender);
    await expect(caps.set({ maxBitrate: 500_000 })).resolves.toBe(false);
    expect(sender.sets).toBe(0);
    sender.encodings = [{}];
    await expect(caps.apply()).resolves.toBe(true);
    expect(sender.encodings).toEqual([{ maxBitrate: 500_000 }]);
  });

  it('does nothing before the first wish', async () => {
    const sender = new FakeSender();
    await expect(new SenderCaps(sender).apply()).resolves.toBe(true);
    expect(sender.sets).toBe(0);
  });

  it('never overlaps, and ends with the last wish', async () => {
    const sender = new FakeSender();
    const caps = new SenderCaps(sender);
    const first = caps.set({ maxBitrate: 100_000 });
    const second = caps.set({ maxBitrate: 200_000 });
    sender.meanwhile = () => {
      sender.meanwhile = () => undefined;
      void caps.set({ maxBitrate: 300_000 });
    };
    await expect(Promise.all([first, second])).resolves.toEqual([true, true]);
    expect(sender.encodings[0]?.maxBitrate).toBe(300_000);
    expect(sender.sets).toBe(2);
  });

  it('tries again where a negotiation made the parameters stale', async () => {
    const sender = new FakeSender();
    sender.meanwhile = () => {
      sender.meanwhile = () => undefined;
      sender.failures.push(new DOMException('', 'InvalidModificationError'));
    };
    await expect(new SenderCaps(sender).set({ maxBitrate: 100_000 })).resolves.toBe(true);
    expect(sender.sets).toBe(2);
  });

  it('gives up at the third failure in a row, and can be asked again', async () => {
    const sender = new FakeSender();
    const stopped = new DOMException('', 'InvalidStateError');
    sender.failures.push(stopped, stopped, stopped);
    const caps = new SenderCaps(sender);
    await expect(caps.set({ maxBitrate: 100_000 })).resolves.toBe(false);
    expect(sender.sets).toBe(3);
    await expect(caps.apply()).resolves.toBe(true);
    expect(sender.encodings[0]?.maxBitrate).toBe(100_000);
  });

  it('asks for a key frame where the browser knows how', async () => {
    const sender = new FakeSender();
    await new SenderCaps(sender).refresh();
    expect([sender.keyFrames, sender.sets]).toEqual([['asked'], 1]);
  });

  it('turns the encoding off and on where it does not, and leaves none off', async () => {
    const sender = new FakeSender();
    sender.knowsKeyFrames = false;
    const caps = new SenderCaps(sender);
    await caps.set({ maxBitrate: 500_000 });
    await caps.refresh();
    expect(sender.keyFrames).toEqual(['on again']);
    sender.sets = 0;
    // The third call of the next round fails, the one that is to turn it on.
    sender.meanwhile = () => {
      if (sender.sets === 3) sender.failures.push(new DOMException('', 'InvalidStateError'));
    };
    await caps.refresh();
    expect(sender.encodings[0]?.active).toBe(true);
  });

  it('rests and goes on, with what was wished meanwhile', async () => {
    const sender = new FakeSender();
    const caps = new SenderCaps(sender);
    await caps.set({ maxBitrate: 500_000 });
    await caps.pause(true);
    expect(sender.encodings).toEqual([{ active: false, maxBitrate: 500_000 }]);
    await caps.refresh();
    await caps.set({ maxBitrate: 300_000 });
    expect(sender.encodings).toEqual([{ active: false, maxBitrate: 300_000 }]);
    expect(sender.keyFrames).toEqual([]);
    await caps.pause(false);
    expect(sender.encodings).toEqual([{ active: true, maxBitrate: 300_000 }]);
    expect(sender.keyFrames).toEqual(['on again']);
  });

  it('goes on where its pause ends while the browser is busy with a key frame', async () => {
    const sender = new FakeSender();
    sender.knowsKeyFrames = false;
    const caps = new SenderCaps(sender);
    await caps.set({ maxBitrate: 1 });
    // Whatever moment of the refresh the two come in, it ends as told last.
    for (let moment = 0; moment < 12; moment += 1) {
      const refreshed = caps.refresh();
      for (let turn = 0; turn < moment; turn += 1) await Promise.resolve();
      const paused = caps.pause(true);
      for (let turn = 0; turn < moment; turn += 1) await Promise.resolve();
      await Promise.all([refreshed, paused, caps.pause(false)]);
      expect(sender.encodings).toEqual([{ active: true, maxBitrate: 1 }]);
      expect(sender.refused).toBe(0);
    }
  });

  it('ends as told last, where pause and its end come while the browser is busy', async () => {
    const sender = new FakeSender();
    const caps = new SenderCaps(sender);
    const all = [caps.set({ maxBitrate: 1 }), caps.pause(true), caps.pause(false)];
    await Promise.all(all);
    expect(sender.encodings).toEqual([{ active: true, maxBitrate: 1 }]);
  });
});
