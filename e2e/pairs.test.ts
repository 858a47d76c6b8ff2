import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Happening } from './page/harness.ts';
import {
  getsText,
  hearsTone,
  join,
  longestStallMs,
  newRoom,
  openHarness,
  seesCamera,
  seesCameraMove,
  sendText,
  watchAnew,
  type Member,
} from './rig/call.ts';
import { Party } from './rig/party.ts';
import { serveHarness } from './rig/server.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const WATCHED_MS = 20_000;
const STALL_MAX_MS = 2_000;
/** Half of what the fake camera draws: a busy machine drops frames, a broken call nearly all. */
const FRAMES_PER_SECOND_MIN = 5;
const LEAVE_SEEN_MAX_MS = 2_000;
const MESSAGE_BYTES = 1_000_000;

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
];

let server: Awaited<ReturnType<typeof serveHarness>>;
const party = new Party();

beforeAll(async () => {
  server = await serveHarness();
});
afterAll(async () => {
  await party.close();
  await server?.close();
});

describe.each(PAIRS)('%s with %s', (first, second) => {
  let ann: Member;
  let ben: Member;
  let room: string;
  const bothWays = (): readonly (readonly [Member, Member])[] => [
    [ann, ben],
    [ben, ann],
  ];

  // One call for all: each test leaves it as it found it, and the last two end it.
  beforeAll(async () => {
    ann = await openHarness(party, first, 1, server.url);
    ben = await openHarness(party, second, 2, server.url);
    room = await newRoom(ann.tab);
    await join(ann, { room });
    await join(ben, { room });
  });
  afterAll(() => party.closeTabs());

  test('each sees and hears the other', async () => {
    for (const [viewer, shown] of bothWays()) {
      await seesCamera(viewer, shown);
      await hearsTone(viewer, shown);
    }
  });

  test('frames advance both ways for 20 s without a stall', async () => {
    for (const [viewer, shown] of bothWays()) await watchAnew(viewer, shown);
    const endMs = performance.now() + WATCHED_MS;
    while (performance.now() < endMs) {
      for (const [viewer, shown] of bothWays()) {
        const source = await viewer.tab.evaluate(
          (name: string) => window.harness.picture(name)?.source,
          shown.name,
        );
        expect(await longestStallMs(viewer, shown)).toBeLessThan(STALL_MAX_MS);
        expect(source).toEqual({
          participant: shown.tab.participant,
          device: 0,
          kind: 'camera',
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    for (const [viewer, shown] of bothWays()) {
      const frames = await viewer.tab.evaluate(
        (name: string) => window.harness.picture(name)?.frames,
        shown.name,
      );
      expect(frames).toBeGreaterThan((FRAMES_PER_SECOND_MIN * WATCHED_MS) / 1_000);
    }
  });

  test('messages arrive both ways', async () => {
    for (const [from, to] of bothWays()) {
      await sendText(from, `hello from ${from.name}`);
      await getsText(to, from, `hello from ${from.name}`);
    }
  });

  test('a message of 1 MB arrives both ways, byte for byte', async () => {
    for (const [from, to] of bothWays()) {
      const sum = await from.tab.evaluate(
        ({ count, seed }) => window.harness.sendBytes(count, seed),
        { count: MESSAGE_BYTES, seed: from.tab.participant },
      );
      await waitFor(
        to.tab,
        `1 MB from ${from.name}`,
        ({ name, wanted }) => window.harness.heard('blob', name, wanted),
        { name: from.name, wanted: sum },
      );
    }
  });

  test('a camera goes off and on again', async () => {
    for (const [shown, viewer] of bothWays()) {
      await shown.tab.evaluate(() => window.harness.room.local.camera.disable());
      await waitFor(
        viewer.tab,
        `the end of ${shown.name}'s camera`,
        (name: string) =>
          !window.harness.peer(name).media.camera && window.harness.picture(name) === undefined,
        shown.name,
      );
      await shown.tab.evaluate(() => window.harness.room.local.camera.enable());
      await seesCamera(viewer, shown);
    }
  });

  test('another camera is switched to', async () => {
    for (const [shown, viewer] of bothWays()) {
      for (const device of [1, 0]) {
        await shown.tab.evaluate(
          (deviceId: string) => window.harness.room.local.camera.enable({ deviceId }),
          `fake-videoinput-${device}`,
        );
        await seesCamera(viewer, shown, device);
      }
    }
  });

  test('a camera pulled out is replaced by the other one', async () => {
    await ann.tab.evaluate(() => window.rig.devices.unplug('videoinput', 0));
    await seesCamera(ben, ann, 1);
    await ann.tab.evaluate(() => window.rig.devices.plug('videoinput', 0));
    await ann.tab.evaluate(() =>
      window.harness.room.local.camera.enable({ deviceId: 'fake-videoinput-0' }),
    );
    await seesCamera(ben, ann, 0);
  });

  test('a shared screen is seen, and its end', async () => {
    for (const [shown, viewer] of bothWays()) {
      await shown.tab.evaluate(async () => {
        await window.harness.room.local.screen.enable();
      });
      await waitFor(
        viewer.tab,
        `the screen of ${shown.name}`,
        ({ name, participant }) => {
          const source = window.harness.picture(name, 'screen')?.source;
          return source?.kind === 'screen' && source.participant === participant;
        },
        { name: shown.name, participant: shown.tab.participant },
      );
      // As the browser's own bar does it.
      await shown.tab.evaluate(() => window.rig.devices.endShare());
      await waitFor(
        viewer.tab,
        `the end of ${shown.name}'s screen`,
        (name: string) => window.harness.picture(name, 'screen') === undefined,
        shown.name,
      );
      await seesCamera(viewer, shown);
    }
  });

  test('MEDIA2 a picture that its browser stopped sending is asked for, and comes back', async () => {
    await ben.tab.evaluate(async () => {
      const senders = window.harness.connections.flatMap((pc) => pc.getSenders());
      for (const sender of senders.filter(({ track }) => track?.kind === 'video')) {
        const parameters = sender.getParameters();
        for (const encoding of parameters.encodings) encoding.active = false;
        await sender.setParameters(parameters);
      }
    });
    // Frames that are on their way still come within this time.
    await seesCameraMove(ann, ben, Date.now() + 1_000);
  });

  test('leaving is seen within 2 s', async () => {
    const leftAtMs = await ben.tab.evaluate(() => window.harness.leave());
    const seen = await leftSeen(ann, ben);
    expect(seen.atMs - leftAtMs).toBeLessThanOrEqual(LEAVE_SEEN_MAX_MS);
    expect(await ann.tab.evaluate(() => window.harness.names())).toEqual([]);
  });

  test('a closed tab is seen', async () => {
    await party.closeTab(ben.tab);
    ben = await openHarness(party, second, 2, server.url);
    await ann.tab.evaluate(() => {
      window.harness.happenings.length = 0;
    });
    await join(ben, { room });
    await seesCamera(ann, ben);
    await party.closeTab(ben.tab);
    await leftSeen(ann, ben);
    expect(ann.tab.problems).toEqual([]);
  });
});

function leftSeen(viewer: Member, gone: Member): Promise<Happening> {
  return waitFor(
    viewer.tab,
    `the leaving of ${gone.name}`,
    (name: string) => window.harness.heard('peerleft', name),
    gone.name,
  );
}
