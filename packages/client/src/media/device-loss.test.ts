import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalMedia, LocalSourceEvents, LocalSourceState } from '../api.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FAKE_DEVICES, FakeMediaPlatform } from '../testing/fake-media.ts';
import { createLocalMedia } from './local-media.ts';

let platform: FakeMediaPlatform;
let clock: FakeClock;
let media: LocalMedia;
let states: LocalSourceState['status'][];
let lost: LocalSourceEvents['devicelost'][];

beforeEach(() => {
  platform = new FakeMediaPlatform();
  clock = new FakeClock();
  media = createLocalMedia(platform, clock);
  states = [];
  lost = [];
  media.camera.on('state', ({ status }) => states.push(status));
  media.camera.on('devicelost', (detail) => lost.push(detail));
});

function deviceId(): string | undefined {
  const { state } = media.camera;
  return state.status === 'on' ? state.device?.id : undefined;
}

function domError(name: string): DOMException {
  return new DOMException('', name);
}

describe('a device that is unplugged while on', () => {
  it('is replaced by another one of its kind', async () => {
    await media.camera.enable();
    platform.unplug('cam-1');
    expect(media.track('camera')).toBeUndefined();
    await settle();
    expect(deviceId()).toBe('cam-2');
    expect(lost).toEqual([{ lost: FAKE_DEVICES[0], fallback: FAKE_DEVICES[1] }]);
    expect(states).toEqual(['starting', 'on', 'starting', 'on']);
  });

  it('leaves the source failed with device-lost where there is no other', async () => {
    await media.camera.enable();
    platform.unplug('cam-2');
    platform.unplug('cam-1');
    await settle();
    expect(media.camera.state).toMatchObject({ status: 'failed', error: { code: 'device-lost' } });
    expect(lost).toEqual([{ lost: FAKE_DEVICES[0], fallback: undefined }]);
    platform.plugIn({ id: 'cam-3', kind: 'videoinput', label: 'New' });
    await media.camera.enable();
    expect(deviceId()).toBe('cam-3');
  });

  it('is replaced too where the browser ends no track but lists it no more', async () => {
    await media.camera.enable();
    await settle();
    platform.unplug('cam-1', 'silently');
    await clock.advanceAsync(200);
    expect(deviceId()).toBe('cam-2');
    expect(lost).toEqual([{ lost: FAKE_DEVICES[0], fallback: FAKE_DEVICES[1] }]);
    expect(platform.live).toHaveLength(1);
  });

  it('is left on where the browser lists devices without ids, or others went', async () => {
    await media.camera.enable();
    await settle();
    platform.unplug('mic-2');
    await clock.advanceAsync(200);
    platform.enumerateDevices = () =>
      Promise.resolve([{ id: '', kind: 'videoinput' as const, label: '' }]);
    await media.refreshDevices();
    expect(deviceId()).toBe('cam-1');
    expect(states).toEqual(['starting', 'on']);
  });

  it('passes over another one that cannot be opened', async () => {
    platform.plugIn({ id: 'cam-3', kind: 'videoinput', label: 'Third' });
    await media.camera.enable();
    platform.failures.push(domError('NotReadableError'));
    platform.unplug('cam-1');
    await settle();
    expect(deviceId()).toBe('cam-3');
  });

  it('asks no second time where permission was taken back', async () => {
    platform.plugIn({ id: 'cam-3', kind: 'videoinput', label: 'Third' });
    await media.camera.enable();
    platform.failures.push(domError('NotAllowedError'));
    platform.unplug('cam-1');
    await settle();
    expect(media.camera.state).toMatchObject({
      status: 'failed',
      error: { code: 'permission-denied' },
    });
    expect(platform.userRequests).toHaveLength(2);
  });

  it('stays off where the person turns it off meanwhile', async () => {
    await media.camera.enable();
    platform.hold = true;
    platform.unplug('cam-1');
    await settle();
    media.camera.disable();
    platform.held[0]?.allow();
    await settle();
    expect(media.camera.state.status).toBe('off');
    expect(platform.live).toEqual([]);
    expect(lost).toEqual([]);
  });

  it('is no loss once we stopped it ourselves', async () => {
    await media.camera.enable();
    const [track] = platform.tracks;
    media.camera.disable();
    track?.dispatchEvent(new Event('ended'));
    await settle();
    expect(media.camera.state.status).toBe('off');
    expect(lost).toEqual([]);
  });

  it('is replaced by the device that a switch is opening anyway', async () => {
    await media.camera.enable();
    platform.hold = true;
    const switched = media.camera.enable({ deviceId: 'cam-2' });
    await settle();
    platform.unplug('cam-1');
    expect(media.camera.state.status).toBe('starting');
    platform.held[0]?.allow();
    await switched;
    expect(deviceId()).toBe('cam-2');
    expect(lost).toEqual([]);
  });
});

describe('the microphone', () => {
  it('is silent at once and closed 3 s behind disable', async () => {
    await media.microphone.enable();
    media.microphone.disable();
    expect(media.microphone.state).toEqual({ status: 'off' });
    expect(media.track('microphone')).toBeUndefined();
    expect(platform.tracks[0]).toMatchObject({ enabled: false, readyState: 'live' });
    clock.advance(2_999);
    expect(platform.live).toHaveLength(1);
    clock.advance(1);
    expect(platform.live).toEqual([]);
  });

  it('is heard again at once, without opening it anew, within that time', async () => {
    await media.microphone.enable();
    media.microphone.disable();
    clock.advance(1_000);
    void media.microphone.enable();
    expect(media.microphone.state.status).toBe('on');
    expect(platform.tracks[0]?.enabled).toBe(true);
    clock.advance(10_000);
    expect(platform.live).toHaveLength(1);
    expect(platform.userRequests).toHaveLength(1);
  });

  it('is closed for another one that is wished within that time', async () => {
    await media.microphone.enable();
    media.microphone.disable();
    await media.microphone.enable({ deviceId: 'mic-2' });
    expect(platform.live.map(({ label }) => label)).toEqual(['Headset']);
    clock.advance(10_000);
    expect(platform.live).toHaveLength(1);
  });

  it('is never turned on by the machine: unplugged while muted, it stays off', async () => {
    await media.microphone.enable();
    media.microphone.disable();
    platform.unplug('mic-1');
    await settle();
    expect(media.microphone.state).toEqual({ status: 'off' });
    expect(platform.userRequests).toHaveLength(1);
    await media.microphone.enable();
    expect(platform.live.map(({ label }) => label)).toEqual(['Headset']);
    clock.advance(10_000);
    expect(platform.live).toHaveLength(1);
  });
});
