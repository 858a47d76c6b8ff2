import { describe, expect, test } from 'vitest';
import {
  join,
  newRoom,
  openHarness,
  orderedPairs,
  seesCamera,
  seesCameraMove,
  type Member,
} from './rig/call.ts';
import { harnessStage } from './rig/harness-stage.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

/** Pages that have not joined yet, and a link. */
async function visitors(
  ...browsers: readonly BrowserName[]
): Promise<{ readonly room: string; readonly members: readonly [Member, Member, ...Member[]] }> {
  const [first, second, ...others] = await Promise.all(
    browsers.map((browser, index) => openHarness(party, browser, index + 1, server.url)),
  );
  if (first === undefined || second === undefined) throw new Error('two at least');
  return { room: await newRoom(first.tab), members: [first, second, ...others] };
}

/** Asks to be let in. @returns once the host is asked; `answer` is what becomes of it */
async function knock(
  member: Member,
  room: string,
): Promise<{ readonly answer: Promise<string | undefined> }> {
  const outcome = joinCode(member, room);
  await waitFor(member.tab, `${member.name} to wait`, () =>
    window.harness.heard('room', '', 'waiting'),
  );
  return { answer: outcome };
}

/** @returns with which code a join failed, undefined where it came about */
async function joinCode(
  member: Member,
  room: string,
  password?: string,
): Promise<string | undefined> {
  return await member.tab.evaluate(
    async (input) => {
      try {
        await window.harness.join(input);
        await window.harness.room.local.camera.enable();
        return undefined;
      } catch (error) {
        return (error as { readonly code: string }).code;
      }
    },
    { room, name: member.name, ...(password !== undefined && { password }) },
  );
}

/** Answers the one who knocks, by the name that it gave. */
async function answer(host: Member, name: string, how: 'admit' | 'decline'): Promise<void> {
  await waitFor(
    host.tab,
    `${name} to knock`,
    (wanted: string) =>
      window.harness.room.admission.waiting.some((one) => one.name === wanted) ? true : undefined,
    name,
  );
  await host.tab.evaluate(
    async ({ wanted, act }) => {
      const { waiting } = window.harness.room.admission;
      await waiting.find((one) => one.name === wanted)?.[act]();
    },
    { wanted: name, act: how },
  );
}

/** Whoever has made a connection may have gathered addresses; whoever has not, cannot. */
async function connectionsOf(...members: readonly Member[]): Promise<readonly number[]> {
  return await Promise.all(
    members.map(({ tab }) => tab.evaluate(() => window.harness.connections.length)),
  );
}

describe.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)('%s hosts, %s comes', (hosting, coming) => {
  test('DOOR4 who knocks is let in, or not, by the name that only those inside read', async () => {
    const { room, members } = await visitors(hosting, coming);
    const [host, guest] = members;
    await join(host, { room, access: 'knock' });
    const first = await knock(guest, room);
    await answer(host, guest.name, 'decline');
    expect(await first.answer).toBe('declined');
    const second = await knock(guest, room);
    expect(await connectionsOf(host, guest)).toEqual([0, 0]);
    await answer(host, guest.name, 'admit');
    expect(await second.answer).toBeUndefined();
    for (const [viewer, shown] of orderedPairs([host, guest])) await seesCamera(viewer, shown);
    expect(await connectionsOf(host, guest)).toEqual([1, 1]);
  });
});

test('DOOR1 DOOR5 a locked room, and one with a password', async () => {
  const { room, members } = await visitors('chromium', 'chromium');
  const [host, guest] = members;
  await join(host, { room, password: 'open sesame' });
  expect(await joinCode(guest, room)).toBe('wrong-password');
  expect(await joinCode(guest, room, 'open simsim')).toBe('wrong-password');
  await host.tab.evaluate(() => window.harness.room.admission.setAccess('locked'));
  expect(await joinCode(guest, room, 'open sesame')).toBe('room-locked');
  expect(await connectionsOf(host, guest)).toEqual([0, 0]);
  await host.tab.evaluate(() => window.harness.room.admission.setAccess('open'));
  expect(await joinCode(guest, room, 'open sesame')).toBeUndefined();
  await seesCamera(host, guest);
  // Those inside stay, whatever becomes of the password.
  await host.tab.evaluate(() => window.harness.room.admission.setPassword('another'));
  await guest.tab.evaluate(() => window.harness.leave());
  expect(await joinCode(guest, room, 'open sesame')).toBe('wrong-password');
  expect(await joinCode(guest, room, 'another')).toBeUndefined();
});

