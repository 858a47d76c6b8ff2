/**
 * The app with made-up people, for looking at it and working on it without a server:
 * `/dev/?people=4&share=1#calm-otter-52.AAECAwQFBgcICQoLDA0ODw`. Never part of a build.
 *
 * people=n  how many others are there · share  one of them presents · lobby  stay in the lobby
 * panel=chat|people|invite  opens it · talk  something was said, with marks · hostile  names and words of an attacker · denied, missing, busy  camera and microphone fail so
 * full, unreachable, outdated  joining fails so · recovering, connecting, late, away, weak, reconnecting  states
 * host  the person decides who may join · access=open|knock|locked, password  how the room is · knocks=n  so many wait
 * declined, locked, moved, removed, waiting, asks  the room lets nobody in so (asks: for a password) · new  it was made here
 * newlink  someone was removed a moment ago · muterequest  the first one asks to mute
 * pressure  this device does not keep up
 * rebuild  the first one's connection is replaced, and no frame comes of the new one
 * check=fine|noturn|relay|blocked|refused|offline|pending  what the lobby's connection check says
 */
import { PeerlineError, type Diagnosis, type PeerlineErrorCode } from 'peerline';
import { mountApp } from '../src/mount.tsx';
import { readEnvironment } from '../src/model/environment.ts';
import { browserHost } from '../src/model/open-room.ts';
import { Session } from '../src/model/session.ts';
import { CHECKS, lateDiagnosis } from '../src/model/testing/fake-diagnosis.ts';
import { FakePeer, type FakeRoom } from '../src/model/testing/fake-room.ts';
import { FakeSdk } from '../src/model/testing/fake-sdk.ts';
import type { FakeLocalMedia } from '../src/model/testing/fake-media.ts';
import { paintedTracks } from './painted-tracks.ts';

const options = new URLSearchParams(location.search);
const NAMES = [
  'Ana Sørensen',
  'Bo',
  'Chidi Okafor',
  'Dolores Vega',
  'Emre',
  'Fumiko',
  'Gil',
  'Hana',
];

/** As someone would be called who wants to upset the page. */
const HOSTILE_NAMES = [
  `Z${'\u0300\u0336\u0489'.repeat(60)}algo`,
  '\u202egnp.exe\u202c \u05d0\u05d1\u05d2 (you)',
  '<img src=x onerror=alert(1)>',
  'W'.repeat(200),
  '\ufdfd\ufdfd\ufdfd\ufdfd',
];

const HOSTILE_WORDS = [
  `H${'\u0300\u0336\u0489'.repeat(60)}e comes`,
  '[https://bank.example/login](https://evil.example/a) or https://b\u0430nk.example/login',
  'photo\u202egnp.exe and **\u05e9\u05dc\u05d5\u05dd** (2)',
  `<b onclick=alert(1)>${'no'.repeat(90)}</b>\n> ${'> '.repeat(9)}deep`,
];

const MARKED_WORDS =
  'Three things are **left**:\n\n1. the *cover*\n2. run `npm test -- --only e2e`\n3. this:\n\n```\nif (late) {\n\tlaunch = launch.plus({ days: 7 }); // and tell everyone who waits for it\n}\n```\n\n> move the launch\n\nAgreed. See [the plan](https://example.org/plan) or [Ana](mailto:ana@example.org).\n- [ ] tell Bo';

const PANELS = ['chat', 'people', 'invite', 'connection'] as const;

const JOIN_FAILURES: { readonly [name: string]: PeerlineErrorCode } = {
  full: 'room-full',
  unreachable: 'server-unreachable',
  outdated: 'version-unsupported',
  declined: 'declined',
  locked: 'room-locked',
  moved: 'room-moved',
  removed: 'removed',
};

const MEDIA_FAILURES: { readonly [name: string]: PeerlineErrorCode } = {
  denied: 'permission-denied',
  missing: 'device-not-found',
  busy: 'device-in-use',
};

const TROUBLES = ['recovering', 'away'] as const;

/** Longer than a tile waits before it says why. */
const LATE_MS = 10_000;

/** When the page of the call stands. */
const SOON_MS = 1_000;

/** Time for the first picture to be there. */
const REBUILD_AFTER_MS = 4_000;

/** As the option says; a check that never ends is pending. */
function fakeCheck(): Promise<Diagnosis> {
  const wanted = options.get('check') ?? 'fine';
  if (wanted === 'pending') return new Promise(() => undefined);
  return Promise.resolve(
    Object.entries(CHECKS).find(([name]) => name === wanted)?.[1] ?? CHECKS.fine,
  );
}

/** Sooner than in a call, so that there is something to see. */
const MEASURED_EVERY_MS = 500;

/** The first one's line is bad, the second one's is well but for a moment now and then. */
function measure(peer: FakePeer, index: number, time: number): void {
  const swing = Math.abs(Math.sin(time / 5));
  const codecs = { sent: {}, received: {} };
  peer.measure(
    index === 0
      ? {
          score: 1,
          rttMs: 260 + 160 * swing,
          loss: time % 4 === 0 ? 0.08 * swing : 0,
          route: 'relay',
          limitedBy: 'bandwidth',
          codecs,
        }
      : {
          score: 4,
          rttMs: 38 + (time % 15 === 0 ? 90 : 0),
          loss: 0,
          route: 'direct',
          limitedBy: 'none',
          codecs,
        },
  );
}

