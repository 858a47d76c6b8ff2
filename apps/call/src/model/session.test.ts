import { PeerlineError, type JoinOptions, type PeerlineErrorCode } from 'peerline';
import { describe, expect, it, vi } from 'vitest';
import type { Call } from './call.ts';
import { FAKE_LINK, FakePeer, type FakeRoom } from './testing/fake-room.ts';
import { FakeSdk, type FakeVisit } from './testing/fake-sdk.ts';
import { FAKE_ENVIRONMENT, sessionRig, until } from './testing/fake-session.ts';

function only(rooms: readonly FakeRoom[]): FakeRoom {
  const [room, ...more] = rooms;
  if (room === undefined || more.length > 0) throw new Error(`${rooms.length} rooms were joined`);
  return room;
}

describe('a session', () => {
  it('opens remembered devices for the lobby, and only those that were on', async () => {
    const { session, preferences, sdk } = sessionRig();
    preferences.change({ cameraOn: false, microphoneId: 'mic-2' });
    session.start();
    const view = await until(session.own, ({ devices }) => devices.length > 0);
    expect(view.microphone).toMatchObject({ status: 'on', device: { id: 'mic-2' } });
    expect(view.camera).toEqual({ status: 'off' });
    expect(sdk.media).toHaveLength(1);
  });

  it('joins with the name, remembers name and room, and is in the call', async () => {
    const { session, sdk, preferences, recentRooms, host } = sessionRig();
    await session.join('  Ann\u202e  Lee ');
    expect(session.state.get().status).toBe('in-call');
    expect(only(sdk.rooms).presence).toEqual({ name: 'Ann Lee' });
    expect(preferences.get().name).toBe('Ann Lee');
    expect(recentRooms.get()).toEqual([{ link: session.link, joinedAtMs: host.timeMs }]);
    expect(host.awake).toBe(1);
  });

  it('joins without a name as a guest, and forgets the room where the person said so', async () => {
    const { session, sdk, preferences, recentRooms } = sessionRig();
    preferences.change({ rememberRooms: false });
    await session.join(' ');
    expect(only(sdk.rooms).presence).toEqual({ name: 'Guest' });
    expect(preferences.get().name).toBe('');
    expect(recentRooms.get()).toEqual([]);
  });

  it('joins once, however often it is asked', async () => {
    const { session, sdk } = sessionRig();
    await Promise.all([session.join('Ann'), session.join('Ann'), session.join('Ann')]);
    await session.join('Ann');
    expect(sdk.rooms).toHaveLength(1);
  });

  it.each([
    ['room-full', 'retry'],
    ['server-unreachable', 'retry'],
    ['version-unsupported', 'reload'],
  ] as const)('is back in the lobby after %s, and offers to %s', async (code, action) => {
    const sdk = new FakeSdk(() => Promise.reject(new PeerlineError(code, 'made up')));
    const { session } = sessionRig(sdk);
    await session.join('Ann');
    expect(session.state.get()).toMatchObject({ status: 'lobby', problem: { code, action } });
  });

  it('can be cancelled while joining; a room that comes too late is left again', async () => {
    let letIn: () => void = () => undefined;
    const asked: (AbortSignal | undefined)[] = [];
    const sdk = new FakeSdk(({ signal }) => {
      asked.push(signal);
      return new Promise((resolve) => {
        letIn = resolve;
      });
    });
    const { session } = sessionRig(sdk);
    const joining = session.join('Ann');
    const state = session.state.get();
    if (state.status !== 'joining') throw new Error(`it is ${state.status}`);
    // What the call keeps identities in is opened first.
    while (asked.length === 0) await Promise.resolve();
    state.cancel();
    expect(asked[0]?.aborted).toBe(true);
    expect(session.state.get()).toEqual({ status: 'lobby', problem: undefined });
    letIn();
    await joining;
    expect(only(sdk.rooms).state).toMatchObject({ status: 'left' });
    expect(session.state.get().status).toBe('lobby');
  });

  it('leaves: everything off, nothing left running, and back in as it was', async () => {
    const { session, sdk, host } = sessionRig();
    session.start();
    await until(session.own, ({ camera }) => camera.status === 'on');
    await session.join('Ann');
    const room = only(sdk.rooms);
    const peer = room.enter(new FakePeer({ name: 'Bo' }));
    await session.leave();
    expect(session.state.get()).toEqual({ status: 'left', reason: { code: 'requested' } });
    expect(session.own.get()).toMatchObject({
      camera: { status: 'off' },
      microphone: { status: 'off' },
    });
    expect([host.awake, host.timers, peer.listenerCount()]).toEqual([0, 0, 0]);
    await session.rejoin();
    expect(session.state.get().status).toBe('in-call');
    expect(sdk.rooms).toHaveLength(2);
    await until(session.own, ({ camera }) => camera.status === 'on');
  });

  it('JOIN7 shows that the call was taken over by another tab', async () => {
    const { session, sdk } = sessionRig();
    await session.join('Ann');
    only(sdk.rooms).become({ status: 'left', reason: { code: 'taken-over' } });
    expect(session.state.get()).toEqual({ status: 'left', reason: { code: 'taken-over' } });
  });

  it('goes on in the call while the server is away', async () => {
    const { session, sdk } = sessionRig();
    await session.join('Ann');
    only(sdk.rooms).become({ status: 'reconnecting', sinceMs: 0, attempt: 1 });
    const state = session.state.get();
    if (state.status !== 'in-call') throw new Error(`it is ${state.status}`);
    expect(state.call.connection.get().status).toBe('reconnecting');
  });

  it('leaves the room and closes the devices when the person goes elsewhere', async () => {
    const { session, sdk } = sessionRig();
    await session.join('Ann');
    session.dispose();
    expect(only(sdk.rooms).state).toMatchObject({ status: 'left' });
    expect(sdk.media[0]?.closed).toBe(true);
    await session.join('Ann');
    expect(sdk.rooms).toHaveLength(1);
  });

  it('asks for no device on a page where it can get none', async () => {
    const { session, sdk } = sessionRig(new FakeSdk(), { ...FAKE_ENVIRONMENT, secure: false });
    session.start();
    expect(session.canJoin).toBe(false);
    expect(sdk.media[0]?.camera.asked).toEqual([]);
  });
});

