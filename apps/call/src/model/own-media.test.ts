import { describe, expect, it } from 'vitest';
import { devicesOf, OwnMedia } from './own-media.ts';
import { PreferenceStore } from './preferences.ts';
import { memoryStorage } from './storage.ts';
import { FakeLocalMedia } from './testing/fake-media.ts';
import { Toasts } from './toasts.ts';

function rig() {
  const local = new FakeLocalMedia();
  const preferences = new PreferenceStore(memoryStorage());
  const toasts = new Toasts();
  return { local, preferences, toasts, own: new OwnMedia(local, preferences, toasts) };
}

describe('own media', () => {
  it('toggles, and remembers it', async () => {
    const { own, preferences } = rig();
    await own.toggle('microphone');
    expect(own.get().microphone.status).toBe('on');
    await own.toggle('microphone');
    expect(own.get().microphone).toEqual({ status: 'off' });
    expect(preferences.get().microphoneOn).toBe(false);
  });

  it('takes any other device where the remembered one is not there today', async () => {
    const { own, local, preferences } = rig();
    preferences.change({ cameraId: 'cam-9' });
    await own.toggle('camera');
    expect(own.get().camera).toMatchObject({ status: 'on', device: { id: 'cam-1' } });
    expect(local.camera.asked).toEqual([{ deviceId: 'cam-9' }, {}]);
    expect(preferences.get().cameraId).toBe('cam-9');
  });

  it('switches a device that is on, and only remembers one that is off', async () => {
    const { own, local } = rig();
    await own.start();
    await own.choose('camera', 'cam-2');
    expect(own.chosen('camera')).toBe('cam-2');
    await own.toggle('microphone');
    await own.choose('microphone', 'mic-2');
    expect(local.microphone.state).toEqual({ status: 'off' });
    expect(own.chosen('microphone')).toBe('mic-2');
  });

  it('keeps a refusal in the state, and tries again when asked', async () => {
    const { own, local } = rig();
    local.camera.failure = 'permission-denied';
    await own.start();
    expect(own.get().camera).toMatchObject({
      status: 'failed',
      error: { code: 'permission-denied' },
    });
    expect(own.get().microphone.status).toBe('on');
    local.camera.failure = undefined;
    await own.retry(['camera']);
    expect(own.get().camera.status).toBe('on');
  });

  it('tells which device took over when one was unplugged', async () => {
    const { own, local, toasts } = rig();
    await own.start();
    local.microphone.unplug('mic-2');
    expect(toasts.get()?.text).toBe('Built-in microphone was unplugged. Now using Headset.');
    toasts.dismiss(1);
    local.camera.unplug();
    expect(toasts.get()?.text).toBe('FaceTime HD camera was unplugged. Your camera is off now.');
    expect(own.get().camera.status).toBe('failed');
  });

  it('opens the microphone while a key is held, and leaves an open one alone', async () => {
    const { own, local, preferences } = rig();
    preferences.change({ microphoneOn: false });
    own.talk();
    own.talk();
    expect(local.microphone.asked).toHaveLength(1);
    own.stopTalking();
    expect(own.get().microphone).toEqual({ status: 'off' });
    expect(preferences.get().microphoneOn).toBe(false);
    await own.toggle('microphone');
    own.talk();
    own.stopTalking();
    expect(own.get().microphone.status).toBe('on');
  });

  it('says nothing when sharing was cancelled, and something when it failed', async () => {
    const { own, local, toasts } = rig();
    local.screen.failure = 'share-cancelled';
    await own.toggleScreen();
    expect(toasts.get()).toBeUndefined();
    local.screen.failure = 'media-failed';
    await own.toggleScreen();
    expect(toasts.get()?.tone).toBe('warning');
    local.screen.failure = undefined;
    await own.toggleScreen();
    expect(own.get().screen.status).toBe('on');
    await own.toggleScreen();
    expect(own.get().screen).toEqual({ status: 'off' });
  });

  it('lists the devices that the browser names', async () => {
    const { own, local } = rig();
    local.plugged = [...local.plugged, { id: '', kind: 'videoinput', label: '' }];
    await own.start();
    expect(devicesOf(own.get(), 'camera').map(({ id }) => id)).toEqual(['cam-1', 'cam-2']);
    expect(devicesOf(own.get(), 'speaker').map(({ id }) => id)).toEqual(['spk-1', 'spk-2']);
  });

  it('stops listening when it is disposed of', () => {
    const { own, local } = rig();
    own.dispose();
    expect(local.closed).toBe(true);
    expect(local.listenerCount() + local.camera.listenerCount()).toBe(0);
  });
});
