import { describe, expect, it } from 'vitest';
import { SELF_TILE, screenTile, tilesOf, type Call } from './call.ts';
import { FAKE_LINK, FakePeer, type FakeRoom } from './testing/fake-room.ts';
import { sessionRig, type SessionRig } from './testing/fake-session.ts';

async function joined(): Promise<SessionRig & { call: Call; room: FakeRoom }> {
  const rig = sessionRig();
  await rig.session.join('Kim');
  const state = rig.session.state.get();
  const [room] = rig.sdk.rooms;
  if (state.status !== 'in-call' || room === undefined) throw new Error('it did not join');
  return { ...rig, call: state.call, room };
}

describe('a call', () => {
  it('has a card with the link until someone comes, and never again', async () => {
    const { call, room } = await joined();
    expect(call.view.get().aloneCard).toBe(true);
    const peer = room.enter(new FakePeer({ name: 'Ann' }));
    expect(call.view.get().aloneCard).toBe(false);
    room.exit(peer);
    expect(call.view.get().aloneCard).toBe(false);
  });

  it('opens one panel at a time; chat counts as read while it is open', async () => {
    const { call, room, toasts } = await joined();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    toasts.dismiss(1);
    room.say(ann, { id: '1', text: 'Hi\nthere' });
    expect(call.chat.get().unread).toBe(1);
    expect(toasts.get()?.text).toBe('\u2068Ann\u2069: \u2068Hi there\u2069');
    call.togglePanel('people');
    call.togglePanel('chat');
    expect(call.view.get().panel).toBe('chat');
    expect(call.chat.get().unread).toBe(0);
    expect(toasts.get()).toBeUndefined();
    call.togglePanel('chat');
    expect(call.view.get().panel).toBeUndefined();
  });

  it('says who comes and goes, and rings only if that was asked for', async () => {
    const { room, toasts, preferences, host } = await joined();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    expect(toasts.get()?.text).toBe('\u2068Ann\u2069 joined');
    expect(host.tones).toEqual([]);
    preferences.change({ chime: true });
    room.exit(ann);
    expect(host.tones).toEqual(['left']);
  });

  it('has a tile for each shared screen, each person and oneself, pinned by number', async () => {
    const { call, room } = await joined();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    const bo = room.enter(new FakePeer({ name: 'Bo' }));
    bo.turnOn('screen');
    expect(tilesOf(call.participants.get()).map(({ id }) => id)).toEqual([
      screenTile(bo.id),
      ann.id,
      bo.id,
      SELF_TILE,
    ]);
    call.pinAt(2);
    expect(call.view.get().pinned).toBe(ann.id);
    call.pinAt(9);
    expect(call.view.get().pinned).toBe(ann.id);
    call.pinAt(2);
    expect(call.view.get().pinned).toBeUndefined();
  });

  it('knows who is speaking', async () => {
    const { call, room, host } = await joined();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    ann.turnOn('microphone');
    ann.loudness = 0.5;
    host.tick(100);
    expect([...call.speaking.get()]).toEqual([ann.id]);
  });

  it('tells the others of a raised hand', async () => {
    const { call, room } = await joined();
    call.toggleHand();
    expect(room.presence).toEqual({ name: 'Kim', hand: true });
    call.toggleHand();
    expect(room.presence).toEqual({ name: 'Kim' });
  });

  it('rings when someone knocks, unless that was turned off', async () => {
    const { room, preferences, host } = await joined();
    room.admission.knock('Ann');
    preferences.change({ knockSound: false });
    room.admission.knock('Ben');
    expect(host.tones).toEqual(['knock']);
  });

  it('asks to mute whoever is not, and never does so by itself', async () => {
    const { call, room, toasts } = await joined();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    toasts.dismiss(1);
    room.admission.emit('muterequest', { from: ann.id, source: 'microphone' });
    expect(toasts.get()).toBeUndefined();
    await call.own.toggle('microphone');
    room.admission.emit('muterequest', { from: ann.id, source: 'camera' });
    expect(toasts.get()).toBeUndefined();
    room.admission.emit('muterequest', { from: ann.id, source: 'microphone' });
    expect(toasts.get()?.text).toBe('\u2068Ann\u2069 asks you to mute');
    expect(call.own.get().microphone.status).toBe('on');
    toasts.get()?.action?.run();
    expect(call.own.get().microphone.status).toBe('off');
    // Done with it, in whatever way.
    expect(toasts.get()).toBeUndefined();
  });

  it('tells of a new link until that is seen to', async () => {
    const { call, room } = await joined();
    const moved = { ...FAKE_LINK, key: 'DwAECAwQFBgcICQoLDA0OA' };
    room.admission.move(moved);
    expect(call.link.get()).toEqual(moved);
    expect(call.view.get().newLink).toBe(true);
    call.dismissNewLink();
    expect(call.view.get().newLink).toBe(false);
  });

  it('tells that this device does not keep up, until it does or that is seen to', async () => {
    const { call, room } = await joined();
    expect(call.pressure.get().status).toBe('nominal');
    room.bear({ status: 'serious', sinceMs: 12 });
    expect(call.pressure.get().status).toBe('serious');
    expect(call.view.get().knowsPressure).toBe(false);
    room.bear({ status: 'nominal' });
    expect(call.pressure.get().status).toBe('nominal');
    call.dismissPressure();
    expect(call.view.get().knowsPressure).toBe(true);
  });

  it('tells who becomes host', async () => {
    const { room, toasts } = await joined();
    room.admission.appoint(undefined);
    expect(toasts.get()?.text).toMatch(/You host this call now/);
  });
});
