import type { CheckOptions, Diagnosis, Verdict, VerdictCode } from 'peerline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabCall } from './faults/lab-call.ts';
import type { Host } from './netlab/host.ts';
import { isNetlabSkipped } from './netlab/netlab.ts';
import { join, newRoom, seesCamera, type Member } from './rig/call.ts';
import { Coturn, TURN_SECRET } from './rig/coturn.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

/** Every verdict from a real cause, on a network made for it. */

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];

/** The port of the shipped coturn configuration. */
const TURN_PORT = 3_478;

/** Where all is well nobody waits; a lobby that took longer would be pressed past. */
const WELL_MAX_MS = 1_500;
/** 4 s for the server and 4 s for the rest, and what a busy machine adds. */
const DONE_MAX_MS = 9_000;

function check({ tab }: Member, options: CheckOptions = {}): Promise<Diagnosis> {
  return tab.evaluate((given: CheckOptions) => window.harness.sdk.checkConnection(given), options);
}

function diagnose({ tab }: Member): Promise<Diagnosis> {
  return tab.evaluate(() => window.harness.room.diagnose());
}

function codes({ verdicts }: Diagnosis): readonly string[] {
  return verdicts.map(({ code, severity }) => `${code} ${severity}`);
}

function verdict<C extends VerdictCode>(
  diagnosis: Diagnosis,
  code: C,
): Extract<Verdict, { code: C }> {
  const found = diagnosis.verdicts.find(
    (one): one is Extract<Verdict, { code: C }> => one.code === code,
  );
  if (found === undefined) throw new Error(`no ${code} among ${codes(diagnosis).join(', ')}`);
  return found;
}

if (isNetlabSkipped()) {
  process.stderr.write('\nPEERLINE_SKIP_NETLAB=1: NO VERDICT IS TRIED ON A NETWORK.\n\n');
}

describe.skipIf(isNetlabSkipped()).each(BROWSERS)('without TURN, in %s', (browser) => {
  let call: LabCall;
  let ann: Member;
  let ben: Member;

  beforeAll(async () => {
    call = await LabCall.open([browser, 'chromium'], { nat: 'symmetric' });
    [ann, ben] = call.members;
  });
  afterAll(() => call?.close());

  test('no-turn: UDP gets out, and some calls will not connect', async () => {
    const found = await check(ann);
    expect(codes(found)).toEqual(['server-reachable ok', 'udp-works ok', 'no-turn warning']);
    expect(verdict(found, 'server-reachable').rttMs).toBeGreaterThanOrEqual(20);
    expect(verdict(found, 'server-reachable').rttMs).toBeLessThan(WELL_MAX_MS);
    expect(found.durationMs).toBeLessThan(WELL_MAX_MS);
  });

  test('peer-unreachable: two behind symmetric NAT, and what would help', async () => {
    const room = await newRoom(ann.tab);
    for (const member of [ann, ben]) await join(member, { room });
    await waitFor(ann.tab, 'the peer to be late', async () => {
      const found = await window.harness.room.diagnose();
      return found.verdicts.some(
        (one) => one.code === 'peer-unreachable' && one.severity === 'problem',
      );
    });
    const found = await diagnose(ann);
    const [peer] = await ann.tab.evaluate(() => [...window.harness.room.peers.keys()]);
    expect(verdict(found, 'peer-unreachable')).toMatchObject({
      peer,
      status: 'connecting',
      cause: 'no-relay',
    });
    expect(verdict(found, 'udp-works').severity).toBe('ok');
    expect(verdict(found, 'no-turn').severity).toBe('warning');
    expect(found.worst).toBe('problem');
  });

  test('no-camera, no-microphone: they are pulled out', async () => {
    const before = await diagnose(ann);
    expect(codes(before)).not.toContain('no-camera info');
    await ann.tab.evaluate(() => {
      for (const index of [1, 0]) {
        window.rig.devices.unplug('videoinput', index);
        window.rig.devices.unplug('audioinput', index);
      }
    });
    const found = await diagnose(ann);
    expect(verdict(found, 'no-camera').severity).toBe('info');
    expect(verdict(found, 'no-microphone').severity).toBe('info');
  });

  test('server-unreachable: it is stopped, and the network is not blamed', async () => {
    await call.server.kill();
    const found = await check(ben);
    expect(codes(found)).toEqual(['server-unreachable problem']);
    expect(verdict(found, 'server-unreachable').online).toBe(true);
    expect(found.durationMs).toBeLessThan(DONE_MAX_MS);
    const inRoom = await diagnose(ben);
    expect(codes(inRoom)).toContain('server-unreachable problem');
    expect(codes(inRoom)).not.toContain('udp-blocked warning');
    await call.server.start();
    await waitFor(ben.tab, 'the server again', async () => {
      const { verdicts } = await window.harness.room.diagnose();
      return verdicts.some(({ code }) => code === 'server-reachable');
    });
  });
});

