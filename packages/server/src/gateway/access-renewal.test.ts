import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessVerdict, Authorize } from '../access/access.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { RecordingLog } from '../testing/recording-log.ts';
import { startServer } from '../testing/server.ts';
import { hmac, inSeconds, SECRET, token } from '../testing/tokens.ts';
import { AccessRenewal, type Access } from './access-renewal.ts';

describe('AccessRenewal', () => {
  const LIFE_MS = 100_000;
  let told: string[] = [];
  let startMs = 0;
  const grant = (): { endsAtMs: number } => ({ endsAtMs: Date.now() + LIFE_MS });
  const say = (what: string): void => void told.push(`${Date.now() - startMs} ${what}`);
  const renewal = (access: Partial<Access> = {}): AccessRenewal => {
    const made = new AccessRenewal(
      {
        grant: grant(),
        ask: () => Promise.resolve({ kind: 'granted', grant: grant() }),
        ...access,
      },
      {
        expiring: (ttlMs) => say(`expiring ${ttlMs}`),
        refused: ({ code }) => say(code),
        ended: () => say('ended'),
      },
    );
    made.start();
    return made;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    startMs = Date.now();
    told = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('TOKEN5 TOKEN6 warns at 80 %, at each half of the rest, and ends', () => {
    renewal();
    vi.advanceTimersByTime(200_000);
    expect(told).toEqual([
      ...['80000 expiring 20000', '90000 expiring 10000', '95000 expiring 5000'],
      ...['97500 expiring 2500', '98750 expiring 1250', '99375 expiring 625', '100000 ended'],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('TOKEN5 begins anew with a token that is taken', async () => {
    const one = renewal();
    await vi.advanceTimersByTimeAsync(85_000);
    one.take('fresh');
    await vi.advanceTimersByTimeAsync(90_000);
    expect(told).toEqual([
      '80000 expiring 20000',
      '165000 expiring 20000',
      '175000 expiring 10000',
    ]);
  });

  it('TOKEN5 keeps the old time where a token is not taken', async () => {
    const refusal = { code: 'not-authorized', message: '' } as const;
    const one = renewal({ ask: () => Promise.resolve({ kind: 'refused', refusal }) });
    await vi.advanceTimersByTimeAsync(50_000);
    one.take('forged');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told[0]).toBe('50000 not-authorized');
    expect(told.at(-1)).toBe('100000 ended');
  });

  it('TOKEN6 waits at the end for the answer to a token that came in time', async () => {
    const ask: Access['ask'] = () =>
      new Promise((resolve) =>
        setTimeout(() => resolve({ kind: 'granted', grant: grant() }), 4_000),
      );
    const one = renewal({ ask });
    await vi.advanceTimersByTimeAsync(99_900);
    one.take('late');
    await vi.advanceTimersByTimeAsync(50_000);
    expect(told.filter((what) => what.endsWith('ended'))).toEqual([]);
  });

  it('TOKEN5 looks at one token at a time, and of those that wait at the newest', async () => {
    const asked: string[] = [];
    const ask: Access['ask'] = (fresh) => {
      asked.push(fresh);
      return new Promise((resolve) =>
        setTimeout(() => resolve({ kind: 'granted', grant: grant() }), 1_000),
      );
    };
    const one = renewal({ ask });
    for (const fresh of ['a', 'b', 'c', 'd']) one.take(fresh);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(['a', 'd']);
  });

  it('keeps times that a timer of Node does not hold', () => {
    const days = 60 * 86_400_000;
    renewal({ grant: { endsAtMs: Date.now() + days } });
    vi.advanceTimersByTime(days * 0.8 - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toHaveLength(1);
  });

  it('says nothing where access lasts, nor when it was stopped', async () => {
    renewal({ grant: {} });
    expect(vi.getTimerCount()).toBe(0);
    const one = renewal({
      ask: () => Promise.resolve({ kind: 'granted', grant: { endsAtMs: 1 } }),
    });
    one.take('x');
    one.stop();
    // A connection may end between its join and its welcome.
    one.start();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(told).toEqual([]);
  });
});

describe('a member of a server that asks for tokens', () => {
  const room = randomId();
  const joinTokens = { key: { kind: 'shared-secret', secret: SECRET } } as const;
  const minted = (more: object): string =>
    token({ alg: 'HS256' }, { room, sub: 'ann', ...more }, hmac(SECRET));

  /** The server takes 5 s of tolerance for the clocks. */
  const briefly = (seconds: number): string => minted({ exp: inSeconds(seconds - 5) });

  it('TOKEN4 TOKEN5 is asked in time, and nobody notices when it answers', async () => {
    const server = await startServer({ joinTokens });
    const watcher = await TestClient.join(server, { room, token: minted({ exp: inSeconds(600) }) });
    const { client } = await TestClient.join(server, { room, token: briefly(4) });
    await watcher.client.expect('joined');
    const { ttlMs } = await client.expect('token-expiring');
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThan(1_000);
    client.socket.emit('token', { token: briefly(6) });
    // Had the first one counted on, it would have ended before this.
    await client.expect('token-expiring');
    client.socket.emit('token', { token: minted({ exp: inSeconds(600) }) });
    expect(await client.drain()).toEqual([]);
    expect(await watcher.client.drain()).toEqual([]);
  });

  it('TOKEN6 that brings none is told and closed, and has left for the others', async () => {
    const server = await startServer({ joinTokens });
    const watcher = await TestClient.join(server, { room, token: minted({ exp: inSeconds(600) }) });
    const identity = joinRequest({ room });
    const { client } = await TestClient.join(server, { ...identity, token: briefly(2) });
    await watcher.client.expect('joined');
    for (;;) {
      const { event, data } = await client.next();
      if (event === 'token-expiring') continue;
      expect(data).toMatchObject({ code: 'token-expired', message: expect.any(String) });
      break;
    }
    await client.closed();
    expect(await watcher.client.expect('left')).toMatchObject({
      peer: client.peer,
      reason: 'left',
    });
    await TestClient.join(server, { ...identity, token: minted({ exp: inSeconds(600) }) });
    await watcher.client.expect('joined');
  });

  it.each([
    ['a forged one', 'x.y.z'],
    ['one of somebody else', minted({ sub: 'eve', exp: inSeconds(600) })],
    ['one for another room', minted({ room: randomId(), exp: inSeconds(600) })],
    ['an oversize one', 'x'.repeat(5_000)],
  ])('TOKEN5 is told that %s is not taken, and stays as it was', async (_, fresh) => {
    const server = await startServer({ joinTokens });
    const { client } = await TestClient.join(server, {
      room,
      token: minted({ exp: inSeconds(60) }),
    });
    client.socket.emit('token', { token: fresh });
    expect(await client.expectProblem()).toMatchObject({ code: 'not-authorized', event: 'token' });
    expect(await client.drain()).toEqual([]);
  });

  it.each([[{}], [{ token: 7 }], [{ token: 'x', more: 1 }], [null], ['x']])(
    'TOKEN5 is told that %j is no renewal',
    async (bad) => {
      const server = await startServer();
      const { client } = await TestClient.join(server);
      client.socket.emit('token', bad);
      expect(await client.expectProblem()).toMatchObject({ code: 'bad-message', event: 'token' });
    },
  );

  it('TOKEN1 is not asked where nothing is configured, and a token does no harm there', async () => {
    const server = await startServer();
    const { client } = await TestClient.join(server, { room, token: 'whatever' });
    client.socket.emit('token', { token: 'whatever' });
    expect(await client.drain()).toEqual([]);
  });
});

describe('a hook of the builder', () => {
  const room = randomId();
  const refusedBy = async (authorize: Authorize, log = new RecordingLog()): Promise<string> => {
    const server = await startServer({ authorize, log });
    return (await TestClient.refused(server, joinRequest({ room, token: 'ticket' }))).code;
  };

  it('is asked with what the join brings, at the join and at each renewal', async () => {
    const asked: unknown[] = [];
    const server = await startServer({
      authorize: (request) => {
        asked.push(request);
        return Promise.resolve({ kind: 'granted', subject: 'ann' });
      },
    });
    const { client } = await TestClient.join(server, { room, token: 'one' });
    client.socket.emit('token', { token: 'two' });
    await client.drain();
    await TestClient.join(server, { room });
    const request = { room, peer: client.peer, address: expect.stringContaining('127.0.0.1') };
    expect(asked).toEqual([
      { ...request, token: 'one', occasion: 'join' },
      { ...request, token: 'two', occasion: 'renewal' },
      { ...request, peer: expect.any(String), token: undefined, occasion: 'join' },
    ]);
  });

  it('may let in until a time, of its own choosing', async () => {
    const server = await startServer({
      authorize: () => ({ kind: 'granted', endsAtMs: Date.now() + 500 }),
    });
    const { client } = await TestClient.join(server);
    expect((await client.expectProblem()).code).toBe('token-expired');
  });

  it('does not hold up the signals of a member while it thinks about a renewal', async () => {
    let answer: (verdict: AccessVerdict) => void = () => undefined;
    const server = await startServer({
      authorize: ({ occasion }) =>
        occasion === 'join'
          ? { kind: 'granted' }
          : new Promise((resolve) => {
              answer = resolve;
            }),
    });
    const { client } = await TestClient.join(server);
    client.socket.emit('token', { token: 'slow' });
    expect(await client.drain()).toEqual([]);
    answer({ kind: 'refused', reason: 'no' });
    expect((await client.expectProblem()).code).toBe('not-authorized');
  });

  it('TOKEN3 refuses without a reason for the client', async () => {
    const log = new RecordingLog();
    expect(await refusedBy(() => ({ kind: 'refused', reason: 'banned' }), log)).toBe(
      'not-authorized',
    );
    expect(log.entries).toContainEqual({
      level: 'debug',
      message: 'not authorized',
      fields: expect.objectContaining({ reason: 'banned', occasion: 'join' }),
    });
    expect(JSON.stringify(log.entries)).not.toContain('ticket');
  });

  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('database down'))],
    ['answers nothing', () => undefined],
    ['answers true', () => true],
    ['answers with another kind', () => ({ kind: 'ok' })],
    ['gives a time that is none', () => ({ kind: 'granted', endsAtMs: Number.NaN })],
    ['gives a subject that is no text', () => ({ kind: 'granted', subject: 7 })],
    ['gives a host that is no boolean', () => ({ kind: 'granted', isHost: 'no' })],
  ])('lets nobody in where it %s', async (_, hook) => {
    const log = new RecordingLog();
    // As plain JavaScript may have it.
    expect(await refusedBy(hook as Authorize, log)).toBe('internal');
    expect(log.messagesAt('error')).toEqual(['who may join could not be found out']);
  });

  it('lets nobody in where it does not answer within 5 s, and says so before the client gives up', async () => {
    const beganMs = performance.now();
    expect(await refusedBy(() => new Promise(() => undefined))).toBe('internal');
    const tookMs = performance.now() - beganMs;
    expect(tookMs).toBeGreaterThan(4_900);
    expect(tookMs).toBeLessThan(7_900);
  });
});
