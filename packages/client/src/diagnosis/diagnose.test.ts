import { beforeAll, describe, expect, test } from 'vitest';
import type { RtcEnvironment } from '../api.ts';
import { createIdentity } from '../link/room-keys.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { fakeGathering, type IceBehaviour } from '../testing/fake-ice.ts';
import { MemorySwitchboard, type MemorySignaling } from '../testing/memory-signaling.ts';
import { diagnose, type Subject } from './diagnose.ts';
import type { Diagnosis, Verdict, VerdictCode } from './verdicts.ts';

const STUN = 'stun:server.example:3000';
const UDP = 'turn:turn.example:3478?transport=udp';
const TCP = 'turn:turn.example:3478?transport=tcp';
const TLS = 'turns:turn.example:443?transport=tcp';

interface Setting {
  readonly ice?: { readonly [url: string]: IceBehaviour };
  /** How the server behaves; it takes everybody in unless told. */
  readonly server?: 'stopped' | 'full';
  readonly relayOnly?: boolean;
  readonly rtc?: RtcEnvironment | undefined;
  readonly signal?: AbortSignal;
}

// The first call takes longest.
beforeAll(async () => {
  await createIdentity();
});

/** Diagnoses in fake time. The server names whatever ICE servers the setting knows of. */
async function examine(setting: Setting): Promise<Diagnosis & { readonly open: number }> {
  const clock = new FakeClock();
  const { ice = {}, server, relayOnly = false } = setting;
  const credentials = { username: 'u', credential: 'c' };
  const iceServers = Object.keys(ice).map((url) => ({ urls: [url], ...credentials }));
  const switchboard = new MemorySwitchboard({ iceServers, capacity: server === 'full' ? 0 : 16 });
  if (server === 'stopped') switchboard.stop();
  const { rtc, open } = fakeGathering(clock, ice);
  const signalings: MemorySignaling[] = [];
  const subject: Subject = {
    url: 'memory:',
    connect: () => {
      const signaling = switchboard.connection();
      signalings.push(signaling);
      return signaling;
    },
    clock,
    rtc: 'rtc' in setting ? setting.rtc : rtc,
    iceServers: [],
    relayOnly,
    signal: setting.signal,
  };
  let done = false;
  const running = diagnose(subject).finally(() => {
    done = true;
  });
  running.catch(() => undefined);
  while (!done) {
    await settle();
    // Fake time goes on no faster than WebCrypto works, however busy the machine is.
    await createIdentity();
    await clock.advanceAsync(10);
  }
  const diagnosis = await running;
  expect(signalings.map(({ state }) => state.status)).not.toContain('joined');
  expect(clock.pending, 'timers left behind').toBe(0);
  return { ...diagnosis, open: open() };
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
  if (found === undefined) throw new Error(`no ${code} among ${codes(diagnosis).join()}`);
  return found;
}

