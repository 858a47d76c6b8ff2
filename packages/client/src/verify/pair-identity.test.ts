import type { Control } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { IdentityStore, Remembered } from '../api-verification.ts';
import type { PeerVerification, Room } from '../api.ts';
import { CallRig, only } from '../testing/call-rig.ts';
import { settle } from '../testing/fake-clock.ts';
import { createMemoryIdentities } from './memory-identities.ts';

/** Two devices, and what each keeps. */
class Devices {
  readonly ann = createMemoryIdentities();
  readonly ben = createMemoryIdentities();

  async call(
    names: { ann?: string; ben?: string } = {},
    rig = new CallRig(),
  ): Promise<{ rig: CallRig; ann: Room; ben: Room }> {
    const ann = await rig.join(names.ann ?? 'Ann', { identities: this.ann });
    const ben = await rig.join(names.ben ?? 'Ben', { identities: this.ben });
    await pass(rig);
    return { rig, ann, ben };
  }

  /** They compare, and both press that they are the same. */
  async meet(): Promise<void> {
    const { rig, ann, ben } = await this.call();
    for (const room of [ann, ben]) {
      const { confirm } = await within(rig, only(room).verify());
      const { remembered } = await within(rig, confirm());
      if (!remembered) throw new Error('not remembered');
    }
    await pass(rig);
    await end(rig, ann, ben);
  }
}

/** Loading, hashing and signing take real time, the way between the two takes that of the rig. */
async function pass(rig: CallRig, ms = 4_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await settle();
    await rig.clock.advanceAsync(50);
  }
}

async function within<T>(rig: CallRig, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = promise.finally(() => (isOver = true));
  while (!isOver) {
    await settle();
    await rig.clock.advanceAsync(50);
  }
  return ended;
}

async function end(rig: CallRig, ...rooms: Room[]): Promise<void> {
  for (const room of rooms) await within(rig, room.leave());
}

function stateOf(room: Room): PeerVerification {
  return only(room).verification;
}

describe('a device whose words were compared', () => {
  test('IDENT1 IDENT3 is known again by both, and in another room', async () => {
    const devices = new Devices();
    await devices.meet();
    const { ann, ben } = await devices.call({ ben: 'Benjamin' });
    expect(stateOf(ann)).toMatchObject({ status: 'verified', by: 'device', label: 'Ben' });
    expect(stateOf(ben)).toMatchObject({ status: 'verified', by: 'device', label: 'Ann' });
  });

  test('IDENT4 is not known, and not missed, where only one side kept it', async () => {
    const devices = new Devices();
    const first = await devices.call();
    const { confirm } = await within(first.rig, only(first.ann).verify());
    await within(first.rig, confirm());
    await end(first.rig, first.ann, first.ben);
    const { ann, ben } = await devices.call();
    expect(stateOf(ann)).toEqual({ status: 'unknown' });
    expect(stateOf(ben)).toEqual({ status: 'unknown' });
  });

  test('is missed where someone has its name: by another device, or one that forgot', async () => {
    const devices = new Devices();
    await devices.meet();
    await devices.ben.clear();
    const { ann, ben } = await devices.call({ ben: ' BEN ' });
    expect(stateOf(ann)).toMatchObject({ status: 'changed', label: 'Ben' });
    expect(stateOf(ben)).toEqual({ status: 'unknown' });
  });

  test('is missed by whoever takes its name later, and not where nobody has it', async () => {
    const devices = new Devices();
    await devices.meet();
    await devices.ben.clear();
    const { rig, ann, ben } = await devices.call({ ben: 'Cem' });
    expect(stateOf(ann)).toEqual({ status: 'unknown' });
    const told: string[] = [];
    only(ann).on('verification', ({ status }) => told.push(status));
    ben.setPresence({ name: 'Ben' });
    await pass(rig);
    expect(told).toEqual(['changed']);
  });

  test('is missed after a while where the other side keeps nothing at all', async () => {
    const devices = new Devices();
    await devices.meet();
    const rig = new CallRig();
    const ann = await rig.join('Ann', { identities: devices.ann });
    await rig.join('Ben');
    await pass(rig, 3_000);
    expect(stateOf(ann)).toEqual({ status: 'unknown' });
    await pass(rig, 6_000);
    expect(stateOf(ann)).toMatchObject({ status: 'changed', label: 'Ben' });
  });
});