function fillRoom(room: FakeRoom): void {
  const count = Number(options.get('people') ?? '1');
  const names = options.has('hostile') ? HOSTILE_NAMES : NAMES;
  names.slice(0, count).forEach((name, index) => {
    const peer = new FakePeer(index === 2 ? { name, hand: true } : { name }, paintedTracks);
    const late = options.has('late') && index === 0;
    const connecting = (late || options.has('connecting')) && index === 0;
    const sinceMs = performance.now() - (late ? LATE_MS : 0);
    if (late) room.diagnosis = lateDiagnosis(peer.id);
    if (connecting) peer.become({ status: 'connecting', sinceMs });
    else {
      if (index !== 1) peer.turnOn('microphone');
      if (index !== 3) peer.turnOn('camera');
    }
    if (options.has('share') && index === 0) peer.turnOn('screen');
    room.enter(peer);
    if (index === 0) peer.loudness = 0.4;
    const troubled = index === 0 && TROUBLES.find((status) => options.has(status));
    if (troubled !== undefined && troubled !== false) {
      peer.become({ status: troubled, sinceMs: performance.now() });
    }
    if (options.has('rebuild') && index === 0) setTimeout(() => peer.rebuild(), REBUILD_AFTER_MS);
    if (options.has('weak') && index < 2) {
      measure(peer, index, 0);
      let time = 0;
      setInterval(() => measure(peer, index, (time += 1)), MEASURED_EVERY_MS);
    }
  });
  if (options.has('pressure')) {
    setTimeout(() => room.bear({ status: 'serious', sinceMs: performance.now() }), SOON_MS);
  }
  furnishDoor(room);
  setTimeout(() => bringToLife(room));
}

const ACCESS = ['open', 'knock', 'locked'] as const;

function furnishDoor({ admission, peers, link }: FakeRoom): void {
  const [first] = peers.values();
  admission.access = ACCESS.find((known) => known === options.get('access')) ?? 'open';
  admission.hasPassword = options.has('password');
  if (first !== undefined) admission.host = first.id;
  admission.isHost = options.has('host') || first === undefined;
  if (options.has('muterequest') && first !== undefined) {
    setTimeout(
      () => admission.emit('muterequest', { from: first.id, source: 'microphone' }),
      SOON_MS,
    );
  }
  if (options.has('newlink')) {
    setTimeout(() => admission.move({ ...link, key: 'DwAECAwQFBgcICQoLDA0OA' }), SOON_MS);
  }
  const knocks = Number(options.get('knocks') ?? '0');
  for (const name of NAMES.toReversed().slice(0, knocks)) {
    setTimeout(() => admission.knock(name), SOON_MS);
  }
}

function bringToLife(room: FakeRoom): void {
  const [first, second] = room.peers.values();
  if (options.has('talk') && first !== undefined) {
    const from = second ?? first;
    room.say(first, { id: '1', text: 'Hi! Can everyone see the plan?' });
    room.say(first, { id: '2', text: 'It is at https://example.org/plan (last page).' });
    room.say(from, { id: '3', text: 'Yes, looks good.\nI would move the launch by a week.' });
  }
  if (options.has('talk') && first !== undefined) {
    room.say(first, { id: '4', text: MARKED_WORDS });
  }
  if (options.has('hostile')) {
    for (const [index, peer] of [...room.peers.values()].entries()) {
      const text = HOSTILE_WORDS[index % HOSTILE_WORDS.length] ?? '';
      room.say(peer, { id: `hostile-${index}`, text });
    }
  }
  if (options.has('reconnecting')) room.become({ status: 'reconnecting', sinceMs: 0, attempt: 1 });
}

mountApp({
  prefetchRoom: () => undefined,
  openRoom(link, given, shared) {
    const origin = options.has('new') ? 'made-here' : given;
    const sdk = new FakeSdk(({ onWaiting, password }, room) => {
      if (options.has('waiting')) {
        onWaiting?.();
        return new Promise(() => undefined);
      }
      if (options.has('asks') && password !== 'sesame') {
        return Promise.reject(new PeerlineError('wrong-password', 'made up'));
      }
      for (const [name, code] of Object.entries(JOIN_FAILURES)) {
        if (options.has(name)) return Promise.reject(new PeerlineError(code, 'made up'));
      }
      fillRoom(room);
      return Promise.resolve();
    }, paintedTracks);
    sdk.check = fakeCheck;
    const host = browserHost(shared);
    const session = new Session({
      ...shared,
      link,
      origin,
      sdk,
      environment: readEnvironment(),
      host,
    });
    sdk.media.forEach(applyMediaFailures);
    if (!options.has('lobby')) queueMicrotask(() => void session.join('Kim Berg'));
    const stop = session.state.subscribe(() => {
      const state = session.state.get();
      if (state.status !== 'in-call') return;
      stop();
      const panel = PANELS.find((known) => known === options.get('panel'));
      if (panel !== undefined) setTimeout(() => state.call.togglePanel(panel));
      if (options.has('talk'))
        state.call.chat.send(
          'A **week** later works for me: `launch + 7`, see [plan](https://example.org/p).',
        );
    });
    return Promise.resolve(session);
  },
});

function applyMediaFailures(media: FakeLocalMedia): void {
  for (const [name, code] of Object.entries(MEDIA_FAILURES)) {
    if (!options.has(name)) continue;
    media.camera.failure = code;
    media.microphone.failure = code;
  }
}
