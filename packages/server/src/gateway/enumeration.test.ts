import { describe, expect, it } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import type { ServerOptions } from '../options.ts';
import {
  Enumerator,
  OTHER_QUESTIONS,
  roomsOfAllKinds,
  type RoomKind,
} from '../testing/enumerator.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest } from '../testing/identity.ts';
import { Random, testSeed } from '../testing/random.ts';
import { startServer } from '../testing/server.ts';
import { UNLIMITED_RATES } from '../testing/unlimited.ts';
import { hmac, inSeconds, SECRET, token } from '../testing/tokens.ts';

/** 100,000 by `npm run attack`; as many as keep the suite short otherwise. */
const QUESTIONS = Number(process.env['PEERLINE_ATTACK_ROOMS'] ?? 2_000);
const MS_PER_QUESTION = 20;
const limits: ServerOptions['limits'] = UNLIMITED_RATES;

/** Who knows what a log, a token or a backend knows of a room: its id, and not its link. */
describe('an outsider who knows room ids', () => {
  const seed = testSeed();

  it(
    `ROOM3 gets one answer to ${QUESTIONS} questions about rooms of all kinds (seed ${seed})`,
    { timeout: 30_000 + QUESTIONS * MS_PER_QUESTION },
    async () => {
      const server = await startServer({ limits, roomCapacity: 3 });
      const rooms = await roomsOfAllKinds(server);
      const enumerator = new Enumerator(server, new Random(seed));
      const findings = await enumerator.ask(rooms, QUESTIONS);
      expect([...findings.answers.keys()]).toEqual([expect.stringContaining('"peers":[]')]);
      expect(findings.asked).toBe(QUESTIONS);
      expect(new Set(findings.kinds)).toEqual(new Set(rooms.map(({ kind }) => kind)));
      report(findings.timesMs, 'by the link alone');
      // Those inside have noticed nothing of it.
      for (const { members } of rooms) {
        for (const member of members) expect(await member.drain()).toEqual([]);
      }
    },
  );

  it(
    `TOKEN3 gets one answer where tokens are asked for (seed ${seed})`,
    { timeout: 30_000 + QUESTIONS * MS_PER_QUESTION },
    async () => {
      const joinTokens = { key: { kind: 'shared-secret', secret: SECRET } } as const;
      const server = await startServer({ limits, roomCapacity: 3, joinTokens });
      const claims = { room: '*', sub: 'ann', exp: inSeconds(3_000) };
      const good = token({ alg: 'HS256' }, claims, hmac(SECRET));
      const rooms = await roomsOfAllKinds(server, good);
      const enumerator = new Enumerator(server, new Random(seed));
      const findings = await enumerator.ask(rooms, Math.ceil(QUESTIONS / 4));
      expect([...findings.answers.keys()]).toEqual([
        expect.stringContaining('"code":"not-authorized"'),
      ]);
      report(findings.timesMs, 'where tokens are asked for');
    },
  );

  it('ROOM3 asks in vain by whatever else a join or the messages behind it may say', async () => {
    const server = await startServer({ limits, roomCapacity: 3 });
    const rooms = await roomsOfAllKinds(server);
    for (const other of OTHER_QUESTIONS) {
      const enumerator = new Enumerator(server, new Random(seed), other);
      const { answers } = await enumerator.ask(rooms, rooms.length * 2);
      expect([other.name, [...answers.keys()].length]).toEqual([other.name, 1]);
    }
  });

  it('ROOM3 tells holders of the link what keeps them out', async () => {
    const server = await startServer({ limits, roomCapacity: 3 });
    const expected: Partial<Record<RoomKind, string>> = {
      ...{ full: 'room-full', locked: 'room-locked' },
      ...{ password: 'wrong-password', moved: 'room-moved' },
    };
    for (const { kind, room } of await roomsOfAllKinds(server)) {
      const code = expected[kind];
      if (code === undefined) continue;
      expect((await TestClient.refused(server, joinRequest({ room }))).code).toBe(code);
    }
  });

  it('JOIN4 learns from the version of a new room nothing of what went on in others', async () => {
    const server = await startServer({ limits });
    const before = await versionOfNewRoom(server);
    for (let times = 0; times < 20; times += 1) await versionOfNewRoom(server);
    const after = await versionOfNewRoom(server);
    const passedUs = after - before;
    // The clock, and no count.
    expect(passedUs).toBeGreaterThan(1_000);
    expect(Math.abs(after / 1_000 - Date.now())).toBeLessThan(60_000);
  });
});

async function versionOfNewRoom(server: PeerlineServer): Promise<number> {
  const { client, welcome } = await TestClient.join(server);
  client.socket.emit('leave', null);
  await client.closed();
  return welcome.version;
}

/** Times are shown for people to look at: on a machine that does other things a test of them would lie. */
function report(timesMs: ReadonlyMap<RoomKind, readonly number[]>, how: string): void {
  const rows = [...timesMs].map(([kind, times]) => {
    const sorted = times.toSorted((one, other) => one - other);
    const at = (part: number): string =>
      (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(3).padStart(8);
    return `  ${kind.padEnd(9)} n=${String(times.length).padEnd(6)} p10=${at(0.1)} p50=${at(0.5)} p90=${at(0.9)} ms`;
  });
  process.stdout.write(`time to the answer, ${how}:\n${rows.join('\n')}\n`);
}