describe('words that differed', () => {
  test('stay so in that room for that name, behind a reload of either, until words match', async () => {
    const devices = new Devices();
    await devices.meet();
    const rig = new CallRig();
    let { ann, ben } = await devices.call({}, rig);
    expect(stateOf(ann).status).toBe('verified');
    const { confirm, deny } = await within(rig, only(ann).verify());
    await within(rig, deny());
    expect(stateOf(ann).status).toBe('mismatch');
    expect(await within(rig, confirm())).toEqual({ remembered: false });
    expect(stateOf(ann).status).toBe('mismatch');
    await end(rig, ann);
    ann = await rig.join('Ann', { identities: devices.ann });
    await pass(rig);
    expect(stateOf(ann).status, 'their peer is still there').toBe('mismatch');
    await end(rig, ann, ben);
    ({ ann, ben } = await devices.call({}, rig));
    expect(stateOf(ann).status, 'their peer is another').toBe('mismatch');
    const again = await within(rig, only(ann).verify());
    await within(rig, again.confirm());
    expect(stateOf(ann).status).toBe('verified');
    await end(rig, ann, ben);
    const elsewhere = await devices.call({ ben: 'Dan' });
    expect(stateOf(elsewhere.ann)).toEqual({ status: 'unknown' });
  });
});

describe('what strangers see', () => {
  test('IDENT2 are sixteen tags, none of which comes twice, whoever is known', async () => {
    const devices = new Devices();
    await devices.meet();
    const seen = new Set<string>();
    for (let calls = 0; calls < 2; calls += 1) {
      const rig = new CallRig();
      const stranger = await rig.join('Eve', { identities: createMemoryIdentities() });
      const said = listenIn(rig, 'known');
      await rig.join('Ann', { identities: devices.ann });
      await pass(rig);
      expect(stateOf(stranger)).toEqual({ status: 'unknown' });
      expect(said).toHaveLength(2);
      for (const tags of said) {
        expect(tags).toHaveLength(16);
        expect(tags.toSorted()).toEqual(tags);
        for (const tag of tags) {
          expect(seen.has(tag)).toBe(false);
          seen.add(tag);
        }
      }
    }
  });

  test('IDENT5 nothing at all of who keeps nothing', async () => {
    const rig = new CallRig();
    const said = listenIn(rig, 'known');
    await rig.join('Ann');
    await rig.join('Ben');
    await pass(rig);
    expect(said).toEqual([]);
  });

  test('IDENT3 tags that are sent back prove nothing', async () => {
    const devices = new Devices();
    await devices.meet();
    const rig = new CallRig();
    const ann = await rig.join('Ann', { identities: devices.ann });
    reflect(rig);
    await rig.join('Ben');
    await pass(rig, 8_000);
    expect(stateOf(ann)).toMatchObject({ status: 'changed' });
  });
});

test('a device that cannot keep anything calls as before, and says so', async () => {
  const broken = (): Promise<never> => Promise.reject(new Error('no disk'));
  const store: IdentityStore = { all: broken, put: broken, remove: broken, clear: broken };
  const rig = new CallRig();
  const ann = await rig.join('Ann', { identities: store });
  const ben = await rig.join('Ben', { identities: createMemoryIdentities() });
  await pass(rig);
  const { words, confirm } = await within(rig, only(ann).verify());
  expect((await within(rig, only(ben).verify())).words).toEqual(words);
  expect(await within(rig, confirm('Benny'))).toEqual({ remembered: false });
  expect(stateOf(ann)).toMatchObject({ status: 'verified', by: 'words', label: 'Benny' });
});

test('IDENT1 keys are kept as they are, and nobody can read them', async () => {
  const devices = new Devices();
  await devices.meet();
  const [kept] = await devices.ann.all();
  const key = deviceKey(kept);
  expect(key).toMatchObject({ extractable: false, usages: ['sign'] });
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toBeInstanceOf(Error);
});

function deviceKey(kept: Remembered | undefined): CryptoKey {
  if (kept?.kind !== 'verified') throw new Error('no device');
  return kept.key;
}

type Turn = Extract<Control, { type: 'identity' }>['turn'];

function turnIn(data: string | ArrayBuffer): Turn | undefined {
  if (typeof data !== 'string' || !data.includes('"identity"')) return undefined;
  return (JSON.parse(data) as { turn: Turn }).turn;
}

/** What goes over the channels of the rig, in tags. */
function listenIn({ network }: CallRig, step: 'known'): string[][] {
  const said: string[][] = [];
  const carry = network.carry.bind(network);
  network.carry = (from, id, data) => {
    const turn = turnIn(data);
    if (turn?.step === step) said.push(turn.tags);
    carry(from, id, data);
  };
  return said;
}

/** Gives each what it says of whom it knows back, as from the other side. */
function reflect({ network }: CallRig): void {
  const carry = network.carry.bind(network);
  network.carry = (from, id, data) => {
    if (turnIn(data) === undefined) carry(from, id, data);
    else from.channel(id)?.receive(data);
  };
}