describe.skipIf(isNetlabSkipped()).each(BROWSERS)('with TURN, in %s', (browser) => {
  let call: LabCall;
  let ann: Member;
  let ben: Member;
  let annHost: Host;
  let turnHost: Host;
  let coturn: Coturn;
  let udp = '';
  let tcp = '';

  beforeAll(async () => {
    call = await LabCall.open([browser, 'chromium'], {
      nat: 'port-restricted',
      serverOptions: async (lab) => {
        turnHost = await lab.host('turn');
        coturn = await Coturn.startOn(turnHost);
        udp = `turn:${turnHost.address}:${TURN_PORT}?transport=udp`;
        tcp = `turn:${turnHost.address}:${TURN_PORT}?transport=tcp`;
        return ['--turn-url', udp, '--turn-url', tcp, '--turn-secret', TURN_SECRET];
      },
    });
    [ann, ben] = call.members;
    annHost = call.seats[0].host;
  });
  afterAll(async () => {
    await call?.close();
    await coturn?.stop();
  });

  test('turn-works: over UDP and over TCP, and nothing is wrong', async () => {
    const found = await check(ann);
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-works ok',
      'turn-works ok',
      'turn-works ok',
    ]);
    expect(found.worst).toBe('ok');
    expect(found.durationMs).toBeLessThan(WELL_MAX_MS);
  });

  test('udp-blocked, relay-only-works: calls go over TCP to the relay, and do', async () => {
    await annHost.block({ protocol: 'udp' });
    const found = await check(ann);
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-blocked info',
      'turn-unreachable info',
      'turn-works ok',
      'relay-only-works info',
    ]);
    expect(verdict(found, 'relay-only-works')).toMatchObject({ url: tcp, protocol: 'tcp' });
    expect(found.durationMs).toBeLessThan(DONE_MAX_MS);

    const room = await newRoom(ann.tab);
    for (const member of [ann, ben]) await join(member, { room });
    await seesCamera(ann, ben);
    await waitFor(
      ann.tab,
      'the route',
      (name: string) => window.harness.peer(name).quality?.route === 'relay',
      ben.name,
    );
    const inCall = await diagnose(ann);
    expect(codes(inCall)).toContain('peer-relayed info');
    expect(codes(inCall)).not.toContain('peer-unreachable problem');
    for (const { tab } of [ann, ben]) await tab.evaluate(() => window.harness.leave());
  });

  test('no-way-out: TCP to the relay is blocked as well, and which ports would help', async () => {
    await annHost.block({ protocol: 'tcp', port: TURN_PORT });
    const found = await check(ann);
    expect(found.worst).toBe('problem');
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-blocked warning',
      'turn-unreachable warning',
      'turn-unreachable warning',
      'no-way-out problem',
    ]);
    const { host } = new URL(call.server.url.replace('http:', 'ws:'));
    const [address, port] = host.split(':');
    expect(verdict(found, 'no-way-out').open).toEqual([
      { protocol: 'UDP', host: address, port: Number(port) },
      { protocol: 'UDP', host: turnHost.address, port: TURN_PORT },
      { protocol: 'TCP', host: turnHost.address, port: TURN_PORT },
    ]);
    await annHost.unblock({ protocol: 'udp' });
    await annHost.unblock({ protocol: 'tcp', port: TURN_PORT });
  });

  test('turn-unreachable: it is stopped', async () => {
    await coturn.stop();
    const found = await check(ann);
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-works ok',
      'turn-unreachable warning',
      'turn-unreachable warning',
    ]);
  });

  test('turn-refused: it has another secret than the server', async () => {
    coturn = await Coturn.startOn(turnHost, 'another one');
    const found = await check(ann);
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-works ok',
      'turn-refused warning',
      'turn-refused warning',
    ]);
    expect(verdict(found, 'turn-refused')).toMatchObject({ url: udp, iceError: 401 });
  });
});
