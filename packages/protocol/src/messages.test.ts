import { describe, expect, test } from 'vitest';
import { parseJoin, parseRelay, parseTokenRenewal } from './client-messages.ts';
import { isOfferer, parsePeerId } from './ids.ts';
import { SIGNAL_BODY_MAX_BYTES } from './limits.ts';
import { utf8Bytes, type Parsed } from './parse.ts';
import { parseJoinRefusal, parseServerMessage } from './server-messages.ts';
import { parseControl, parseEnvelope, parsePresence } from './signals.ts';

const ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const OTHER = 'BBBBBBBBBBBBBBBBBBBBBA';
const CARD = 'c'.repeat(130);
const SETTINGS = {
  ...{ access: 'knock', capacity: 8, capacityMax: 16, passwordRevision: 1, host: ID },
} as const;
const join = { protocol: 1, room: ID, roomSecret: OTHER, peer: ID, secret: OTHER, card: CARD };
const code = <T>(parsed: Parsed<T>): string => (parsed.ok ? 'ok' : parsed.error.code);
const where = <T>(parsed: Parsed<T>): string => (parsed.ok ? 'ok' : parsed.error.path);

describe('what a client sends', () => {
  test('ID1 ids are 128 bits in base64url', () => {
    expect(code(parsePeerId(ID))).toBe('ok');
    for (const bad of ['', `${ID}A`, ID.slice(1), 'AAAAAAAAAAAAAAAAAAAAAB', `${ID.slice(1)}=`, 7]) {
      expect(code(parsePeerId(bad))).toBe('bad-message');
    }
  });

  test('JOIN1 JOIN2 a join has six fields, nothing more', () => {
    expect(parseJoin(join)).toEqual({ ok: true, value: join });
    for (const bad of [
      null,
      'x',
      [],
      {},
      { ...join, room: 'x' },
      { ...join, roomSecret: undefined },
      { ...join, name: 'Ann' },
      { ...join, card: `${CARD}=` },
    ]) {
      expect(code(parseJoin(bad))).toBe('bad-message');
    }
  });

  test('TOKEN1 a join may bring a token, a text of whatever kind', () => {
    const withToken = { ...join, token: 'x.y.z' };
    expect(parseJoin(withToken)).toEqual({ ok: true, value: withToken });
    expect(code(parseJoin({ ...join, token: '' }))).toBe('ok');
    expect(where(parseJoin({ ...join, token: 7 }))).toBe('token');
  });

  test('TOKEN5 a renewal is a token and nothing else', () => {
    expect(parseTokenRenewal({ token: 'x' })).toEqual({ ok: true, value: { token: 'x' } });
    for (const bad of [null, 'x', {}, { token: null }, { token: 'x', peer: ID }]) {
      expect(code(parseTokenRenewal(bad))).toBe('bad-message');
    }
  });

  test('VERSION1 another version is told, whatever else it holds', () => {
    const parsed = parseJoin({ protocol: 2, whatever: true });
    expect(code(parsed)).toBe('version-unsupported');
    expect(!parsed.ok && parsed.error.message).toContain('supported: 1');
  });

  test('RELAY2 a signal brings no sender of its own', () => {
    expect(code(parseRelay({ to: ID, body: 'x' }))).toBe('ok');
    expect(where(parseRelay({ to: ID, body: 'x', from: OTHER }))).toBe('from');
  });

  test('RELAY5 bodies are bounded in bytes, not in characters', () => {
    const fits = 'é'.repeat(SIGNAL_BODY_MAX_BYTES / 2);
    expect(code(parseRelay({ to: ID, body: fits }))).toBe('ok');
    expect(code(parseRelay({ to: ID, body: `${fits}x` }))).toBe('too-large');
    expect(code(parseRelay({ to: ID, body: '' }))).toBe('bad-message');
  });

  test('RELAY5 bytes are counted as UTF-8 has them', () => {
    const byHand = { '': 0, abc: 3, é: 2, '€': 3, '👋': 4, 'a👋é€': 10, '\ud800': 3, '\ud800x': 4 };
    for (const [text, bytes] of Object.entries(byHand)) {
      expect(utf8Bytes(text)).toBe(bytes);
    }
  });

  test('NEG1 of two ids exactly one offers', () => {
    const [a, b] = [parsePeerId(ID), parsePeerId(OTHER)];
    if (!a.ok || !b.ok) throw new Error('ids');
    expect([isOfferer(a.value, b.value), isOfferer(b.value, a.value)]).toEqual([false, true]);
  });
});

