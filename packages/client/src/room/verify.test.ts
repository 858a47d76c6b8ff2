import { expect, test } from 'vitest';
import { CallRig, only } from '../testing/call-rig.ts';
import { settle } from '../testing/fake-clock.ts';

/** Hashing and loading take real time, the way between the two takes that of the rig. */
async function within<T>(rig: CallRig, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = promise.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await settle();
    await rig.clock.advanceAsync(50);
  }
  return ended;
}

test('WORDS4 both are shown the same words, whoever asks, and the same again', async () => {
  const rig = new CallRig();
  const [ann, ben] = await rig.call('Ann', 'Ben');
  const { words } = await within(rig, only(ann).verify());
  expect(words).toHaveLength(4);
  expect((await within(rig, only(ben).verify())).words).toEqual(words);
  expect((await within(rig, only(ann).verify())).words).toEqual(words);
});

test('WORDS3 words come about though the way is gone for a while', async () => {
  const rig = new CallRig();
  const [ann, ben] = await rig.call('Ann', 'Ben');
  rig.network.setUp(false);
  const asked = only(ann).verify();
  await rig.clock.advanceAsync(5_000);
  rig.network.setUp(true);
  const { words } = await within(rig, asked);
  expect((await within(rig, only(ben).verify())).words).toEqual(words);
});

test('who is gone is compared with no more', async () => {
  const rig = new CallRig();
  const [ann, ben] = await rig.call('Ann', 'Ben');
  const peer = only(ann);
  rig.network.setUp(false);
  let told: unknown;
  peer.verify().catch((error: unknown) => (told = error));
  await settle();
  void ben?.leave();
  await rig.clock.advanceAsync(2_000);
  expect(told).toMatchObject({ code: 'peer-gone' });
  await expect(peer.verify()).rejects.toMatchObject({ code: 'peer-gone' });
});
