import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from './host.ts';
import { createNetlab, isNetlabSkipped, type Netlab } from './netlab.ts';
import { PROBE_PORT, Probe } from './probe.ts';

const SEED = 7;

/** The switch never sends early; and late only by how long it waits for a core. */
const LATE_MAX_MS = 4;

let lab: Netlab;
let ana: Probe;
let ben: Probe;
let cat: Probe;

if (isNetlabSkipped()) {
  process.stderr.write('\nPEERLINE_SKIP_NETLAB=1: THE NETWORK OF THE TESTS IS NOT TESTED.\n\n');
}

describe.skipIf(isNetlabSkipped())(`netlab (seed ${SEED})`, () => {
  beforeAll(async () => {
    lab = await createNetlab({ seed: SEED });
    const hosts = [await lab.host('ana'), await lab.host('ben'), await lab.host('cat')];
    [ana, ben, cat] = (await Promise.all(hosts.map((host) => Probe.start(host)))) as [
      Probe,
      Probe,
      Probe,
    ];
  });
  afterAll(() => lab?.close());

  test('a delay is held each way', async () => {
    const near = await roundTrips(ana, ben);
    await Promise.all([ana, ben].map(({ host }) => host.link.set({ delayMs: 50 })));
    const far = await roundTrips(ana, ben);
    await ben.host.link.set({ delayMs: 0 });
    await ana.host.link.set({ delayMs: 30 }, 'down');
    const uneven = await roundTrips(ana, ben);
    await ana.host.link.set({ delayMs: 0 });

    expect(near.median).toBeLessThan(LATE_MAX_MS);
    expect(far.least).toBeGreaterThanOrEqual(200);
    expect(far.median).toBeLessThan(200 + LATE_MAX_MS);
    expect(uneven.least).toBeGreaterThanOrEqual(80);
    expect(uneven.median).toBeLessThan(80 + LATE_MAX_MS);
  });

  test('jitter spreads what comes and keeps the order', async () => {
    await ana.host.link.set({ delayMs: 40, jitterMs: 30 }, 'up');
    const { answers } = await ana.ask(ben.target, { count: 100, everyMs: 20 });
    await ana.host.link.set({ delayMs: 0, jitterMs: 0 });
    const times = answers.map(({ rttMs }) => rttMs).toSorted((one, other) => one - other);

    expect(answers.map(({ number }) => number)).toEqual(answers.map((_, index) => index));
    expect(times[0]).toBeGreaterThanOrEqual(10);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(30);
    // One in twenty may find both cores busy.
    expect(times[94]).toBeLessThan(70 + LATE_MAX_MS);
  });

  test('reordering lets others overtake', async () => {
    await ana.host.link.set({ reorder: 0.2, reorderByMs: 25 }, 'up');
    const { answers } = await ana.ask(ben.target, { count: 200, everyMs: 5 });
    await ana.host.link.set({ reorder: 0 });
    const overtaken = answers.filter(
      ({ number }, index) => number < (answers[index - 1]?.number ?? -1),
    );

    expect(answers).toHaveLength(200);
    expect(overtaken.length).toBeGreaterThan(10);
    expect(overtaken.length).toBeLessThan(80);
  });

  test('a share of frames is lost, the same ones for the same seed', async () => {
    const lost = await Promise.all([SEED, SEED, SEED + 1].map((seed) => lostUnder(seed)));
    const [one, same, another] = lost;

    expect(one?.size).toBeGreaterThan(60);
    expect(one?.size).toBeLessThan(140);
    expect(same).toEqual(one);
    expect(another).not.toEqual(one);
  });

  test('a rate is held, and what waits too long is lost', async () => {
    await ana.host.link.set({ rateKbps: 800 });
    const slow = await ana.download(ben.target, 100_000);
    await ana.host.link.set({ rateKbps: 100, queueMs: 50 }, 'up');
    const flood = await ana.ask(ben.target, { count: 200, everyMs: 1 });
    const { up } = await ana.host.link.counts();
    await ana.host.link.set({ rateKbps: Infinity, queueMs: 300 });
    const fast = await ana.download(ben.target, 100_000);

    // 100 KB at 800 kbit/s, and 5 % of headers.
    expect(slow.ms).toBeGreaterThan(1_000);
    expect(slow.ms).toBeLessThan(1_500);
    expect(fast.ms).toBeLessThan(500);
    expect(flood.answers.length).toBeLessThan(100);
    expect(flood.answers.length + up.refused).toBe(200);
  });

  test('a cut link is a black hole until it heals', async () => {
    await ana.host.link.cut();
    const cut = await ana.ask(ben.target, { count: 5 });
    await ana.host.link.heal();
    const healed = await ana.ask(ben.target, { count: 5 });

    expect(cut).toEqual({ answers: [] });
    expect(healed.answers).toHaveLength(5);
  });

  test('programs are told of a pulled cable, and that it is back', async () => {
    await ana.host.down();
    const down = await ana.ask(ben.target);
    await ana.host.up();
    const up = await ana.ask(ben.target);

    expect(down.error).toBe('Network is unreachable');
    expect(up.answers).toHaveLength(1);
  });

  test('an address changes', async () => {
    const before = ana.target;
    const first = await ana.ask(ben.target);
    const told = await ana.host.changeAddress();
    const second = await ana.ask(ben.target);
    const gone = await ben.ask(before);
    const here = await ben.ask(ana.target);

    expect(told).toBe(ana.host.address);
    expect(told).not.toBe(before.address);
    expect(first.answers[0]?.seen).toBe(`${before.address}:${PROBE_PORT}`);
    expect(second.answers[0]?.seen).toBe(`${told}:${PROBE_PORT}`);
    expect(gone.answers).toEqual([]);
    expect(here.answers).toHaveLength(1);
    await expect(ana.download(ben.target, 1_000)).resolves.toEqual({ ms: expect.any(Number) });
  });

  test('UDP is blocked while TCP passes, and the other way round', async () => {
    await ana.host.block({ protocol: 'udp' });
    const noUdp = await ana.ask(ben.target);
    const tcp = await ana.download(ben.target, 1_000);
    const others = await ben.ask(cat.target);
    await ana.host.block({ protocol: 'tcp', port: PROBE_PORT });
    await ana.host.unblock({ protocol: 'udp' });
    const udp = await ana.ask(ben.target);
    const noTcp = ana.download(ben.target, 1_000);
    await expect(noTcp).resolves.toEqual({ error: 'timed out' });
    await ana.host.unblock({ protocol: 'tcp', port: PROBE_PORT });
    const again = await ana.download(ben.target, 1_000);

    // No error either: the sender does not learn of it.
    expect(noUdp).toEqual({ answers: [] });
    expect(tcp.error).toBeUndefined();
    expect(others.answers).toHaveLength(1);
    expect(udp.answers).toHaveLength(1);
    expect(again.error).toBeUndefined();
  });

  test('all ports but some are blocked', async () => {
    const others = { protocol: 'tcp', except: [443, PROBE_PORT] } as const;
    await ana.host.block(others);
    const letPass = await ana.download(ben.target, 1_000);
    await ana.host.unblock(others);
    await ana.host.block({ protocol: 'tcp', except: [443] });
    const blocked = await ana.download(ben.target, 1_000);
    const udp = await ana.ask(ben.target);
    await ana.host.unblock({ protocol: 'tcp', except: [443] });

    expect(letPass.error).toBeUndefined();
    expect(blocked).toEqual({ error: 'timed out' });
    expect(udp.answers).toHaveLength(1);
  });

  test.each([
    { nat: 'full-cone', mappings: 1, stranger: true },
    { nat: 'port-restricted', mappings: 1, stranger: false },
    { nat: 'symmetric', mappings: 2, stranger: false },
  ] as const)('NAT: $nat', async ({ nat, mappings, stranger }) => {
    const router = await lab.router(`nat${nat.slice(0, 4)}`, { nat });
    const inner = await Probe.start(await lab.host(`in${nat.slice(0, 4)}`, { behind: router }));

    const silent = await ben.ask({ address: router.uplink.address, port: PROBE_PORT });
    const byBen = await inner.ask(ben.target);
    const fromCat = await cat.ask(targetOf(byBen.answers[0]?.seen));
    const byCat = await inner.ask(cat.target);
    const seen = [byBen, byCat].map(({ answers }) => answers[0]?.seen);

    expect(silent.answers).toEqual([]);
    expect(new Set(seen.map((one) => targetOf(one).address))).toEqual(
      new Set([router.uplink.address]),
    );
    expect(new Set(seen).size).toBe(mappings);
    expect(fromCat.answers).toHaveLength(stranger ? 1 : 0);
    // Who was sent to may answer, in every kind.
    const fromBen = await ben.ask(targetOf(byBen.answers[0]?.seen));
    expect(fromBen.answers).toHaveLength(1);
    await expect(inner.download(ben.target, 1_000)).resolves.toEqual({ ms: expect.any(Number) });
  });

  test('what makes no sense is refused', async () => {
    const { link } = ana.host;
    await expect(link.set({ loss: 1.5 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(link.set({ delayMs: -1 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(link.set({ rateKbps: 0 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(lab.host('ana')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(lab.host('a b')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ana.host.run('false', [])).rejects.toMatchObject({ code: 'command-failed' });
  });

  test('a wrapper runs a program inside, with its arguments as they are', async () => {
    const host: Host = ana.host;
    const addresses = await host.run(await host.wrap('/usr/bin/env'), ['ip', '-4', '-o', 'addr']);
    expect(addresses).toContain(`${host.address}/24`);
    await expect(host.run(await host.wrap('/bin/echo'), ['a  b', "c'd"])).resolves.toBe(
      "a  b c'd\n",
    );
    await expect(host.run('ip', ['-6', 'addr'])).resolves.toBe('');
  });
});

async function roundTrips(
  from: Probe,
  to: Probe,
): Promise<{ readonly least: number; readonly median: number }> {
  const { answers } = await from.ask(to.target, { count: 60 });
  expect(answers).toHaveLength(60);
  const times = answers.map(({ rttMs }) => rttMs).toSorted((one, other) => one - other);
  return { least: times[0] ?? NaN, median: times[30] ?? NaN };
}

/** @returns which of a thousand never came */
async function lostUnder(seed: number): Promise<ReadonlySet<number>> {
  await using own = await createNetlab({ seed });
  const from = await Probe.start(await own.host('from', { link: { loss: 0.1 } }));
  const to = await Probe.start(await own.host('to'));
  await from.host.link.set({ loss: 0 }, 'down');
  const { answers } = await from.ask(to.target, { count: 1_000, everyMs: 2 });
  const came = new Set(answers.map(({ number }) => number));
  return new Set([...Array(1_000).keys()].filter((number) => !came.has(number)));
}

function targetOf(seen = ''): { readonly address: string; readonly port: number } {
  const [address = '', port = ''] = seen.split(':');
  return { address, port: Number(port) };
}
