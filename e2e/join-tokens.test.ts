import { createServer, type PeerlineServer } from '@peerline/server';
import { SignJWT } from 'jose';
import { roomIdOf } from 'peerline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
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
  getsText,
  watchAnew,
  type Member,
} from './rig/call.ts';
import { Party } from './rig/party.ts';
import { makeHarnessSite, ServerProcess } from './rig/server.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const SECRET = 'a secret that a backend shares with the server';

/** A call that heeds a token's end would show a gap of seconds. */
const GAP_MAX_MS = 1_000;

/** How long a token lasts beyond its `exp` (SPEC.md, TOKEN2). */
const TOLERANCE_MS = 5_000;

const party = new Party();
let site: Awaited<ReturnType<typeof makeHarnessSite>>;
let server: PeerlineServer;

beforeAll(async () => {
  site = await makeHarnessSite();
  const joinTokens = { key: { kind: 'shared-secret', secret: SECRET } } as const;
  server = await createServer({ port: 0, staticDir: site.dir, joinTokens });
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  await server?.close();
  await site?.remove();
});

/** As a backend does it; the README of the server says the same. */
async function mint(link: string, sub: string, seconds: number): Promise<string> {
  return await new SignJWT({ room: await roomIdOf(link) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
    .sign(new TextEncoder().encode(SECRET));
}

async function statesOf(viewer: Member, what: 'state' | 'room'): Promise<readonly string[]> {
  return await viewer.tab.evaluate(
    (wanted: string) =>
      window.harness.happenings.filter((one) => one.what === wanted).map(({ detail }) => detail),
    what,
  );
}

async function asks(member: Member, times: number, maxMs?: number): Promise<void> {
  await waitFor(
    member.tab,
    `question ${times} for a token by ${member.name}`,
    (wanted: number) => window.harness.tokensAsked.length >= wanted,
    times,
    maxMs,
  );
}

describe('in a call', () => {
  test.each<[BrowserName, BrowserName]>([
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ])(
    'TOKEN4 TOKEN5 tokens end and are renewed, and the call between %s and %s notices nothing',
    async (first, second) => {
      const ann = await openHarness(party, first, 1, server.url);
      const ben = await openHarness(party, second, 2, server.url);
      const room = await newRoom(ann.tab);
      const beganMs = Date.now();
      const token = await Promise.all([2, 10, 600].map((seconds) => mint(room, 'ann', seconds)));
      await join(ann, { room, token });
      await join(ben, { room, token: await mint(room, 'ben', 600) });
      const pair = orderedPairs([ann, ben]);
      for (const [viewer, shown] of pair) {
        await seesCamera(viewer, shown);
        await hearsTone(viewer, shown);
      }
      for (const [viewer, shown] of pair) await watchAnew(viewer, shown);
      const connections = await ann.tab.evaluate(() => window.harness.connections.length);

      await asks(ann, 3, 30_000);
      // By now the first token has ended; the second one is to end as well.
      const restMs = beganMs + 10_000 + TOLERANCE_MS + 1_000 - Date.now();
      await ann.tab.evaluate((ms: number) => new Promise((done) => setTimeout(done, ms)), restMs);

      for (const [viewer, shown] of pair) {
        expect(await longestStallMs(viewer, shown)).toBeLessThan(GAP_MAX_MS);
        expect(await statesOf(viewer, 'state')).toEqual(['connected']);
        expect(await statesOf(viewer, 'room')).toEqual([]);
      }
      expect(await ann.tab.evaluate(() => window.harness.connections.length)).toBe(connections);
      // The server is still there for both.
      const cat = await openHarness(party, 'chromium', 3, server.url);
      await join(cat, { room, token: await mint(room, 'cat', 600) }, []);
      await sendText(cat, 'hello');
      await getsText(ann, cat, 'hello');
    },
  );

  test('TOKEN6 a token that ends and is not renewed ends the call, at both sides', async () => {
    const ann = await openHarness(party, 'chromium', 1, server.url);
    const ben = await openHarness(party, 'chromium', 2, server.url);
    const room = await newRoom(ann.tab);
    await join(ann, { room, token: await mint(room, 'ann', 3) });
    await join(ben, { room, token: await mint(room, 'ben', 600) });
    await seesCamera(ben, ann);
    const reason = await waitFor(
      ann.tab,
      'the end of the call',
      () => {
        const { state } = window.harness.room;
        if (state.status !== 'left') return undefined;
        return state.reason.code === 'refused' ? state.reason.error.code : state.reason.code;
      },
      undefined,
      20_000,
    );
    expect(reason).toBe('not-authorized');
    const problems = await ann.tab.evaluate(() =>
      window.harness.happenings.filter(({ what }) => what === 'problem').map((one) => one.detail),
    );
    expect(problems).toEqual([expect.stringContaining('token-expired')]);
    await waitFor(
      ben.tab,
      'p1 to be gone',
      () => window.harness.heard('peerleft', 'p1') !== undefined,
    );
  });

  test('TOKEN4 a function is asked again when the server is back, also where it failed at first', async () => {
    const own = await ServerProcess.start(site.dir, undefined, ['--token-secret', SECRET]);
    try {
      const ann = await openHarness(party, 'chromium', 1, own.url);
      const ben = await openHarness(party, 'firefox', 2, own.url);
      const room = await newRoom(ann.tab);
      const good = await mint(room, 'ann', 600);
      const token = [good, '', good];
      await join(ann, { room, token }, []);
      await join(ben, { room, token: await mint(room, 'ben', 600) }, []);
      await own.kill();
      await noticeServerGone([ann, ben]);
      await own.start();
      await rejoinRoom([ann, ben]);
      const seen = await ann.tab.evaluate(() => ({
        asked: window.harness.tokensAsked,
        id: window.harness.room.id,
        problems: window.harness.happenings
          .filter(({ what }) => what === 'problem')
          .map(({ detail }) => detail),
      }));
      const request = { room: await roomIdOf(room), peer: seen.id };
      expect(seen.asked).toEqual([request, request, request]);
      expect(seen.problems).toEqual([expect.stringMatching(/^token-failed: .*no text/)]);
    } finally {
      await own.kill();
    }
  });
});

describe('at the door', () => {
  async function fails(token?: string | readonly string[]): Promise<readonly string[]> {
    const ann = await openHarness(party, 'chromium', 1, server.url);
    const room = await newRoom(ann.tab);
    return await ann.tab.evaluate(
      (input) =>
        window.harness.join(input).then(
          () => ['joined'],
          (error: unknown) =>
            error instanceof window.harness.sdk.PeerlineError
              ? [error.code, error.message]
              : [String(error)],
        ),
      { room, name: 'p1', ...(token !== undefined && { token }) },
    );
  }

  test('TOKEN3 nobody is let in without a token, or with one for another room', async () => {
    const [code, message] = await fails();
    expect(code).toBe('not-authorized');
    expect(message).toContain('fresh one');
    const elsewhere = await mint('#other.AAECAwQFBgcICQoLDA0ODw', 'ann', 600);
    expect(await fails(elsewhere)).toEqual([code, message]);
    expect(await fails([elsewhere])).toEqual([code, message]);
  });

  test('a function that throws is the reason told', async () => {
    expect(await fails([])).toEqual(['token-failed', '`token` gave no token: the backend says no']);
  });

  test('a check of the connection says that there is a server, and that it asks for tokens', async () => {
    const ann = await openHarness(party, 'chromium', 1, server.url);
    const { verdicts } = await ann.tab.evaluate(() => window.harness.sdk.checkConnection());
    expect(verdicts.find(({ code }) => code === 'server-refused')).toMatchObject({
      refusal: 'not-authorized',
      severity: 'info',
    });
  });
});
