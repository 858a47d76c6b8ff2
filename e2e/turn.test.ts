import { createServer, type PeerlineServer } from '@peerline/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { join, newRoom, openHarness, seesCamera, watchAnew, type Member } from './rig/call.ts';
import { Coturn, credentialsUntil, TURN_SECRET } from './rig/coturn.ts';
import { Party } from './rig/party.ts';
import { makeHarnessSite } from './rig/server.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';
import { namesSoftware, TurnClient, type Credentials } from './rig/turn-client.ts';

type Transport = 'udp' | 'tcp';

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
  /** Renewed at 80 % of it; the call is watched past its end. */
  const TTL_SECONDS = 8;
  /** Ends are whole seconds, rounded up here and compared as such by coturn. */
  const ROUNDING_SECONDS = 2;
  const STALL_MAX_MS = 2_000;

  const party = new Party();
  let site: Awaited<ReturnType<typeof makeHarnessSite>>;
  let coturn: Coturn;
  let server: PeerlineServer | undefined;

  beforeAll(async () => {
    site = await makeHarnessSite();
    coturn = await Coturn.start({ allowLoopback: true });
  });
  afterEach(async () => {
    await party.closeTabs();
    await server?.close();
  });
  afterAll(async () => {
    await party.close();
    await coturn?.stop();
    await site?.remove();
  });

  test.each(CASES)(
    'ICE5 chromium and %s, keeping to relays over %s, learn no address',
    async (browser, transport) => {
      const [ann, ben] = await callOverRelay(transport, browser);
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
    const [ann, ben, url] = await callOverRelay('udp', 'chromium');
    await seesCamera(ann, ben);
    await seesCamera(ben, ann);
    await watchAnew(ann, ben);
    await watchAnew(ben, ann);
    const firstEndsMs = Date.now() + (TTL_SECONDS + ROUNDING_SECONDS) * 1_000;
    for (const member of [ann, ben]) {
      const endsMs = await waitFor(
        member.tab,
        'new credentials, behind those of the joining',
        (after: number) => window.renewedUntilMs.find((until) => until > after),
        firstEndsMs,
      );
      expect(Date.now(), 'in time').toBeLessThan(endsMs);
    }
    await waitFor(ann.tab, 'the first ones to end', (end: number) => Date.now() > end, firstEndsMs);
    const cem = await openHarness(party, 'chromium', 3, url);
    await join(cem, { room: await roomOf(ann), relayOnly: true }, ['camera']);
    await seesCamera(cem, ann);
    await seesCamera(ann, cem);
    for (const [viewer, shown] of [
      [ann, ben],
      [ben, ann],
    ] as const) {
      const seen = await viewer.tab.evaluate(
        (name: string) => ({
          states: window.harness.happenings
            .filter(({ what, from }) => what === 'state' && from === name)
            .map(({ detail }) => detail),
          longestGapMs: window.harness.picture(name)?.longestGapMs,
        }),
        shown.name,
      );
      expect(seen.states).toEqual(['connected']);
      expect(seen.longestGapMs).toBeLessThan(STALL_MAX_MS);
    }
  });

  /** @returns the two, and where the server is */
  async function callOverRelay(
    transport: Transport,
    browser: BrowserName,
  ): Promise<readonly [Member, Member, string]> {
    server = await createServer({
      port: 0,
      staticDir: site.dir,
      turn: {
        urls: [`turn:127.0.0.1:${coturn.port}?transport=${transport}`],
        secret: TURN_SECRET,
        ttlSeconds: TTL_SECONDS,
      },
    });
    const ann = await openHarness(party, 'chromium', 1, server.url);
    const ben = await openHarness(party, browser, 2, server.url);
    const room = await newRoom(ann.tab);
    for (const member of [ann, ben]) {
      await member.tab.evaluate(watchRenewals);
      await join(member, { room, relayOnly: true }, ['camera']);
    }
    return [ann, ben, server.url];
  }
});

/** In the page: notes until when the credentials last that connections are given in a call. */
function watchRenewals(): void {
  window.renewedUntilMs = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration(configuration);
      for (const { username } of configuration?.iceServers ?? []) {
        if (username === undefined) continue;
        window.renewedUntilMs.push(Number(username.split(':')[0]) * 1_000);
      }
    }
  };
}

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

function roomOf({ tab }: Member): Promise<string> {
  return tab.evaluate(() => window.harness.sdk.formatRoomLink(window.harness.room.link));
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

declare global {
  interface Window {
    /** When the credentials end that `setConfiguration` was given, one after the other. */
    renewedUntilMs: number[];
  }
}
