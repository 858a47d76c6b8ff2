import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { chooseSeed } from './faults/rows/seed.ts';
import { SeededRandom } from './page/seeded-random.ts';
import { join, newRoom, openHarness, orderedPairs, seesCamera, type Member } from './rig/call.ts';
import { Party } from './rig/party.ts';
import { joinBeside, overhearJoin } from './rig/raw-member.ts';
import { serveHarness } from './rig/server.ts';
import { isSignal, SignalProxy, type Passing } from './rig/signal-proxy.ts';
import { waitFor } from './rig/tab.ts';

let server: Awaited<ReturnType<typeof serveHarness>>;
let proxy: SignalProxy;
const party = new Party();

beforeAll(async () => {
  server = await serveHarness();
  proxy = await SignalProxy.start(server.url);
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  await proxy?.close();
  await server?.close();
});

/** Chromium and Firefox, who reach the server through whoever stands in `meddle`. */
async function callThrough(meddle: SignalProxy['meddle']): Promise<readonly Member[]> {
  proxy.meddle = meddle;
  const members = [
    await openHarness(party, 'chromium', 1, proxy.url),
    await openHarness(party, 'firefox', 2, proxy.url),
  ];
  const [first] = members;
  if (first === undefined) throw new Error('nobody');
  const room = await newRoom(first.tab);
  await Promise.all(members.map((member) => join(member, { room })));
  for (const [viewer, shown] of orderedPairs(members)) await seesCamera(viewer, shown);
  return members;
}

function linkOf({ tab }: Member): Promise<{ readonly name: string; readonly key: string }> {
  return tab.evaluate(() => window.harness.room.link);
}

/** What went wrong for a member, as its room tells it. */
function problemsOf({ tab }: Member): Promise<readonly string[]> {
  return tab.evaluate(() =>
    window.harness.happenings.flatMap(({ what, detail }) => (what === 'problem' ? [detail] : [])),
  );
}

test('SEAL7 a server that reads everything learns nothing that is said', async () => {
  const read: string[] = [];
  const members = await callThrough(({ text, pass }) => {
    read.push(text);
    pass();
  });
  const [ann] = members;
  if (ann === undefined) throw new Error('nobody');
  const { name, key } = await linkOf(ann);
  const all = read.join('\n');
  expect(read.filter((text) => isSignal({ text })).length).toBeGreaterThan(1);
  const secrets = ['v=0', 'fingerprint', 'candidate', 'ice-ufrag', 'a=', 'offer', 'answer', '"p1"'];
  // `iceServers` is the server's own.
  for (const secret of [...secrets, 'presence', 'camera', name, key]) {
    expect([secret, all.includes(secret)]).toEqual([secret, false]);
  }
  for (const member of members) expect(await problemsOf(member)).toEqual([]);
});

const seed = chooseSeed();

test(`SEAL7 what a server changes is dropped and told, and the call comes about all the same (seed ${seed})`, async () => {
  const meddler = new Meddler(new SeededRandom(seed));
  const members = await callThrough((passing) => meddler.meddle(passing));
  expect(meddler.forged).toBeGreaterThan(3);
  for (const member of members) {
    const problems = await problemsOf(member);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^not-genuine: /);
    expect(await member.tab.evaluate(() => window.harness.room.peers.size)).toBe(1);
    expect(member.tab.problems).toEqual([]);
  }
});

test('SEAL7 whom the server lets in without the link is in nobody’s room and is sent nothing', async () => {
  const overheard = overhearJoin(proxy);
  const members = await callThrough(proxy.meddle);
  const overheardJoin = await overheard;
  const stranger = await joinBeside(server.url, overheardJoin, {
    name: 'other',
    key: 'A'.repeat(22),
  });
  const came: unknown[] = [];
  stranger.socket.onAny((event: string) => came.push(event));
  expect(stranger.peers).toHaveLength(2);
  for (const to of stranger.peers) stranger.socket.emit('signal', { to, body: 'let me in' });
  for (const member of members) {
    await waitFor(member.tab, 'word of the stranger', () =>
      window.harness.happenings.some(({ detail }) => detail.startsWith('not-genuine: ')),
    );
    expect(await member.tab.evaluate(() => window.harness.room.peers.size)).toBe(1);
  }
  expect(came).toEqual([]);
  stranger.close();
});

/** Puts changed copies in front of what it carries, and strangers into the room. */
class Meddler {
  readonly #random: SeededRandom;
  forged = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  meddle({ way, text, pass }: Passing): void {
    if (way === 'down' && isSignal({ text })) {
      const [, { from, body }] = JSON.parse(text.slice(2)) as [string, Record<string, string>];
      if (from === undefined || body === undefined) throw new Error('no signal');
      for (const changed of [this.#changed(body), this.#changed(body)]) {
        this.forged += 1;
        pass(`42${JSON.stringify(['signal', { from, body: changed }])}`);
      }
      pass();
      // A copy of what is genuine says nothing new, and is no trouble.
      pass();
      return;
    }
    pass();
  }

  #changed(body: string): string {
    const random = this.#random;
    const at = random.below(body.length);
    const other = body[at] === 'A' ? 'B' : 'A';
    return random.pick([
      body.slice(0, at),
      `${body.slice(0, at)}${other}${body.slice(at + 1)}`,
      `${body}AAAA`,
      'AQAAAAAAAAAB',
      '{"epoch":1,"toEpoch":0,"seq":1,"base":1,"ack":0,"signal":{"type":"hail"}}',
    ]);
  }
}
