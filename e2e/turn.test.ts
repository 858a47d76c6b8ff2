import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seesCamera, type Member } from './rig/call.ts';
import { Coturn, credentialsUntil } from './rig/coturn.ts';
import { Party } from './rig/party.ts';
import { RelayCall, type Transport } from './rig/relay-call.ts';
import { makeHarnessSite } from './rig/server.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';
import { namesSoftware, TurnClient, type Credentials } from './rig/turn-client.ts';

const CASES: readonly (readonly [BrowserName, Transport])[] = [
  ['chromium', 'udp'],
  ['chromium', 'tcp'],
  ['firefox', 'udp'],
];

/** Bits per second; any number that nobody else uses. */
const CAP = 765_000;

const FAR_SECONDS = 3_600;
const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

describe('over a relay', () => {
  const STALL_MAX_MS = 2_000;

  const party = new Party();
  let site: Awaited<ReturnType<typeof makeHarnessSite>>;
  let coturn: Coturn;
  let call: RelayCall | undefined;

  beforeAll(async () => {
    site = await makeHarnessSite();
    coturn = await Coturn.start({ allowLoopback: true });
  });
  afterEach(async () => {
    await party.closeTabs();
    await call?.close();
  });
  afterAll(async () => {
    await party.close();
    await coturn?.stop();
    await site?.remove();
  });

  test.each(CASES)(
    'ICE5 chromium and %s, keeping to relays over %s, learn no address',
    async (browser, transport) => {
      call = await callOverRelay(transport, browser);
      const [ann, ben] = call.members;
      for (const [viewer, shown] of [
        [ann, ben],
        [ben, ann],
      ] as const) {
        await seesCamera(viewer, shown);
        await waitFor(
          viewer.tab,
          `the route to ${shown.name}`,
          (name: string) => window.harness.peer(name).quality?.route === 'relay',
          shown.name,
        );
        // Descriptions made from now on hold candidates that are gathered already.
        await viewer.tab.evaluate(
          (maxReceiveBitrate: number) =>
            window.harness.room.setMediaPreferences({ camera: { maxReceiveBitrate } }),
          CAP,
        );
        await waitFor(
          shown.tab,
          `the cap of ${viewer.name}`,
          ({ name, cap }) => window.harness.negotiated(name).camera.maxBitrate === cap,
          { name: viewer.name, cap: CAP },
        );
        const candidates = await candidatesOf(viewer, shown);
        expect(candidates.length).toBeGreaterThanOrEqual(2);
        // The relay's own address is all there is; a related address would be this machine's.
        expect(new Set(candidates)).toEqual(
          new Set([`local relay 127.0.0.1 over ${transport}`, 'remote relay 127.0.0.1']),
        );
      }
    },
  );

  test('ICE3 ICE4 credentials are renewed in a call that notices nothing, and hold for who comes later', async () => {
    call = await callOverRelay('udp', 'chromium');
    for (const { states, longestStallMs } of await call.outliveCredentials()) {
      expect(states).toEqual(['connected']);
      expect(longestStallMs).toBeLessThan(STALL_MAX_MS);
    }
  });

  function callOverRelay(transport: Transport, browser: BrowserName): Promise<RelayCall> {
    return RelayCall.begin({
      party,
      coturn,
      staticDir: site.dir,
      transport,
      browsers: ['chromium', browser],
    });
  }
});

/**
 * Every candidate that a connection knows of: type and address, the way to the TURN server of one's
 * own, and the related address that the other side tells of its own.
 */
function candidatesOf(viewer: Member, shown: Member): Promise<readonly string[]> {
  return viewer.tab.evaluate(async (name: string) => {
    const stats = await window.harness.peer(name).stats();
    const entries = [...stats.values()] as readonly Record<string, unknown>[];
    return entries
      .filter(({ type }) => type === 'local-candidate' || type === 'remote-candidate')
      .map(({ type, candidateType, address, relatedAddress, relayProtocol }) => {
        const kind = `${String(candidateType)} ${String(address)}`;
        if (type === 'local-candidate') return `local ${kind} over ${String(relayProtocol)}`;
        const isTold = typeof relatedAddress === 'string' && relatedAddress !== '0.0.0.0';
        return isTold ? `remote ${kind} of ${relatedAddress}` : `remote ${kind}`;
      });
  }, shown.name);
}

describe('the configuration that ships', () => {
  /** One or more of every kind that deploy/coturn.conf names. */
  const INTERNAL = {
    4: [
      ...['0.0.0.0', '0.0.0.1', '0.255.255.255'],
      ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255'],
      ...['192.168.0.1', '192.168.1.1', '192.168.255.255'],
      ...['100.64.0.1', '100.127.255.255'],
      ...['127.0.0.1', '127.0.0.2', '127.255.255.255'],
      ...['169.254.0.1', '169.254.169.254', '169.254.255.255'],
      ...['192.0.0.1', '192.88.99.1', '198.18.0.1', '198.19.255.255'],
      ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
    ],
    6: [
      ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'],
      ...[
        '::ffff:169.254.169.254',
        '::ffff:192.168.1.1',
        '64:ff9b::127.0.0.1',
        '64:ff9b::10.0.0.1',
      ],
      ...['64:ff9b:1::a00:1', '100::1', '2001::1', '2002:a00:1::1'],
      ...['fc00::1', 'fd00::1', 'fe80::1', 'fec0::1', 'ff02::1', 'ff0e::1'],
    ],
  } as const;
  const PUBLIC = { 4: ['192.0.2.1', '203.0.113.1'], 6: ['2001:db8::1'] } as const;

  let coturn: Coturn;
  const clients: TurnClient[] = [];

  beforeAll(async () => {
    coturn = await Coturn.start({ allowLoopback: false });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(() => coturn?.stop());

  async function allocate(
    credentials: Credentials,
    family: 4 | 6 = 4,
  ): Promise<{ readonly client: TurnClient; readonly code: number }> {
    const client = await TurnClient.open(coturn.port);
    clients.push(client);
    return { client, code: (await client.allocate(credentials, family)).code };
  }

  test.each([4, 6] as const)(
    'refuses every internal IPv%s address as a peer, and no public one',
    async (family) => {
      const { client, code } = await allocate(credentialsUntil(soon(FAR_SECONDS)), family);
      expect(code).toBe(0);
      const answers: { [address: string]: number } = {};
      for (const address of [...INTERNAL[family], ...PUBLIC[family]]) {
        answers[address] = (await client.createPermission(address)).code;
      }
      expect(answers).toEqual({
        ...Object.fromEntries(INTERNAL[family].map((address) => [address, 403])),
        ...Object.fromEntries(PUBLIC[family].map((address) => [address, 0])),
      });
    },
  );

  test('is asked for 40 internal addresses and more', () => {
    expect(INTERNAL[4].length + INTERNAL[6].length).toBeGreaterThanOrEqual(40);
  });

  test('ICE2 takes no credentials that have ended, or of another secret', async () => {
    expect((await allocate(credentialsUntil(soon(FAR_SECONDS)))).code).toBe(0);
    expect((await allocate(credentialsUntil(soon(-5)))).code).toBe(401);
    expect((await allocate(credentialsUntil(soon(FAR_SECONDS), 'guessed'))).code).toBe(401);
  });

  test('does not tell what software it is', async () => {
    const client = await TurnClient.open(coturn.port);
    clients.push(client);
    expect(namesSoftware(await client.binding())).toBe(false);
  });
});
