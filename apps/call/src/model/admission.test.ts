import type { PeerId, RoomLink } from 'peerline';
import { describe, expect, it } from 'vitest';
import { accessSentence } from './access-words.ts';
import { Admission, type AdmissionView } from './admission.ts';
import { FakeAdmission } from './testing/fake-admission.ts';
import { FAKE_LINK } from './testing/fake-room.ts';

const ANN = 'peer00000000000000annA' as PeerId;

function rig() {
  const port = new FakeAdmission();
  const told: string[] = [];
  const links: RoomLink[] = [];
  const admission = new Admission(port, {
    knocked: () => told.push('knocked'),
    becameHost: () => told.push('host'),
    moved: (link) => links.push(link),
    askedToMute: (by, source) => told.push(`mute ${source} ${by}`),
    passwordChanged: (password) => told.push(`password ${password}`),
    failed: (text) => told.push(text),
  });
  const names = (): readonly string[] => admission.get().waiting.map(({ name }) => name);
  return { port, admission, told, links, names };
}

/** What is under way comes about in later turns. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('the door of a call', () => {
  it('shows who knocks, in order, each with a name that can be shown', () => {
    const { port, told, names } = rig();
    port.appoint(undefined);
    port.knock(' Ann\u202e\n Lee ');
    port.knock('\u200b');
    expect(names()).toEqual(['Ann Lee', 'Guest']);
    expect(told).toEqual(['host', 'knocked', 'knocked']);
  });

  it('takes who was answered off the list at once, and sends one answer', async () => {
    const { port, admission, names } = rig();
    const ann = port.knock('Ann');
    port.knock('Ben');
    let open: () => void = () => undefined;
    port.delay = new Promise((resolve) => (open = resolve));
    admission.admit(ann.id);
    admission.decline(ann.id);
    expect(names()).toEqual(['Ben']);
    open();
    await turn();
    expect(port.changes).toEqual([['admit', 'Ann']]);
  });

  it('puts back on the list whose answer did not get through', async () => {
    const { port, admission, told, names } = rig();
    const ann = port.knock('Ann');
    port.failure = new Error('offline');
    admission.decline(ann.id);
    expect(names()).toEqual([]);
    await turn();
    expect(names()).toEqual(['Ann']);
    expect(told.at(-1)).toMatch(/did not get through/);
    port.failure = undefined;
    admission.decline(ann.id);
    await turn();
    expect(port.changes).toEqual([['decline', 'Ann']]);
  });

  it('admits all that are there, and asks about who comes later', async () => {
    const { port, admission, names } = rig();
    port.knock('Ann');
    port.knock('Ben');
    admission.admitAll();
    port.knock('Cem');
    await turn();
    expect(port.changes).toEqual([
      ['admit', 'Ann'],
      ['admit', 'Ben'],
    ]);
    expect(names()).toEqual(['Cem']);
  });

  it('drops who gave up', () => {
    const { port, names } = rig();
    port.giveUp(port.knock('Ann'));
    expect(names()).toEqual([]);
  });

  it('changes access, password and size, and says what could not be changed', async () => {
    const { port, admission, told } = rig();
    await admission.setAccess('knock');
    await admission.setPassword('open sesame');
    await admission.setCapacity(4);
    expect(admission.get()).toMatchObject({ access: 'knock', hasPassword: true, capacity: 4 });
    await admission.setPassword(undefined);
    expect(admission.get().hasPassword).toBe(false);
    port.failure = new Error('not the host any more');
    await admission.setAccess('locked');
    expect(admission.get().access).toBe('knock');
    await admission.setPassword('too late');
    expect(told).toEqual([
      'password open sesame',
      'password undefined',
      'That could not be changed. Try again.',
      'That could not be changed. Try again.',
    ]);
  });

  it('offers sizes up to what the server allows, the present one among them', () => {
    const { port, admission } = rig();
    port.capacity = 5;
    port.capacityMax = 10;
    expect(admission.sizes()).toEqual([2, 3, 4, 5, 6, 8, 10]);
  });

  it('tells when the person becomes host, once', () => {
    const { port, admission, told } = rig();
    expect(admission.get().host).toEqual({ who: 'other', id: port.host });
    port.appoint(ANN);
    expect(admission.get().host).toEqual({ who: 'other', id: ANN });
    port.appoint(undefined);
    port.appoint(undefined);
    expect(admission.get().host).toEqual({ who: 'me' });
    expect(told).toEqual(['host']);
  });

  it('passes on a new link and a wish to mute, until it is disposed of', () => {
    const { port, admission, told, links } = rig();
    port.move({ ...FAKE_LINK, name: 'new' });
    port.emit('muterequest', { from: ANN, source: 'microphone' });
    admission.dispose();
    port.move(FAKE_LINK);
    expect(links).toEqual([{ ...FAKE_LINK, name: 'new' }]);
    expect(told).toEqual([`mute microphone ${ANN}`]);
    expect(port.listenerCount()).toBe(0);
  });

  it('says when removing or asking did not work', async () => {
    const { port, admission, told } = rig();
    port.failure = new Error('offline');
    await admission.remove(ANN);
    await admission.askToMute(ANN);
    expect(told).toEqual([
      'Removing did not work. Try again.',
      'They could not be asked just now. Try again.',
    ]);
  });
});

describe('who may join, in words', () => {
  type Door = Pick<AdmissionView, 'access' | 'hasPassword' | 'host'>;
  const me = { who: 'me' } as const;
  const ann = { who: 'other', id: ANN } as const;

  it.each<readonly [Door, string | undefined, string]>([
    [{ access: 'open', hasPassword: false, host: me }, undefined, 'Anyone with the link can join.'],
    [
      { access: 'open', hasPassword: true, host: ann },
      'Ann',
      'Anyone with the link and the password can join.',
    ],
    [{ access: 'knock', hasPassword: false, host: me }, undefined, 'You let people in.'],
    [{ access: 'knock', hasPassword: false, host: ann }, 'Ann', 'Ann lets people in.'],
    [
      { access: 'knock', hasPassword: true, host: ann },
      undefined,
      'People are let in one by one. They need the password too.',
    ],
    [{ access: 'locked', hasPassword: true, host: me }, undefined, 'Nobody new can join.'],
    [
      { access: 'locked', hasPassword: false, host: ann },
      'Ann',
      'Nobody new can join. Ann can change that.',
    ],
  ])('%j reads %s %s', (door, name, sentence) => {
    expect(accessSentence(door, name)).toBe(sentence);
  });
});
