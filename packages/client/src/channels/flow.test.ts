import { describe, expect, test } from 'vitest';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FakeDataChannel } from '../testing/fake-data-channel.ts';
import { FlowControlledChannel } from './flow.ts';

const KIB = 1024;
/** Small, so that what lies unsent shows the mark that it is written to. */
const FRAME_BYTES = KIB;

/** A channel whose buffer the network empties at a speed. */
class Link {
  readonly clock = new FakeClock();
  readonly channel: FakeDataChannel;
  readonly flow: FlowControlledChannel;

  constructor() {
    this.channel = new FakeDataChannel('link', (data) => {
      this.channel.bufferedAmount += (data as ArrayBuffer).byteLength;
    });
    this.channel.begin();
    this.flow = new FlowControlledChannel(this.channel as unknown as RTCDataChannel, this.clock);
  }

  /** Writes frames for as long as there is room. @returns what lies unsent then */
  async fill(): Promise<number> {
    while (await this.#hasRoom()) this.flow.send(new Uint8Array(FRAME_BYTES));
    return this.channel.bufferedAmount;
  }

  async #hasRoom(): Promise<boolean> {
    let hasRoom = false;
    void this.flow.writable().then((writable) => {
      hasRoom = writable;
    });
    await settle();
    return hasRoom;
  }

  /** Sends what lies there at a speed, to where the browser says that it is low. */
  async drain(bytesPerMs: number): Promise<void> {
    const low = this.channel.bufferedAmountLowThreshold;
    await this.clock.advanceAsync((this.channel.bufferedAmount - low) / bytesPerMs);
    this.channel.bufferedAmount = low;
    this.channel.dispatchEvent(new Event('bufferedamountlow'));
    await settle();
  }
}

describe('how much lies unsent', () => {
  test.each([
    // 80 Mbit/s, 8 Mbit/s, and more than any link has.
    { bytesPerMs: 10_000, kib: 1_954 },
    { bytesPerMs: 1_000, kib: 196 },
    { bytesPerMs: 1_000_000, kib: 8_192 },
    { bytesPerMs: 12, kib: 128 },
  ])('follows the speed of the link: $bytesPerMs bytes in a ms', async ({ bytesPerMs, kib }) => {
    const link = new Link();
    expect(await link.fill()).toBe(1_024 * KIB);
    for (let time = 0; time < 8; time += 1) {
      await link.drain(bytesPerMs);
      await link.fill();
    }
    expect((await link.fill()) / KIB).toBeCloseTo(kib, -1);
  });

  test('grows again behind an outage', async () => {
    const link = new Link();
    const sizes: number[] = [];
    for (const bytesPerMs of [10_000, 10_000, 5, 10_000, 10_000, 10_000, 10_000, 10_000]) {
      sizes.push(Math.round((await link.fill()) / (32 * KIB)) * 32);
      await link.drain(bytesPerMs);
    }
    expect(sizes).toEqual([1_024, 1_952, 1_952, 480, 256, 512, 1_024, 1_952]);
  });

  test('is nobody’s concern while there is room', async () => {
    const link = new Link();
    for (let time = 0; time < 10; time += 1) {
      link.flow.send(new Uint8Array(FRAME_BYTES));
      await link.clock.advanceAsync(1_000);
      link.channel.bufferedAmount = 0;
      link.channel.dispatchEvent(new Event('bufferedamountlow'));
    }
    expect(await link.fill()).toBe(1_024 * KIB);
  });
});