test('DOOR6 who is removed is out for good, and the others notice nothing of it', async () => {
  const { room, members } = await visitors('chromium', 'firefox', 'chromium', 'chromium');
  const [host, friend, rude, late] = members;
  if (rude === undefined || late === undefined) throw new Error('four');
  for (const member of [host, friend, rude]) await join(member, { room });
  for (const [viewer, shown] of orderedPairs([host, friend, rude])) await seesCamera(viewer, shown);
  const generationOf = (viewer: Member, other: Member): Promise<unknown> =>
    viewer.tab.evaluate((name: string) => window.harness.peer(name).state, other.name);
  const before = await Promise.all([generationOf(host, friend), generationOf(friend, host)]);

  // A locked room lets nobody new in, but those who follow.
  await host.tab.evaluate(() => window.harness.room.admission.setAccess('locked'));
  await host.tab.evaluate(async (name: string) => {
    await window.harness.room.admission.remove(window.harness.peer(name).id);
  }, rude.name);
  await waitFor(rude.tab, 'the one who was removed to be told', () => {
    const { state } = window.harness.room;
    return state.status === 'left' && state.reason.code === 'refused'
      ? state.reason.error.code === 'removed'
      : undefined;
  });
  const isAmong = (viewer: Member): Promise<readonly string[]> =>
    viewer.tab.evaluate(() => window.harness.names());
  const links = await Promise.all(
    [host, friend].map((member) =>
      waitFor(
        member.tab,
        `another link for ${member.name}`,
        (old: string) => {
          const { name, key } = window.harness.room.link;
          return old.endsWith(`${name}.${key}`) ? undefined : `#${name}.${key}`;
        },
        room,
      ),
    ),
  );
  expect(new Set(links).size).toBe(1);
  expect(await isAmong(host)).toEqual([friend.name]);
  expect(await isAmong(friend)).toEqual([host.name]);
  // Another server room, the same connections.
  await waitFor(friend.tab, 'the server to know the friend again', () =>
    window.harness.room.state.status === 'joined' ? true : undefined,
  );
  expect(await Promise.all([generationOf(host, friend), generationOf(friend, host)])).toEqual(
    before,
  );
  for (const [viewer, shown] of orderedPairs([host, friend])) {
    await seesCameraMove(viewer, shown, Date.now());
  }

  expect(await joinCode(rude, room)).toBe('room-moved');
  const [link = ''] = links;
  expect(await joinCode(late, link)).toBe('room-locked');
  await host.tab.evaluate(() => window.harness.room.admission.setAccess('open'));
  await join(late, { room: link });
  for (const viewer of [host, friend]) await seesCamera(viewer, late);
});

test('DOOR3 the next one is host when the host leaves, and may ask others to mute', async () => {
  const { room, members } = await visitors('chromium', 'firefox', 'chromium');
  const [host, heir, third] = members;
  if (third === undefined) throw new Error('three');
  for (const member of [host, heir, third]) await join(member, { room });
  await seesCamera(heir, third);
  const refused = await heir.tab.evaluate(() =>
    window.harness.room.admission
      .setAccess('locked')
      .catch((error) => (error as { code: string }).code),
  );
  expect(refused).toBe('not-host');
  await host.tab.evaluate(() => window.harness.leave());
  await waitFor(heir.tab, 'the heir to be host', () =>
    window.harness.room.admission.isHost ? true : undefined,
  );
  await heir.tab.evaluate(async (name: string) => {
    await window.harness.room.admission.requestMute(window.harness.peer(name).id, 'microphone');
  }, third.name);
  await waitFor(third.tab, 'to be asked to mute', () =>
    window.harness.heard('room', '', 'asked to mute microphone'),
  );
  expect(await third.tab.evaluate(() => window.harness.room.local.microphone.state.status)).toBe(
    'on',
  );
});
