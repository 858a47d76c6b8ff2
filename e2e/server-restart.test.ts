import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  getsText,
  hearsTone,
  join,
  longestStallMs,
  newRoom,
  noticeServerGone,
  openHarness,
  orderedPairs,
  rejoinRoom,
  seesCamera,
  sendText,
  textsArrive,
  watchAnew,
} from './rig/call.ts';
import { Party } from './rig/party.ts';
import { makeHarnessSite, ServerProcess } from './rig/server.ts';

/** A call that heeds the server's end would show a gap of seconds. */
const GAP_MAX_MS = 1_000;

let site: Awaited<ReturnType<typeof makeHarnessSite>>;
let server: ServerProcess;
const party = new Party();

beforeAll(async () => {
  site = await makeHarnessSite();
  server = await ServerProcess.start(site.dir);
});
afterAll(async () => {
  await party.close();
  await server?.kill();
  await site?.remove();
});

test('a call outlives its server, and the room takes newcomers after its return', async () => {
  const ann = await openHarness(party, 'chromium', 1, server.url);
  const ben = await openHarness(party, 'firefox', 2, server.url);
  const room = await newRoom(ann.tab);
  await Promise.all([join(ann, { room }), join(ben, { room })]);
  const pair = orderedPairs([ann, ben]);
  for (const [viewer, shown] of pair) {
    await seesCamera(viewer, shown);
    await hearsTone(viewer, shown);
  }
  for (const [viewer, shown] of pair) await watchAnew(viewer, shown);

  await server.kill();
  await noticeServerGone([ann, ben]);
  await textsArrive(pair, 'without a server');

  await server.start();
  await rejoinRoom([ann, ben]);
  for (const [viewer, shown] of pair) {
    const source = await viewer.tab.evaluate(
      (name: string) => window.harness.picture(name)?.source,
      shown.name,
    );
    expect(await longestStallMs(viewer, shown)).toBeLessThan(GAP_MAX_MS);
    expect(source?.participant).toBe(shown.tab.participant);
    const states = await viewer.tab.evaluate(
      (name: string) =>
        window.harness.happenings
          .filter(({ what, from }) => what === 'state' && from === name)
          .map(({ detail }) => detail),
      shown.name,
    );
    expect(states).toEqual(expect.not.arrayContaining(['recovering', 'lost']));
  }

  const cat = await openHarness(party, 'chromium', 3, server.url);
  await join(cat, { room });
  for (const [viewer, shown] of orderedPairs([ann, ben, cat])) await seesCamera(viewer, shown);
  await sendText(cat, 'here too');
  for (const to of [ann, ben]) await getsText(to, cat, 'here too');
});
