import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { FakeStream, FakeTrack } from '../testing/fake-media.ts';
import { ReceivedTrack } from './remote-track.ts';

/** As much of a media element as `attach` touches. */
interface FakeElement {
  autoplay: boolean;
  playsInline: boolean;
  srcObject: MediaProvider | null;
  readonly ownerDocument: EventTarget;
}

function elementAt(fake: FakeElement): HTMLMediaElement {
  // Node has no elements, and an HTMLMediaElement has 300 members; the test's own boundary.
  const element: unknown = fake;
  if (!isElement(element)) throw new Error('not an element');
  return element;
}

function isElement(value: unknown): value is HTMLMediaElement {
  return typeof value === 'object' && value !== null && 'srcObject' in value;
}

function fakeElement(): FakeElement {
  return {
    autoplay: false,
    playsInline: false,
    srcObject: null,
    ownerDocument: new EventTarget(),
  };
}

function received(kind: 'audio' | 'video'): ReceivedTrack {
  const track = new FakeTrack({ kind });
  return new ReceivedTrack('camera', { track }, new FakeStream([track]));
}

describe('attach', () => {
  it('plays in the page until the returned function is called', () => {
    const fake = fakeElement();
    const remote = received('video');
    const detach = remote.attach(elementAt(fake));
    expect(fake).toMatchObject({ autoplay: true, playsInline: true, srcObject: remote.stream });
    detach();
    expect(fake.srcObject).toBeNull();
  });

  it('leaves the element alone once it shows something else', () => {
    const fake = fakeElement();
    const detach = received('video').attach(elementAt(fake));
    const other = received('video');
    other.attach(elementAt(fake));
    detach();
    expect(fake.srcObject).toBe(other.stream);
  });
});

describe('a page that was frozen', () => {
  it('plays again what played before, and nothing else', () => {
    const plays: boolean[] = [];
    const fake = {
      ...fakeElement(),
      paused: false,
      play: () => {
        plays.push(true);
        return Promise.reject(new Error('not allowed'));
      },
    };
    const detach = received('video').attach(elementAt(fake));
    const page = fake.ownerDocument;
    page.dispatchEvent(new Event('freeze'));
    fake.paused = true;
    page.dispatchEvent(new Event('resume'));
    expect(plays).toHaveLength(1);
    page.dispatchEvent(new Event('freeze'));
    page.dispatchEvent(new Event('resume'));
    expect(plays, 'one that was paused by hand').toHaveLength(1);
    fake.paused = false;
    page.dispatchEvent(new Event('freeze'));
    detach();
    page.dispatchEvent(new Event('resume'));
    expect(plays, 'one that shows something else by now').toHaveLength(1);
  });
});

describe('level', () => {
  type Levels = Pick<RTCRtpContributingSource, 'audioLevel' | 'source' | 'timestamp'>[];
  function withLevels(levels: () => Levels, clock: FakeClock): ReceivedTrack {
    const track = new FakeTrack({ kind: 'audio' });
    const receiver = { track, getSynchronizationSources: levels, getContributingSources: () => [] };
    return new ReceivedTrack('microphone', receiver, new FakeStream([track]), { clock });
  }

  it('is the loudest source', () => {
    const levels = [
      { source: 1, timestamp: 5, audioLevel: 0.2 },
      { source: 2, timestamp: 4, audioLevel: 0.6 },
    ];
    expect(withLevels(() => levels, new FakeClock()).level()).toBe(0.6);
  });

  it('is 0 half a second after the last packet, and back with the next', () => {
    const clock = new FakeClock();
    let timestamp = 1_000;
    const remote = withLevels(() => [{ source: 1, timestamp, audioLevel: 0.5 }], clock);
    expect(remote.level()).toBe(0.5);
    clock.advance(499);
    expect(remote.level()).toBe(0.5);
    clock.advance(1);
    expect(remote.level()).toBe(0);
    timestamp += 20;
    expect(remote.level()).toBe(0.5);
  });

  it('is 0 where nothing is known', () => {
    const unknown = withLevels(() => [{ source: 1, timestamp: 1 }], new FakeClock());
    expect(unknown.level()).toBe(0);
    expect(received('video').level()).toBe(0);
  });
});
