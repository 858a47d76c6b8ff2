import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalMedia, LocalSourceState, Source } from '../api.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { FakeMediaPlatform } from '../testing/fake-media.ts';
import { createLocalMedia } from './local-media.ts';

let platform: FakeMediaPlatform;
let clock: FakeClock;
let media: LocalMedia;
let states: LocalSourceState['status'][];
let changes: Source[];

beforeEach(() => {
  platform = new FakeMediaPlatform();
  clock = new FakeClock();
  media = createLocalMedia(platform, clock);
  states = [];
  changes = [];
  media.camera.on('state', ({ status }) => states.push(status));
  media.on('change', (source) => changes.push(source));
});

function deviceId(): string | undefined {
  const { state } = media.camera;
  return state.status === 'on' ? state.device?.id : undefined;
}

function domError(name: string): DOMException {
  return new DOMException('', name);
}

describe('a camera', () => {
  it('goes from off over starting to on, with device, track and stream', async () => {
    await media.camera.enable();
    expect(states).toEqual(['starting', 'on']);
    const [track] = platform.tracks;
    expect(media.camera.state).toMatchObject({
      status: 'on',
      track,
      device: { id: 'cam-1', kind: 'videoinput', label: 'Front camera' },
    });
    expect(media.track('camera')).toBe(track);
    expect(changes).toEqual(['camera']);
    expect(platform.userRequests).toHaveLength(1);
    expect(platform.userRequests[0]?.audio).toBeUndefined();
    expect(platform.userRequests[0]?.video).toMatchObject({
      width: { ideal: 1280 },
      height: { ideal: 720 },
    });
  });

  it('is closed at once by disable', async () => {
    await media.camera.enable();
    media.camera.disable();
    expect(platform.live).toEqual([]);
    expect(states).toEqual(['starting', 'on', 'off']);
    expect(changes).toEqual(['camera', 'camera']);
    media.camera.disable();
    expect(states).toHaveLength(3);
  });

  it('opens the device and takes the constraints it is told', async () => {
    await media.camera.enable({ deviceId: 'cam-2', constraints: { width: 640 } });
    expect(deviceId()).toBe('cam-2');
    expect(platform.userRequests[0]?.video).toMatchObject({
      deviceId: { exact: 'cam-2' },
      width: 640,
    });
  });

  it('asks nothing where it is on as wished already', async () => {
    await media.camera.enable({ deviceId: 'cam-2' });
    await media.camera.enable();
    await media.camera.enable({ deviceId: 'cam-2' });
    expect(platform.userRequests).toHaveLength(1);
  });
});

describe('races: the last wish wins', () => {
  beforeEach(() => {
    platform.hold = true;
  });

  it('closes at once what the browser opens behind disable', async () => {
    const enabled = media.camera.enable();
    await settle();
    media.camera.disable();
    platform.held[0]?.allow();
    await enabled;
    expect(media.camera.state.status).toBe('off');
    expect(platform.tracks).toHaveLength(1);
    expect(platform.live).toEqual([]);
    expect(states).toEqual(['starting', 'off']);
    expect(changes).toEqual([]);
  });

  it('says nothing of a refusal that nobody waits for any more', async () => {
    const enabled = media.camera.enable();
    await settle();
    media.camera.disable();
    platform.held[0]?.refuse(domError('NotAllowedError'));
    await enabled;
    expect(media.camera.state).toEqual({ status: 'off' });
  });

  it('asks once for enable, disable, enable', async () => {
    const first = media.camera.enable();
    await settle();
    media.camera.disable();
    const second = media.camera.enable();
    platform.held[0]?.allow();
    await Promise.all([first, second]);
    expect(media.camera.state.status).toBe('on');
    expect(platform.userRequests).toHaveLength(1);
    expect(platform.live).toHaveLength(1);
  });

  it('ends with the device asked for last', async () => {
    const first = media.camera.enable({ deviceId: 'cam-1' });
    await settle();
    const second = media.camera.enable({ deviceId: 'cam-2' });
    platform.held[0]?.allow();
    await settle();
    platform.held[1]?.allow();
    await Promise.all([first, second]);
    expect(deviceId()).toBe('cam-2');
    expect(platform.live).toHaveLength(1);
    expect(states).toEqual(['starting', 'on']);
  });

  it('ends as wished last, and leaks no track, through any order of wishes and answers', async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const outcomes: Promise<void>[] = [];
    let wished = false;
    for (let step = 0; step < 300; step += 1) {
      const choice = random();
      if (choice < 0.3) {
        wished = true;
        outcomes.push(media.camera.enable(random() < 0.5 ? {} : { deviceId: 'cam-2' }));
      } else if (choice < 0.5) {
        wished = false;
        media.camera.disable();
      } else if (choice < 0.8) platform.held.shift()?.allow();
      else await settle();
      expect(platform.live.length, `seed ${seed}, step ${step}`).toBeLessThanOrEqual(2);
    }
    platform.hold = false;
    for (const held of platform.held.splice(0)) held.allow();
    await Promise.all(outcomes);
    expect(media.camera.state.status, `seed ${seed}`).toBe(wished ? 'on' : 'off');
    expect(platform.live, `seed ${seed}`).toHaveLength(wished ? 1 : 0);
  });
});