describe('the way out', () => {
  test('all is well, at once, and nothing is left open', async () => {
    const all = await examine({ ice: { [STUN]: 'answers', [UDP]: 'answers', [TLS]: 'answers' } });
    expect(codes(all)).toEqual([
      'server-reachable ok',
      'udp-works ok',
      'turn-works ok',
      'turn-works ok',
    ]);
    expect(all.worst).toBe('ok');
    expect(all.durationMs).toBeLessThan(200);
    expect(all.open).toBe(0);
    expect(all.verdicts).toContainEqual(
      expect.objectContaining({ code: 'turn-works', url: TLS, protocol: 'tls' }),
    );
  });

  test('no TURN server, and what to do about it', async () => {
    const found = await examine({ ice: { [STUN]: 'answers' } });
    expect(codes(found)).toEqual(['server-reachable ok', 'udp-works ok', 'no-turn warning']);
    expect(verdict(found, 'no-turn').message).toContain('--turn-url');
  });

  test('UDP is blocked, and a relay over TCP makes up for it', async () => {
    const found = await examine({ ice: { [STUN]: 'silent', [UDP]: 'silent', [TCP]: 'answers' } });
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-blocked info',
      'turn-unreachable info',
      'turn-works ok',
      'relay-only-works info',
    ]);
    expect(verdict(found, 'udp-blocked').urls).toEqual([STUN, UDP]);
    expect(verdict(found, 'relay-only-works')).toMatchObject({ url: TCP, protocol: 'tcp' });
    expect(found.durationMs).toBeLessThanOrEqual(4_100);
    expect(found.open).toBe(0);
  });

  test('nothing gets out, and which ports would help', async () => {
    const found = await examine({ ice: { [STUN]: 'silent', [UDP]: 'silent', [TLS]: 701 } });
    expect(found.worst).toBe('problem');
    expect(verdict(found, 'no-way-out').open).toEqual([
      { protocol: 'UDP', host: 'server.example', port: 3000 },
      { protocol: 'UDP', host: 'turn.example', port: 3478 },
      { protocol: 'TCP', host: 'turn.example', port: 443 },
    ]);
    expect(verdict(found, 'no-way-out').message).toContain('TCP 443 to turn.example');
  });

  test('a refusal is the credentials’ fault, and shows that UDP gets through', async () => {
    const found = await examine({ ice: { [STUN]: 'silent', [UDP]: 401 } });
    expect(codes(found)).toEqual(['server-reachable ok', 'udp-works ok', 'turn-refused warning']);
    expect(verdict(found, 'turn-refused')).toMatchObject({ url: UDP, iceError: 401 });
  });

  test.each<readonly [IceBehaviour, string | undefined]>([
    [701, 'Failed to establish connection'],
    ['silent', undefined],
    ['quiet', undefined],
    ['throws', 'no credentials'],
  ])('a relay that %s is not reached', async (behaviour, detail) => {
    const found = await examine({ ice: { [STUN]: 'answers', [TCP]: behaviour } });
    expect(codes(found)).toEqual([
      'server-reachable ok',
      'udp-works ok',
      'turn-unreachable warning',
    ]);
    expect(verdict(found, 'turn-unreachable')).toMatchObject({ url: TCP, detail });
  });

  test('one network of several is enough', async () => {
    const found = await examine({ ice: { [STUN]: 'answers-once', [UDP]: 'answers-once' } });
    expect(codes(found)).toEqual(['server-reachable ok', 'udp-works ok', 'turn-works ok']);
  });

  test.each<IceBehaviour>([701, 'quiet'])(
    'a STUN server that the browser did not ask (%s) says nothing about UDP',
    async (behaviour) => {
      const found = await examine({ ice: { [STUN]: behaviour } });
      expect(codes(found)).toEqual(['server-reachable ok', 'no-turn warning']);
    },
  );

  test('who keeps to relays asks no STUN server, and has no other way', async () => {
    const good = await examine({ relayOnly: true, ice: { [STUN]: 'silent', [TCP]: 'answers' } });
    expect(codes(good)).toEqual(['server-reachable ok', 'turn-works ok']);
    const bad = await examine({ relayOnly: true, ice: { [STUN]: 'answers' } });
    expect(codes(bad)).toEqual(['server-reachable ok', 'no-turn warning', 'no-way-out problem']);
  });
});

describe('the server', () => {
  test('is out of reach, which says nothing about UDP or TURN', async () => {
    const found = await examine({ server: 'stopped', ice: { [STUN]: 'silent' } });
    expect(codes(found)).toEqual(['server-unreachable problem']);
    expect(found.durationMs).toBeLessThan(4_100);
  });

  test('refuses, and says why', async () => {
    const found = await examine({ server: 'full', ice: { [STUN]: 'answers' } });
    expect(codes(found)).toEqual(['server-refused problem']);
    expect(verdict(found, 'server-refused').refusal).toBe('room-full');
    expect(found.durationMs).toBeLessThan(100);
  });

  test('is reached without being asked anything else', async () => {
    const found = await examine({});
    expect(verdict(found, 'server-reachable')).toMatchObject({ url: 'memory:', rttMs: 0 });
  });
});

test('without WebRTC that is all there is to say', async () => {
  expect(codes(await examine({ rtc: undefined }))).toEqual(['webrtc-missing problem']);
});

test('ends when it is told to', async () => {
  const ending = new AbortController();
  ending.abort();
  await expect(examine({ signal: ending.signal })).rejects.toMatchObject({ code: 'aborted' });
  const later = new AbortController();
  const running = examine({ signal: later.signal, ice: { [STUN]: 'silent' } });
  await settle();
  later.abort();
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
});
