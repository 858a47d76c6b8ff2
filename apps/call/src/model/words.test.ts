import { PeerlineError, type LocalSourceState, type PeerlineErrorCode } from 'peerline';
import { describe, expect, it } from 'vitest';
import { ago, elapsed } from './ago.ts';
import { browserFamily, isMobile } from './environment.ts';
import { joinProblem } from './failures.ts';
import { mediaNotices, unblockSteps } from './media-help.ts';
import {
  AVATAR_HUES,
  avatarHue,
  cleanName,
  initials,
  NAME_MAX_CHARACTERS,
  nameFromPresence,
} from './names.ts';
import { parseRoute, roomFragment, roomTitle } from './route.ts';
import { shareableLink } from './sharing.ts';
import { FAKE_LINK } from './testing/fake-room.ts';
import { FAKE_ENVIRONMENT } from './testing/fake-session.ts';

const failed = (code: PeerlineErrorCode): LocalSourceState => ({
  status: 'failed',
  error: new PeerlineError(code, 'made up'),
});
const off: LocalSourceState = { status: 'off' };

describe('routes', () => {
  it('ROOM1 reads a room from the fragment, and home from none', () => {
    expect(parseRoute('')).toEqual({ page: 'home' });
    expect(parseRoute('#')).toEqual({ page: 'home' });
    expect(parseRoute(roomFragment(FAKE_LINK))).toEqual({ page: 'room', link: FAKE_LINK });
    expect(parseRoute('#calm-otter-52.short')).toEqual({ page: 'bad-link' });
  });

  it('shares the address without what else stands in it', () => {
    expect(shareableLink(FAKE_LINK, 'https://call.example/app/?x=1#old')).toBe(
      `https://call.example/app/#${FAKE_LINK.name}.${FAKE_LINK.key}`,
    );
  });

  it('names a room as people say it', () => {
    expect(roomTitle(FAKE_LINK)).toBe('Calm otter 52');
  });
});

describe('names', () => {
  it.each([
    ['  Ann   Lee ', 'Ann Lee'],
    ['evil\u202egnp.exe', 'evil gnp.exe'],
    ['a\nb\u0000c', 'a b c'],
    ['👩‍👩‍👧 Kim', '👩‍👩‍👧 Kim'],
    ['x'.repeat(200), 'x'.repeat(NAME_MAX_CHARACTERS)],
  ])('cleans %j', (text, expected) => {
    expect(cleanName(text)).toBe(expected);
  });

  it.each([{}, { name: 7 }, { name: ' \u200b ' }])('is Guest for %j', (presence) => {
    expect(nameFromPresence(presence)).toBe('Guest');
  });

  it.each([
    ['Ana Sørensen', 'AS'],
    ['Bo', 'B'],
    ['maría del mar', 'MM'],
    ['李 小龙', '李小'],
    ['!!!', '?'],
    ['', '?'],
  ])('has initials for %j', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });

  it('gives a name the same hue always', () => {
    const hues = new Set(['Ann', 'Bo', 'Cy', 'Di', 'Ed'].map(avatarHue));
    for (const hue of hues) expect(hue).toBeLessThan(AVATAR_HUES);
    expect(hues.size).toBeGreaterThan(1);
  });
});

describe('times', () => {
  it.each([
    [30_000, 'just now'],
    [5 * 60_000, '5 minutes ago'],
    [3 * 3_600_000, '3 hours ago'],
    [25 * 3_600_000, 'yesterday'],
    [-5_000, 'just now'],
  ])('says when %i ms ago was', (passedMs, words) => {
    expect(ago(0, passedMs)).toBe(words);
  });

  it('counts a call’s time', () => {
    expect([elapsed(0, 0), elapsed(0, 65_000), elapsed(0, 3_729_000)]).toEqual([
      '0:00',
      '1:05',
      '1:02:09',
    ]);
  });
});

describe('help', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'chrome'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0',
      'edge',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'firefox'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15', 'safari'],
    ['something else', 'other'],
  ])('knows the browser of %s', (userAgent, family) => {
    expect(browserFamily(userAgent)).toBe(family);
    expect(isMobile(userAgent)).toBe(false);
  });

  it('says in each browser’s words how to allow what is blocked', () => {
    const all = (['chrome', 'edge', 'firefox', 'safari'] as const).map((family) =>
      unblockSteps(family, false, ['camera', 'microphone']).join(' '),
    );
    expect(new Set(all).size).toBe(4);
    for (const steps of all) expect(steps).toContain('camera');
  });

  it('speaks once of what camera and microphone share, and twice of what they do not', () => {
    const both = failed('permission-denied');
    expect(mediaNotices(FAKE_ENVIRONMENT, { camera: both, microphone: both })).toMatchObject([
      {
        title: 'Your browser is blocking the camera and microphone',
        retry: ['camera', 'microphone'],
      },
    ]);
    const notices = mediaNotices(FAKE_ENVIRONMENT, {
      camera: failed('device-in-use'),
      microphone: failed('device-not-found'),
    });
    expect(notices.map(({ title }) => title)).toEqual([
      'Another app is using the camera',
      'No microphone found',
    ]);
  });

  it('has nothing to say when all is well', () => {
    expect(mediaNotices(FAKE_ENVIRONMENT, { camera: off, microphone: off })).toEqual([]);
  });

  it('names the real cause where page or browser cannot call at all', () => {
    const states = { camera: failed('insecure-context'), microphone: off };
    const ids = (part: object) =>
      mediaNotices({ ...FAKE_ENVIRONMENT, ...part }, states).map(({ id }) => id);
    expect(ids({ secure: false })).toEqual(['insecure']);
    expect(ids({ webrtc: false })).toEqual(['unsupported']);
  });

  it('has words for every way in which joining fails, thrown strangers included', () => {
    expect(joinProblem(new PeerlineError('bad-link', ''))).toMatchObject({ action: 'home' });
    expect(joinProblem(new TypeError('odd'))).toMatchObject({ code: 'unexpected', body: 'odd' });
    expect(joinProblem('odd').action).toBe('retry');
  });
});