describe('a failure', () => {
  it.each([
    ['NotAllowedError', 'permission-denied'],
    ['NotFoundError', 'device-not-found'],
    ['OverconstrainedError', 'device-not-found'],
    ['NotReadableError', 'device-in-use'],
    ['AbortError', 'media-failed'],
    ['SecurityError', 'permission-denied'],
    ['UnheardOfError', 'media-failed'],
  ])('%s becomes %s, as an exception and as the state', async (name, code) => {
    platform.failures.push(domError(name));
    await expect(media.camera.enable()).rejects.toMatchObject({ code });
    expect(media.camera.state).toMatchObject({ status: 'failed', error: { code } });
    await media.camera.enable();
    expect(states).toEqual(['starting', 'failed', 'starting', 'on']);
  });

  it('is cleared by disable', async () => {
    platform.failures.push(domError('NotAllowedError'));
    await expect(media.camera.enable()).rejects.toThrow('allow it');
    media.camera.disable();
    expect(media.camera.state).toEqual({ status: 'off' });
  });
});

describe('switching', () => {
  it('opens the new device before it closes the old one', async () => {
    await media.camera.enable();
    platform.hold = true;
    const switched = media.camera.enable({ deviceId: 'cam-2' });
    await settle();
    expect(deviceId()).toBe('cam-1');
    expect(platform.live).toHaveLength(1);
    platform.held[0]?.allow();
    await switched;
    expect(deviceId()).toBe('cam-2');
    expect(platform.live).toHaveLength(1);
    expect(states).toEqual(['starting', 'on', 'on']);
    expect(changes).toEqual(['camera', 'camera']);
  });

  it('closes the old one first where only one can be open', async () => {
    platform.oneAtATime = true;
    await media.camera.enable();
    await media.camera.enable({ deviceId: 'cam-2' });
    expect(deviceId()).toBe('cam-2');
    expect(platform.live).toHaveLength(1);
    expect(states).toEqual(['starting', 'on', 'starting', 'on']);
  });

  it('goes back to the old one where the new one cannot be opened even then', async () => {
    await media.camera.enable();
    platform.failures.push(domError('NotReadableError'), domError('NotReadableError'));
    await expect(media.camera.enable({ deviceId: 'cam-2' })).rejects.toMatchObject({
      code: 'device-in-use',
    });
    expect(deviceId()).toBe('cam-1');
    expect(platform.live).toHaveLength(1);
    media.camera.disable();
    expect(platform.live).toEqual([]);
  });

  it('fails where the old one cannot be opened again either', async () => {
    await media.camera.enable();
    const busy = domError('NotReadableError');
    platform.failures.push(busy, busy, domError('NotFoundError'));
    await expect(media.camera.enable({ deviceId: 'cam-2' })).rejects.toMatchObject({
      code: 'device-in-use',
    });
    expect(media.camera.state).toMatchObject({
      status: 'failed',
      error: { code: 'device-in-use' },
    });
    expect(platform.live).toEqual([]);
  });

  it('stays with the old one, untouched, where the new one is not there', async () => {
    await media.camera.enable();
    await expect(media.camera.enable({ deviceId: 'gone' })).rejects.toMatchObject({
      code: 'device-not-found',
    });
    expect(deviceId()).toBe('cam-1');
    expect(states).toEqual(['starting', 'on']);
  });

  it('disable wins over a swap that is under way', async () => {
    platform.oneAtATime = true;
    await media.camera.enable();
    const switched = media.camera.enable({ deviceId: 'cam-2' });
    platform.hold = true;
    await settle();
    platform.held.shift()?.allow();
    await settle();
    media.camera.disable();
    platform.held.shift()?.allow();
    await switched;
    expect(media.camera.state.status).toBe('off');
    expect(platform.live).toEqual([]);
  });
});

/** Numbers from 0 to 1 that a seed determines (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return value / 2 ** 32;
  };
}