describe('a room that is not open to all', () => {
  const refusing = (code: PeerlineErrorCode): FakeSdk =>
    new FakeSdk(() => Promise.reject(new PeerlineError(code, 'made up')));

  it('waits until someone answers, then is in, with a tone for who looks elsewhere', async () => {
    let letIn: () => void = () => undefined;
    const sdk = new FakeSdk(({ onWaiting }) => {
      onWaiting?.();
      return new Promise((resolve) => (letIn = resolve));
    });
    const { session, host } = sessionRig(sdk);
    const joining = session.join('Ann');
    await until(session.state, ({ status }) => status === 'waiting');
    expect(session.knocks).toBe(true);
    await session.join('Ann');
    letIn();
    await joining;
    expect(session.state.get().status).toBe('in-call');
    expect(host.tones).toEqual(['admitted']);
  });

  it('takes the asking back, and is not shown as waiting by what comes late', async () => {
    const asked: JoinOptions['signal'][] = [];
    let wait: () => void = () => undefined;
    const sdk = new FakeSdk(({ signal, onWaiting }) => {
      asked.push(signal);
      wait = () => onWaiting?.();
      wait();
      return new Promise(() => undefined);
    });
    const { session } = sessionRig(sdk);
    void session.join('Ann');
    const state = await until(session.state, ({ status }) => status === 'waiting');
    if (state.status === 'waiting') state.cancel();
    wait();
    expect(asked[0]?.aborted).toBe(true);
    expect(session.state.get()).toEqual({ status: 'lobby', problem: undefined });
  });

  it.each([
    ['declined', 'ask-again'],
    ['room-locked', 'retry'],
    ['room-moved', 'home'],
    ['removed', 'home'],
  ] as const)('says in the lobby that it is %s, and offers to %s', async (code, action) => {
    const { session } = sessionRig(refusing(code));
    await session.join('Ann');
    expect(session.state.get()).toMatchObject({ status: 'lobby', problem: { code, action } });
  });

  it.each(['room-moved', 'removed'] as const)('forgets a link that is %s', async (code) => {
    const { session, recentRooms } = sessionRig(refusing(code));
    recentRooms.add(session.link, 1);
    await session.join('Ann');
    expect(recentRooms.get()).toEqual([]);
  });

  it('asks for the password, again where it is wrong, and remembers the right one', async () => {
    const given: (string | undefined)[] = [];
    const sdk = new FakeSdk(({ password }) => {
      given.push(password);
      return password === 'sesame'
        ? Promise.resolve()
        : Promise.reject(new PeerlineError('wrong-password', 'made up'));
    });
    const { session, passwords } = sessionRig(sdk);
    await session.join('Ann');
    expect(session.state.get()).toEqual({ status: 'password', wrong: false });
    await session.join('Ann', 'open up');
    expect(session.state.get()).toEqual({ status: 'password', wrong: true });
    expect(passwords.of(session.link)).toBeUndefined();
    await session.join('Ann', 'sesame');
    expect(session.state.get().status).toBe('in-call');
    await session.leave();
    await session.rejoin();
    expect(session.state.get().status).toBe('in-call');
    expect(given).toEqual([undefined, 'open up', 'sesame', 'sesame']);
  });

  it('forgets a password that was changed meanwhile', async () => {
    const { session, passwords } = sessionRig(refusing('wrong-password'));
    passwords.keep(session.link, 'old');
    await session.join('Ann');
    expect(session.state.get()).toEqual({ status: 'password', wrong: true });
    expect(passwords.of(session.link)).toBeUndefined();
  });

  it('is as the person chose, where the link was made here', async () => {
    const asked: JoinOptions[] = [];
    const sdk = new FakeSdk((options) => {
      asked.push(options);
      return Promise.resolve();
    });
    const { session } = sessionRig(sdk, FAKE_ENVIRONMENT, 'made-here');
    session.newRoom?.set({ access: 'knock', password: 'sesame' });
    await session.join('Ann');
    expect(asked[0]).toMatchObject({ access: 'knock', password: 'sesame' });
    const guest = sessionRig(sdk);
    await guest.session.join('Ben');
    expect(guest.session.newRoom).toBeUndefined();
    expect(asked[1]?.access).toBeUndefined();
  });

  it('is made again as the host left it', async () => {
    const asked: JoinOptions[] = [];
    const sdk = new FakeSdk((options) => {
      asked.push(options);
      return Promise.resolve();
    });
    const { session } = sessionRig(sdk, FAKE_ENVIRONMENT, 'made-here');
    session.newRoom?.set({ access: 'open', password: 'first' });
    const callOf = (): Call => {
      const state = session.state.get();
      if (state.status !== 'in-call') throw new Error(`it is ${state.status}`);
      return state.call;
    };
    await session.join('Ann');
    await callOf().admission.setAccess('locked');
    await callOf().admission.setPassword('second');
    await session.leave();
    await session.rejoin();
    expect(asked[1]).toMatchObject({ access: 'knock', password: 'second' });
    await callOf().admission.setPassword(undefined);
    await session.leave();
    await session.rejoin();
    expect(asked[2]?.password).toBeUndefined();
  });

  it('has another link once someone was removed: address, recent rooms and password follow', async () => {
    const { session, sdk, recentRooms, passwords } = sessionRig();
    passwords.keep(session.link, 'sesame');
    await session.join('Ann');
    const moved = { ...FAKE_LINK, key: 'DwAECAwQFBgcICQoLDA0OA' };
    only(sdk.rooms).admission.move(moved);
    expect(session.link).toEqual(moved);
    expect(recentRooms.get().map(({ link }) => link)).toEqual([moved]);
    expect([passwords.of(FAKE_LINK), passwords.of(moved)]).toEqual([undefined, 'sesame']);
  });

  it('is over for whoever is removed from it', async () => {
    const { session, sdk, recentRooms } = sessionRig();
    await session.join('Ann');
    const error = new PeerlineError('removed', 'made up');
    only(sdk.rooms).become({ status: 'left', reason: { code: 'refused', error } });
    expect(session.state.get()).toEqual({ status: 'left', reason: { code: 'refused', error } });
    expect(recentRooms.get()).toEqual([]);
  });
});

