import { beforeEach, describe, expect, it } from 'vitest';
import type { Device, LocalMedia, LocalSourceState, Source } from '../api.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FAKE_DEVICES, FakeMediaPlatform } from '../testing/fake-media.ts';
import { createLocalMedia } from './local-media.ts';
import { browserPlatform } from './platform.ts';

let platform: FakeMediaPlatform;
let clock: FakeClock;
let media: LocalMedia;

beforeEach(() => {
  platform = new FakeMediaPlatform();
  clock = new FakeClock();
  media = createLocalMedia(platform, clock);
});

describe('devices', () => {
  it('are unknown at first, nameless until permission, and named behind it', async () => {
    const lists: (readonly Device[])[] = [];
    media.on('devices', (list) => lists.push(list));
    expect(media.devices).toEqual([]);
    const nameless = await media.refreshDevices();
    expect(nameless).toHaveLength(FAKE_DEVICES.length);
    expect(nameless.every(({ id, label }) => id === '' && label === '')).toBe(true);
    await media.camera.enable();
    await settle();
    expect(media.devices).toEqual(FAKE_DEVICES);
    await media.refreshDevices();
    expect(lists).toEqual([nameless, FAKE_DEVICES]);
  });

  it('are looked at once for several changes in a row', async () => {
    await media.camera.enable();
    await settle();
    const before = platform.enumerations;
    platform.plugIn({ id: 'mic-3', kind: 'audioinput', label: 'Headset 2' });
    await clock.advanceAsync(100);
    platform.plugIn({ id: 'out-3', kind: 'audiooutput', label: 'Headset 2' });
    await clock.advanceAsync(199);
    expect(platform.enumerations).toBe(before);
    await clock.advanceAsync(1);
    expect(platform.enumerations).toBe(before + 1);
    expect(media.devices.map(({ id }) => id)).toContain('out-3');
  });

  it('keep what the newest answer says when answers overtake each other', async () => {
    const answers: ((devices: readonly Device[]) => void)[] = [];
    platform.enumerateDevices = () => new Promise((answer) => void answers.push(answer));
    const [older, newer] = [media.refreshDevices(), media.refreshDevices()];
    answers[1]?.(FAKE_DEVICES);
    await newer;
    answers[0]?.([]);
    await older;
    expect(media.devices).toEqual(FAKE_DEVICES);
  });

  it('refuse with a typed error, and keep the list that was known', async () => {
    await media.refreshDevices();
    platform.enumerateDevices = () => Promise.reject(new DOMException('', 'InvalidStateError'));
    await expect(media.refreshDevices()).rejects.toMatchObject({ code: 'media-failed' });
    expect(media.devices).toHaveLength(FAKE_DEVICES.length);
  });
});