describe('what a server sends', () => {
  test('JOIN4 a welcome, and what it may not be', () => {
    const iceServers = [{ urls: ['stun:localhost:3000'] }];
    const data = {
      protocol: 1,
      version: 3,
      peers: [{ peer: ID, card: CARD }],
      settings: SETTINGS,
      iceServers,
    };
    expect(parseServerMessage('welcome', data)).toEqual({
      ok: true,
      value: { event: 'welcome', data },
    });
    expect(where(parseServerMessage('welcome', { ...data, peers: ['x'] }))).toBe('data.peers.0');
    const unknown = { ...data, peers: [{ peer: ID, card: '' }] };
    expect(where(parseServerMessage('welcome', unknown))).toBe('data.peers.0.card');
    expect(where(parseServerMessage('wellcome', data))).toBe('event');
  });

  test('ICE1 ICE3 credentials that end say when, at the joining and later', () => {
    const iceServers = [{ urls: ['turn:localhost'], username: '1:a', credential: 'b' }];
    const data = {
      protocol: 1,
      version: 1,
      peers: [],
      settings: SETTINGS,
      iceServers,
      ttlMs: 600_000,
    };
    expect(parseServerMessage('welcome', data)).toMatchObject({ ok: true, value: { data } });
    const update = { iceServers, ttlMs: 600_000 };
    expect(parseServerMessage('ice-servers', update)).toEqual({
      ok: true,
      value: { event: 'ice-servers', data: update },
    });
    expect(where(parseServerMessage('ice-servers', { iceServers }))).toBe('data.ttlMs');
    expect(where(parseServerMessage('ice-servers', { ...update, ttlMs: 0 }))).toBe('data.ttlMs');
  });

  test('TOKEN5 a token that ends says when', () => {
    const data = { ttlMs: 1_000 };
    expect(parseServerMessage('token-expiring', data)).toEqual({
      ok: true,
      value: { event: 'token-expiring', data },
    });
    expect(where(parseServerMessage('token-expiring', { ttlMs: 0 }))).toBe('data.ttlMs');
  });

  test('JOIN5 a refusal has a known code', () => {
    expect(code(parseJoinRefusal({ code: 'room-full', message: 'full' }))).toBe('ok');
    expect(where(parseJoinRefusal({ code: 'because', message: '' }))).toBe('code');
  });
});

describe('what a peer sends', () => {
  const media = { revision: 1, microphone: true, camera: false, screen: false, screenAudio: false };

  test('DELIV1 an envelope without a signal is an acknowledgement', () => {
    const ack = { epoch: 1, toEpoch: 0, seq: 0, base: 1, ack: 0 };
    expect(parseEnvelope(JSON.stringify(ack))).toEqual({ ok: true, value: ack });
    expect(code(parseEnvelope('{'))).toBe('bad-message');
    expect(where(parseEnvelope(JSON.stringify({ ...ack, epoch: 0 })))).toBe('epoch');
    const signal = { type: 'candidates', generation: 1, negotiation: 1, candidates: [{}] };
    expect(where(parseEnvelope(JSON.stringify({ ...ack, signal })))).toBe(
      'signal.candidates.0.candidate',
    );
  });

  test('CTRL1 control messages are a closed set', () => {
    expect(parseControl(JSON.stringify({ type: 'media', media, extra: 1 }))).toEqual({
      ok: true,
      value: { type: 'media', media },
    });
    expect(where(parseControl('{"type":"constructor"}'))).toBe('type');
  });

  test('presence is JSON of at most 4 KB, and a key is only a key', () => {
    const presence: unknown = JSON.parse('{"name":"Ann","__proto__":{"admin":true}}');
    const parsed = parsePresence(presence);
    expect(parsed.ok && Object.getPrototypeOf(parsed.value)).toBe(Object.prototype);
    expect(parsed.ok && 'admin' in parsed.value).toBe(false);
    expect(code(parsePresence({ name: 'x'.repeat(5_000) }))).toBe('bad-message');
    expect(code(parsePresence({ deep: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) }))).toBe(
      'bad-message',
    );
    expect(code(parsePresence({ name: undefined }))).toBe('bad-message');
  });
});