describe('a visit while in the lobby', () => {
  async function visited(): Promise<ReturnType<typeof sessionRig> & { readonly visit: FakeVisit }> {
    const rig = sessionRig();
    rig.session.start();
    await vi.waitFor(() => expect(rig.sdk.visits).toHaveLength(1));
    const [visit] = rig.sdk.visits;
    if (visit === undefined) throw new Error('no visit');
    return { ...rig, visit };
  }

  it('tells how many are inside, and is what the person comes in by', async () => {
    const { session, sdk, visit } = await visited();
    expect(visit.options).toMatchObject({ room: session.link, local: session.own.local });
    visit.become({ status: 'ready', others: 2 });
    expect(session.visit.others.get()).toBe(2);
    visit.become({ status: 'connecting' });
    expect(session.visit.others.get()).toBeUndefined();
    await session.join('Ann');
    expect(visit.state).toEqual({ status: 'ended' });
    expect(only(sdk.rooms).presence).toEqual({ name: 'Ann' });
    expect(visit.listenerCount()).toBe(0);
  });

  it('is left where the person types another password than it was made with', async () => {
    const { session, sdk, visit } = await visited();
    await session.join('Ann', 'open sesame');
    expect(visit.state).toEqual({ status: 'ended' });
    expect(only(sdk.rooms)).toBeDefined();
  });

  it('is made with the password that opened the room before', async () => {
    const rig = sessionRig();
    rig.passwords.keep(rig.session.link, 'open sesame');
    rig.session.start();
    await vi.waitFor(() => expect(rig.sdk.visits).toHaveLength(1));
    expect(rig.sdk.visits[0]?.options.password).toBe('open sesame');
  });

  it('is not made for a room of one’s own, nor where nothing can be joined', async () => {
    const own = sessionRig(new FakeSdk(), FAKE_ENVIRONMENT, 'made-here');
    const insecure = sessionRig(new FakeSdk(), { ...FAKE_ENVIRONMENT, secure: false });
    for (const { session } of [own, insecure]) session.start();
    await own.session.join('Ann');
    expect([own.sdk.visits, insecure.sdk.visits]).toEqual([[], []]);
  });

  it('ends with the session, and is made again in the lobby behind a join that failed', async () => {
    const sdk = new FakeSdk(() => Promise.reject(new PeerlineError('room-full', 'made up')));
    const { session } = sessionRig(sdk);
    session.start();
    await session.join('Ann');
    await vi.waitFor(() => expect(sdk.visits).toHaveLength(2));
    session.dispose();
    await vi.waitFor(() => expect(sdk.visits[1]?.state).toEqual({ status: 'ended' }));
    expect(session.visit.others.get()).toBeUndefined();
  });

  it('that cannot be made keeps nobody from joining', async () => {
    const sdk = new FakeSdk();
    sdk.enterLobby = () => Promise.reject(new PeerlineError('webrtc-missing', 'made up'));
    const { session } = sessionRig(sdk);
    session.start();
    await session.join('Ann');
    expect(session.state.get().status).toBe('in-call');
  });
});
