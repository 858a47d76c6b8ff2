import { expect, test } from 'vitest';
import { enterHarness, join, newRoom, openHarness, type Member } from './rig/call.ts';
import { FirefoxDriver } from './rig/firefox.ts';
import { harnessStage } from './rig/harness-stage.ts';
import { Party } from './rig/party.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

/** Waits until a member has the other one in a state of verification. */
async function holds({ tab }: Member, other: Member, wanted: string): Promise<void> {
  await waitFor(
    tab,
    `${other.name} to be ${wanted}`,
    ({ name, status }) => {
      if (!window.harness.names().includes(name)) return false;
      const { verification } = window.harness.peer(name);
      const by = verification.status === 'verified' ? ` by ${verification.by}` : '';
      return `${verification.status}${by}` === status;
    },
    { name: other.name, status: wanted },
  );
}

async function find({ tab }: Member, other: Member, found: 'confirm' | 'deny'): Promise<boolean> {
  return tab.evaluate(
    async ({ name, what }) => {
      const verification = await window.harness.peer(name).verify();
      return (await verification[what]()).remembered;
    },
    { name: other.name, what: found },
  );
}

/** Opens the page anew, and goes into a room. */
async function comeBack(member: Member, room: string): Promise<void> {
  await enterHarness(member.tab, server.url);
  await join(member, { room, keepsIdentities: true }, []);
}

test.each([
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)(
  'IDENT3 who was verified once is known behind a reload, and missed without the key: %s and %s',
  async (first, second) => {
    const ann = await openHarness(party, first, 1, server.url);
    const ben = await openHarness(party, second, 2, server.url);
    const members = [
      [ann, ben],
      [ben, ann],
    ] as const;
    for (const { tab } of [ann, ben]) {
      await tab.evaluate(() => window.harness.forgetEveryone());
    }
    const room = await newRoom(ann.tab);
    for (const one of [ann, ben]) await join(one, { room, keepsIdentities: true }, []);
    for (const [one, other] of members) {
      await waitFor(
        one.tab,
        'the other',
        (name) => window.harness.names().includes(name),
        other.name,
      );
      expect(await find(one, other, 'confirm')).toBe(true);
    }
    for (const [one, other] of members) {
      await holds(one, other, 'verified by words');
      await waitFor(
        one.tab,
        'word that the other side keeps it too',
        async (kept) => (await window.harness.kept()).includes(kept),
        `${other.name} both`,
      );
    }

    const elsewhere = await newRoom(ann.tab);
    for (const one of [ann, ben]) await comeBack(one, elsewhere);
    for (const [one, other] of members) await holds(one, other, 'verified by device');

    await ann.tab.evaluate(() => window.harness.forgetEveryone());
    for (const one of [ann, ben]) await comeBack(one, elsewhere);
    await holds(ben, ann, 'changed');
    await holds(ann, ben, 'unknown');

    expect(await find(ben, ann, 'deny')).toBe(true);
    await holds(ben, ann, 'mismatch');
    for (const one of [ann, ben]) await comeBack(one, elsewhere);
    await holds(ben, ann, 'mismatch');
    expect([...ann.tab.problems, ...ben.tab.problems]).toEqual([]);
  },
);

test.each(['chromium', 'firefox'] as const)(
  'identities in the IndexedDB of %s keep the contract',
  async (browser: BrowserName) => {
    const { tab } = await openHarness(party, browser, 1, server.url);
    expect(await tab.evaluate(() => window.harness.checkIdentities())).toEqual([]);
  },
);

test('a private window of Firefox compares words as any other', async () => {
  const preferences = { 'browser.privatebrowsing.autostart': true };
  const hidden = new Party(() => Promise.resolve(new FirefoxDriver({ preferences })));
  try {
    const ann = await openHarness(hidden, 'firefox', 1, server.url);
    const ben = await openHarness(party, 'chromium', 2, server.url);
    const failed = await ann.tab.evaluate(() => window.harness.checkIdentities());
    const room = await newRoom(ann.tab);
    for (const one of [ann, ben]) await join(one, { room, keepsIdentities: true }, []);
    await waitFor(ann.tab, 'the other', () => window.harness.names().includes('p2'));
    expect(await find(ann, ben, 'confirm')).toBe(failed.length === 0);
    await holds(ann, ben, 'verified by words');
  } finally {
    await hidden.close();
  }
});

test('CERT3 who was put behind the SDK’s back is left out, though DTLS took him', async () => {
  const ann = await openHarness(party, 'chromium', 1, server.url);
  const ben = await openHarness(party, 'chromium', 2, server.url);
  const liars = await Promise.all(
    [ann, ben].map(({ tab }) =>
      tab.evaluate(() => {
        const liar = window.harness.liePath();
        Object.assign(window, { liar });
      }),
    ),
  );
  expect(liars).toHaveLength(2);
  const room = await newRoom(ann.tab);
  const [annId, benId] = [await join(ann, { room }), await join(ben, { room })];
  const offerer = annId > benId ? ann : ben;
  await waitFor(offerer.tab, 'word of a certificate', () =>
    window.harness.happenings.some(
      ({ what, detail }) => what === 'problem' && detail.includes('another certificate'),
    ),
  );
  const after = await offerer.tab.evaluate(() => ({
    peers: window.harness.room.peers.size,
    lost: window.harness.happenings.filter(({ what }) => what === 'peerleft').length,
    open: window.harness.connections.filter(({ connectionState }) => connectionState !== 'closed')
      .length,
    problems: window.harness.happenings.flatMap(({ what, detail }) =>
      what === 'problem' ? [detail] : [],
    ),
    liar: (window as unknown as { liar: { states: string[] } }).liar.states,
  }));
  expect(after.liar, 'without the SDK he would have been taken').toContain('connected');
  expect(after).toMatchObject({ peers: 0, lost: 1 });
  expect(after.problems.some((problem) => problem.startsWith('not-genuine: '))).toBe(true);
});
