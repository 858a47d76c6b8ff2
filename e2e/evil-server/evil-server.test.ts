import type { PeerId } from '@peerline/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { chooseSeed } from '../faults/rows/seed.ts';
import { SeededRandom } from '../page/seeded-random.ts';
import { join, newRoom, openHarness, textsArrive, type Member } from '../rig/call.ts';
import { Party } from '../rig/party.ts';
import { joinBeside, overhearJoin } from '../rig/raw-member.ts';
import { serveHarness } from '../rig/server.ts';
import { SignalProxy } from '../rig/signal-proxy.ts';
import { waitFor } from '../rig/tab.ts';
import { Campaign, FORGERIES } from './campaign.ts';
import { EvilEndpoint } from './endpoint.ts';

/** `EVIL_BROWSER_MUTATIONS=5000` for more; those of a member in memory are `EVIL_MUTATIONS`. */
const FORGERIES_IN_ALL = Number(process.env['EVIL_BROWSER_MUTATIONS'] ?? 400);

/** So many behind each joining: what goes on while two connect is different each time. */
const FORGERIES_PER_ROUND = 80;

let server: Awaited<ReturnType<typeof serveHarness>>;
let proxy: SignalProxy;
let endpoint: EvilEndpoint;
const party = new Party();

beforeAll(async () => {
  [server, endpoint] = await Promise.all([serveHarness(), EvilEndpoint.open()]);
  proxy = await SignalProxy.start(server.url);
});
afterEach(() => party.closeTabs());
afterAll(async () => {
  await party.close();
  await proxy?.close();
  await endpoint?.close();
  await server?.close();
});

/** Waits until a member has told of so many forgeries since it joined. @returns all that it told */
async function tells({ tab }: Member, count: number): Promise<readonly string[]> {
  await waitFor(
    tab,
    `word of ${count} forgeries`,
    (wanted: number) => window.harness.problemsHere().length >= wanted || undefined,
    count,
  );
  return tab.evaluate(() => window.harness.problemsHere());
}

const seed = chooseSeed();

test(`an evil server gets no byte of two real browsers (seed ${seed})`, async () => {
  const campaign = new Campaign(proxy, new SeededRandom(seed), endpoint);
  const ann = await openHarness(party, 'chromium', 1, proxy.url);
  const ben = await openHarness(party, 'firefox', 2, proxy.url);
  campaign.begin();
  const room = await newRoom(ann.tab);
  const ids = new Map<Member, PeerId>();
  const enter = async (member: Member): Promise<void> => {
    ids.set(member, (await join(member, { room, deaf: true }, ['camera'])) as PeerId);
  };
  const idOf = (member: Member): PeerId => ids.get(member) as PeerId;
  const forge = async (count: number): Promise<void> => {
    await campaign.forge(count, [idOf(ann), idOf(ben)]);
    for (const member of [ann, ben]) {
      const owed = campaign.owed(idOf(member));
      const told = await tells(member, owed);
      expect(told).toHaveLength(owed);
      for (const problem of told) expect(problem).toMatch(/^not-genuine: /);
    }
    expect(endpoint.receivedBytes).toBe(0);
  };

  await enter(ann);
  const rounds = Math.ceil(FORGERIES_IN_ALL / FORGERIES_PER_ROUND);
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await ben.tab.evaluate(() => window.harness.leave());
    await enter(ben);
    // Before the two are connected, while they are, and behind it.
    await forge(FORGERIES_PER_ROUND / 2);
    await textsArrive(
      [
        [ann, ben],
        [ben, ann],
      ],
      `round ${round}`,
    );
    await forge(FORGERIES_PER_ROUND / 2);
    for (const { tab } of [ann, ben]) {
      expect(await tab.evaluate(() => window.harness.room.peers.size)).toBe(1);
    }
  }
  expect([...campaign.done.keys()]).toEqual(expect.arrayContaining([...FORGERIES]));

  // Each is told that it is alone, and then of somebody else.
  campaign.isSplitting = true;
  await ben.tab.evaluate(() => window.harness.leave());
  await enter(ben);
  await forge(20);
  expect(await ben.tab.evaluate(() => window.harness.room.peers.size)).toBe(0);
  expect(campaign.count).toBeGreaterThan(FORGERIES_IN_ALL);
  for (const { tab } of [ann, ben]) expect(tab.problems).toEqual([]);
});

test('who holds the link is believed by the endpoint that counts', async () => {
  proxy.meddle = ({ pass }) => pass();
  const { receivedBytes } = endpoint;
  const ann = await openHarness(party, 'chromium', 1, proxy.url);
  const overheard = overhearJoin(proxy);
  const room = await newRoom(ann.tab);
  const id = (await join(ann, { room }, [])) as PeerId;
  const link = await ann.tab.evaluate(() => window.harness.room.link);
  const joined = await overheard;
  // Of two the one with the larger id offers (NEG1).
  for (let epoch = 1; ; epoch += 1) {
    const member = await joinBeside(server.url, joined, link);
    if (member.id > id) {
      const off = { microphone: false, camera: false, screen: false, screenAudio: false };
      const all = { receive: true };
      const counts = { generation: 1, negotiation: 1 };
      const about = {
        terms: { microphone: all, camera: all, screen: all, screenAudio: all },
        media: { revision: 1, ...off },
        presence: { revision: 1, value: {} },
      };
      const signal = { type: 'offer', ...counts, ...endpoint.offer, ...about };
      const envelope = { epoch: 1, toEpoch: epoch, seq: 1, base: 1, ack: 0, signal };
      const received = endpoint.received();
      const body = await member.seal(id, JSON.stringify(envelope));
      member.socket.emit('signal', { to: id, body });
      await received;
      member.close();
      break;
    }
    member.close();
  }
  expect(endpoint.receivedBytes).toBeGreaterThan(receivedBytes);
});
