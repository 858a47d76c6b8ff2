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

test.each(['chromium', 'firefox'] as const)(
  'who joins through a proxy that knows no subprotocols goes on over a WebSocket: %s',
  async (browser) => {
    proxy.dropsSubprotocols = true;
    const member = await openHarness(party, browser, 1, proxy.url);
    const up: number[] = [];
    proxy.meddle = ({ way, line, pass }) => {
      if (way === 'up') up.push(line);
      pass();
    };
    await join(member, { room: await newRoom(member.tab) });
    expect(proxy.asked[0]).toBe('websocket');
    await expect.poll(() => up.length, { timeout: 20_000 }).toBeGreaterThan(0);
    await expect.poll(() => peersAt(server.url)).toBe(1);
    await member.tab.evaluate(() => window.harness.leave());
  },
);

test.each(['chromium', 'firefox'] as const)(
  'JOIN10 the join goes with the request that opens the WebSocket: %s',
  async (browser) => {
    const member = await openHarness(party, browser, 1, server.url);
    const said = await member.tab.evaluate(() => {
      const texts: string[] = [];
      const send = Reflect.get<WebSocket, 'send'>(WebSocket.prototype, 'send');
      WebSocket.prototype.send = function spy(this: WebSocket, data): void {
        texts.push(`${this.protocol} ${typeof data === 'string' ? data : 'bytes'}`);
        send.call(this, data);
      };
      Object.assign(window, { said: texts });
      return texts;
    });
    expect(said).toEqual([]);
    await join(member, { room: await newRoom(member.tab) });
    await member.tab.evaluate(() => window.harness.leave());
    const sent = await member.tab.evaluate(() => String(Reflect.get(window, 'said')));
    expect(sent).toContain('peerline 42["leave",null]');
    expect(sent).not.toContain('peerline 40');
  },
);

async function peersAt(url: string): Promise<unknown> {
  const { peers } = (await (await fetch(`${url}/healthz`)).json()) as { readonly peers: number };
  return peers;
}
