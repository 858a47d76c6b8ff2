import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { join, newRoom, openHarness, orderedPairs, seesCamera } from './rig/call.ts';
import { Party } from './rig/party.ts';
import { serveHarness } from './rig/server.ts';
import { SignalProxy } from './rig/signal-proxy.ts';

let server: Awaited<ReturnType<typeof serveHarness>>;
let proxy: SignalProxy;
const party = new Party();

beforeAll(async () => {
  server = await serveHarness();
});
beforeEach(async () => {
  proxy = await SignalProxy.start(server.url);
});
afterEach(async () => {
  await party.closeTabs();
  await proxy.close();
});
afterAll(async () => {
  await party.close();
  await server?.close();
});

test.each(['chromium', 'firefox'] as const)(
  'a call comes about where no WebSocket opens: %s',
  async (browser) => {
    proxy.delayUpgradesMs = Infinity;
    const members = [
      await openHarness(party, browser, 1, proxy.url),
      await openHarness(party, 'chromium', 2, server.url),
    ];
    const [first] = members;
    if (first === undefined) throw new Error('nobody');
    const room = await newRoom(first.tab);
    for (const member of members) await join(member, { room });
    for (const [viewer, shown] of orderedPairs(members)) await seesCamera(viewer, shown);
    expect(proxy.asked).toEqual(['websocket', 'polling']);
  },
);

test.each(['chromium', 'firefox'] as const)(
  'who gets a WebSocket late goes on with one connection all the same: %s',
  async (browser) => {
    proxy.delayUpgradesMs = 1_000;
    // Who closed a tab that polled is missed by its heartbeat only.
    await expect.poll(() => peersAt(server.url), { timeout: 20_000 }).toBe(0);
    const member = await openHarness(party, browser, 1, proxy.url);
    await join(member, { room: await newRoom(member.tab) });
    expect(proxy.asked.slice(0, 2)).toEqual(['websocket', 'polling']);
    expect(await peersAt(server.url)).toBe(1);
    await member.tab.evaluate(() => window.harness.leave());
    await expect.poll(() => peersAt(server.url)).toBe(0);
  },
);

async function peersAt(url: string): Promise<unknown> {
  const { peers } = (await (await fetch(`${url}/healthz`)).json()) as { readonly peers: number };
  return peers;
}