describe('the screen', () => {
  let states: LocalSourceState['status'][];
  let changes: Source[];
  beforeEach(() => {
    states = [];
    changes = [];
    media.screen.on('state', ({ status }) => states.push(status));
    media.on('change', (source) => changes.push(source));
  });

  it('is shared as sharp text, without its sound unless asked for', async () => {
    await media.screen.enable();
    expect(states).toEqual(['starting', 'on']);
    expect(changes).toEqual(['screen']);
    expect(platform.displayRequests[0]?.audio).toBe(false);
    expect(media.track('screen')?.contentHint).toBe('detail');
    expect(media.screen.audioTrack).toBeUndefined();
  });

  it('brings its sound where asked for, unfiltered', async () => {
    await media.screen.enable({ audio: true });
    expect(changes).toEqual(['screen', 'screenAudio']);
    expect(platform.displayRequests[0]?.audio).toMatchObject({ echoCancellation: false });
    expect(media.track('screenAudio')).toBe(media.screen.audioTrack);
    expect(media.screen.audioTrack?.contentHint).toBe('music');
    platform.tracks.find(({ kind }) => kind === 'audio')?.end();
    expect(media.screen.audioTrack).toBeUndefined();
    expect(media.screen.state.status).toBe('on');
    expect(changes).toEqual(['screen', 'screenAudio', 'screenAudio']);
  });

  it('ends when the person stops it in the browser itself', async () => {
    await media.screen.enable({ audio: true });
    platform.tracks.find(({ kind }) => kind === 'video')?.end();
    expect(media.screen.state).toEqual({ status: 'off' });
    expect(platform.live).toEqual([]);
    expect(changes).toEqual(['screen', 'screenAudio', 'screen', 'screenAudio']);
  });

  it('ends when what enable gave is disposed of, a later share excepted', async () => {
    const first = await media.screen.enable();
    const second = await media.screen.enable();
    first[Symbol.dispose]();
    expect(media.screen.state.status).toBe('on');
    expect(platform.live).toHaveLength(1);
    second[Symbol.dispose]();
    expect(media.screen.state.status).toBe('off');
    expect(platform.live).toEqual([]);
  });

  it('cancelled is off, not failed', async () => {
    platform.failures.push(new DOMException('', 'NotAllowedError'));
    await expect(media.screen.enable()).rejects.toMatchObject({ code: 'share-cancelled' });
    expect(states).toEqual(['starting', 'off']);
  });

  it('tells a forbidden share from a cancelled one', async () => {
    platform.displayAllowed = false;
    platform.failures.push(new DOMException('', 'NotAllowedError'));
    await expect(media.screen.enable()).rejects.toMatchObject({ code: 'permission-denied' });
    expect(states).toEqual(['starting', 'failed']);
  });

  it('goes on with the old share where a new one is cancelled', async () => {
    await media.screen.enable();
    platform.failures.push(new DOMException('', 'NotAllowedError'));
    await expect(media.screen.enable()).rejects.toMatchObject({ code: 'share-cancelled' });
    expect(states).toEqual(['starting', 'on']);
    expect(platform.live).toHaveLength(1);
  });

  it('closes at once what was chosen behind disable', async () => {
    platform.hold = true;
    const enabled = media.screen.enable();
    media.screen.disable();
    platform.held[0]?.allow();
    (await enabled)[Symbol.dispose]();
    expect(platform.live).toEqual([]);
    expect(states).toEqual(['starting', 'off']);
    expect(changes).toEqual([]);
  });
});

describe('close', () => {
  it('turns everything off at once and listens to nothing any more', async () => {
    await media.camera.enable();
    await media.microphone.enable();
    await media.screen.enable({ audio: true });
    expect(platform.listening).toBe(1);
    media.close();
    expect(platform.live).toEqual([]);
    expect(platform.listening).toBe(0);
    expect(clock.pending).toBe(0);
    await expect(media.camera.enable()).rejects.toMatchObject({ code: 'media-failed' });
    await expect(media.screen.enable()).rejects.toMatchObject({ code: 'media-failed' });
    expect(platform.live).toEqual([]);
  });
});

describe('without a browser', () => {
  it('is made, lists nothing, and says that there is nothing to open', async () => {
    const bare = createLocalMedia(browserPlatform({}));
    await expect(bare.refreshDevices()).resolves.toEqual([]);
    await expect(bare.camera.enable()).rejects.toMatchObject({ code: 'media-unsupported' });
    await expect(bare.screen.enable()).rejects.toMatchObject({ code: 'media-unsupported' });
    expect(bare.camera.state.status).toBe('failed');
    bare.close();
  });

  it('works with the globals of Node itself', async () => {
    const bare = createLocalMedia();
    await expect(bare.microphone.enable()).rejects.toMatchObject({ code: 'media-unsupported' });
    bare.close();
  });

  it('says where the page is not secure', async () => {
    const page = createLocalMedia(browserPlatform({ isSecureContext: false, navigator: {} }));
    await expect(page.camera.enable()).rejects.toMatchObject({ code: 'insecure-context' });
    await expect(page.screen.enable()).rejects.toMatchObject({ code: 'insecure-context' });
  });

  it('asks the browser for what it has, and reads its permissions policy', async () => {
    const asked: unknown[] = [];
    const browser = browserPlatform({
      navigator: {
        mediaDevices: {
          getUserMedia: (constraints) => {
            asked.push(constraints);
            return Promise.reject(new DOMException('', 'NotFoundError'));
          },
        },
      },
      document: { featurePolicy: { allowsFeature: (feature) => feature !== 'display-capture' } },
    });
    expect(browser.displayAllowed).toBe(false);
    await expect(browser.getUserMedia({ audio: true })).rejects.toThrow(DOMException);
    expect(asked).toEqual([{ audio: true }]);
  });
});
