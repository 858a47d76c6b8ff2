import { createServer as createHttpServer } from 'node:http';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JoinTokenOptions } from '../access/token-options.ts';
import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from '../testing/client.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { RecordingLog } from '../testing/recording-log.ts';
import { startServer } from '../testing/server.ts';
import { ed25519Pair, hmac, inSeconds, SECRET, token, type Signer } from '../testing/tokens.ts';

const SHARED: JoinTokenOptions = { key: { kind: 'shared-secret', secret: SECRET } };
const HS256 = { alg: 'HS256', typ: 'JWT' };
const EDDSA = { alg: 'EdDSA', typ: 'JWT' };
const room = randomId();
const claims = { room, sub: 'ann', exp: inSeconds(600) };
const shared = hmac(SECRET);
const none: Signer = () => Buffer.alloc(0);
const pair = ed25519Pair();
const stranger = ed25519Pair();

interface Guarded {
  readonly server: PeerlineServer;
  readonly log: RecordingLog;
}

async function guarded(joinTokens: JoinTokenOptions): Promise<Guarded> {
  const log = new RecordingLog();
  return { server: await startServer({ joinTokens, log }), log };
}

/** What the server answers to a join, byte for byte. */
async function answer({ server }: Guarded, join: object): Promise<string> {
  const raw = await RawSocket.open(server);
  raw.send(`40${JSON.stringify(join)}`);
  return await raw.packet('4');
}

/**
 * The server refuses with the bytes that everyone gets, in a room that is there and in one that is not,
 * and for the reason that is expected.
 */
async function expectRefused(
  target: Guarded,
  forged: string,
  reason: RegExp,
  good: string,
): Promise<void> {
  const { server, log } = target;
  const { client } = await TestClient.join(server, { room, token: good });
  const plain = await answer(target, joinRequest({ room: randomId() }));
  expect(plain).toMatch(/^44\{.*"code":"not-authorized"/);
  const before = log.entries.length;
  expect(await answer(target, joinRequest({ room, token: forged }))).toBe(plain);
  const said = log.entries.slice(before).find(({ message }) => message === 'not authorized');
  expect(said?.level).toBe('debug');
  expect(said?.fields['reason']).toMatch(reason);
  expect(JSON.stringify(log.entries)).not.toContain(forged.split('.')[1]);
  client.socket.emit('leave', null);
  await client.closed();
  // Nobody is there any more.
  expect(await answer(target, joinRequest({ room, token: forged }))).toBe(plain);
}

const good = token(HS256, claims, shared);
const [goodHeader, goodClaims, goodSignature] = good.split('.');

describe('forged tokens for a shared secret', () => {
  it.each<[string, string, RegExp]>([
    ...['none', 'None', 'NONE', 'nOnE', ' none', 'none\u0000'].map(
      (alg): [string, string, RegExp] => [
        `alg ${JSON.stringify(alg)} with an empty signature`,
        token({ alg }, claims, none),
        /compact form/,
      ],
    ),
    ...['none', 'None', 'NONE', 'nOnE', '', 'HS256 '].map((alg): [string, string, RegExp] => [
      `alg ${JSON.stringify(alg)} with the right signature`,
      token({ alg }, claims, shared),
      /alg/i,
    ]),
    ['no alg', token({ typ: 'JWT' }, claims, shared), /alg/i],
    ['alg that is no text', token({ alg: ['HS256'] }, claims, shared), /alg/i],
    ['another secret', token(HS256, claims, hmac('guessed')), /signature/],
    ['an empty secret', token(HS256, claims, hmac('')), /signature/],
    ['HS512 with the right secret', token({ alg: 'HS512' }, claims, hmac(SECRET, 'sha512')), /alg/],
    ['RS256', token({ alg: 'RS256' }, claims, shared), /alg/],
    ['the signature stripped', `${goodHeader}.${goodClaims}.`, /compact form/],
    ['the signature and its dot stripped', `${goodHeader}.${goodClaims}`, /compact form/],
    ['truncated', good.slice(0, -6), /signature/],
    ['one more letter', `${good}A`, /signature/],
    ['one more part', `${good}.${goodSignature}`, /compact form/],
    ['five parts, as an encrypted one has', `${good}.AA.AA`, /compact form/],
    ['the general JSON form', JSON.stringify({ payload: goodClaims, signatures: [] }), /compact/],
    ['claims of another token', good.replace(goodClaims ?? '', goodHeader ?? ''), /signature/],
    ['blanks around it', ` ${good}`, /compact form/],
    ['nothing', '', /compact form/],
    ['oversize', good + 'A'.repeat(4_096), /more than 4096/],
    ['a hundred thousand letters', 'A'.repeat(100_000), /more than 4096/],
    ['expired', token(HS256, { ...claims, exp: inSeconds(-10) }, shared), /exp/],
    ['exp that is text', token(HS256, { ...claims, exp: '9999999999' }, shared), /exp/],
    [
      'exp in milliseconds',
      token(HS256, { ...claims, exp: Date.now() + 600_000 }, shared),
      /longer/,
    ],
    ['no exp', token(HS256, { room, sub: 'ann' }, shared), /exp/],
    ['a life of two days', token(HS256, { ...claims, exp: inSeconds(172_800) }, shared), /longer/],
    ['not yet valid', token(HS256, { ...claims, nbf: inSeconds(60) }, shared), /nbf/],
    ['another room', token(HS256, { ...claims, room: randomId() }, shared), /another room/],
    ['no room', token(HS256, { sub: 'ann', exp: claims.exp }, shared), /room/],
    ['rooms in a list', token(HS256, { ...claims, room: [room, '*'] }, shared), /no room id/],
    [
      'a pattern of rooms',
      token(HS256, { ...claims, room: `${room.slice(0, 3)}*` }, shared),
      /room/,
    ],
    ['no subject', token(HS256, { room, exp: claims.exp }, shared), /sub/],
    ['an empty subject', token(HS256, { ...claims, sub: '' }, shared), /sub/],
    ['a subject that is no text', token(HS256, { ...claims, sub: 7 }, shared), /sub/],
    ['an audience where none is set', token(HS256, { ...claims, aud: 'shop' }, shared), /audience/],
    ['host that is text', token(HS256, { ...claims, host: 'true' }, shared), /host/],
    ['claims that are no object', token(HS256, '[]', shared), /./],
    ['claims that are no JSON', token(HS256, 'x', shared), /./],
    ['alg twice', token('{"alg":"none","alg":"HS256"}', claims, shared), /twice/],
    [
      'alg twice, once escaped',
      token('{"\\u0061lg":"none","alg":"HS256"}', claims, shared),
      /twice/,
    ],
    ['room twice', token(HS256, `{"room":"*",${JSON.stringify(claims).slice(1)}`, shared), /twice/],
    [
      'crit',
      token({ ...HS256, crit: ['exp'], exp: 1 }, claims, shared),
      /Extension Header Parameter/,
    ],
    ['an unencoded payload', token({ ...HS256, crit: ['b64'], b64: false }, claims, shared), /./],
    ['a peer that is none', token(HS256, { ...claims, peer: '*' }, shared), /no peer id/],
  ])('TOKEN3 are refused alike: %s', async (_, forged, reason) => {
    await expectRefused(await guarded(SHARED), forged, reason, good);
  });

  it('TOKEN2 another audience is refused, and none at all', async () => {
    const target = await guarded({ ...SHARED, audience: 'calls' });
    const right = token(HS256, { ...claims, aud: ['shop', 'calls'] }, shared);
    await expectRefused(target, token(HS256, { ...claims, aud: 'shop' }, shared), /aud/, right);
    await expectRefused(target, good, /aud/, right);
  });

  it('TOKEN2 one that is bound to a peer is of no use to another', async () => {
    const target = await guarded(SHARED);
    const ann = joinRequest({ room });
    const bound = token(HS256, { ...claims, peer: ann.peer }, shared);
    await expectRefused(target, bound, /another peer/, good);
    const { client } = await TestClient.join(target.server, { ...ann, token: bound });
    // Who saw it go by has not the secret that the id was made of.
    const stolen = { ...joinRequest({ room, token: bound }), peer: ann.peer };
    expect((await TestClient.refused(target.server, stolen)).code).toBe('bad-proof');
    expect(await client.drain()).toEqual([]);
  });

  it('TOKEN1 one that is no text is a bad-join, as in any server', async () => {
    const { server } = await guarded(SHARED);
    for (const bad of [7, null, {}, ['x']]) {
      const join = { ...joinRequest({ room }), token: bad };
      expect((await TestClient.refused(server, join)).code).toBe('bad-join');
    }
  });
});

describe('forged tokens for a public key', () => {
  const right = token(EDDSA, claims, pair.signer);
  const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  it.each<[string, string, RegExp]>([
    ['the public key in PEM as HMAC secret', token(HS256, claims, hmac(pair.pem)), /alg/],
    ['the same, trimmed', token(HS256, claims, hmac(pair.pem.trim())), /alg/],
    [
      'the raw public key as HMAC secret',
      token(HS256, claims, hmac(raw.toString('binary'))),
      /alg/,
    ],
    ['HMAC under the name EdDSA', token(EDDSA, claims, hmac(pair.pem)), /signature/],
    ['another key', token(EDDSA, claims, stranger.signer), /signature/],
    ['an empty signature of zeros', token(EDDSA, claims, () => Buffer.alloc(64)), /signature/],
    ['Ed448', token({ alg: 'Ed448' }, claims, pair.signer), /alg/],
    ...forgedHeaders().map(([name, header]): [string, string, RegExp] => [
      `another key, named in ${name}`,
      token({ ...EDDSA, ...header }, claims, stranger.signer),
      /signature/,
    ]),
  ])('TOKEN3 are refused alike: %s', async (_, forged, reason) => {
    await expectRefused(await guarded({ key: pair.option }), forged, reason, right);
  });
});

/** Every way in which a header may bring, or point to, a key of its own (RFC 7515 section 4.1). */
function forgedHeaders(url = 'http://127.0.0.1:9/'): [string, object][] {
  const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'own' };
  return [
    ['jwk', { jwk }],
    ['jku', { jku: `${url}jwks.json` }],
    ['jku with a kid of that set', { jku: `${url}jwks.json`, kid: 'own' }],
    ['x5u', { x5u: `${url}cert.pem` }],
    ['x5c', { x5c: ['MIIB'] }],
    ['kid that is a path', { kid: '../../../../dev/null' }],
    ['kid that is a URL', { kid: `${url}jwks.json` }],
  ];
}

describe('forged tokens for a set of keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const jwks = {
    keys: [
      { ...pair.publicKey.export({ format: 'jwk' }), kid: 'ours', alg: 'EdDSA', use: 'sig' },
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
    ],
  };
  const rsaPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const rs256: Signer = (input) => sign('sha256', Buffer.from(input), rsa.privateKey);
  const right = token({ ...EDDSA, kid: 'ours' }, claims, pair.signer);

  it('TOKEN2 never follow what a header points to, and are refused alike', async () => {
    let visits = 0;
    const attacker = createHttpServer((_, response) => {
      visits += 1;
      const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'own' };
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    const url = await listening(attacker);
    const target = await guarded({ key: { kind: 'jwks', jwks } });
    for (const [, header] of forgedHeaders(url)) {
      const forged = token({ ...EDDSA, ...header }, claims, stranger.signer);
      await expectRefused(target, forged, /signature|no applicable key/, right);
    }
    expect(visits).toBe(0);
  });

  it.each<[string, string, RegExp]>([
    [
      'RS256, which is not among those set',
      token({ alg: 'RS256', kid: 'rsa' }, claims, rs256),
      /alg/,
    ],
    ['an RSA key as HMAC secret', token({ ...HS256, kid: 'rsa' }, claims, hmac(rsaPem)), /alg/],
    [
      'an unknown kid',
      token({ ...EDDSA, kid: 'theirs' }, claims, pair.signer),
      /no applicable key/,
    ],
    ['the kid of another kind of key', token({ ...EDDSA, kid: 'rsa' }, claims, pair.signer), /key/],
    ['none', token({ alg: 'none', kid: 'ours' }, claims, pair.signer), /alg/],
  ])('TOKEN3 are refused alike: %s', async (_, forged, reason) => {
    await expectRefused(await guarded({ key: { kind: 'jwks', jwks } }), forged, reason, right);
  });

  it('TOKEN2 takes RS256 where it was set, and then no HMAC of that key', async () => {
    const key = { kind: 'jwks', jwks, algorithms: ['RS256'] } as const;
    const rsaToken = token({ alg: 'RS256', kid: 'rsa' }, claims, rs256);
    const confused = token({ ...HS256, kid: 'rsa' }, claims, hmac(rsaPem));
    await expectRefused(await guarded({ key }), confused, /alg/, rsaToken);
    await expectRefused(await guarded({ key }), right, /alg/, rsaToken);
  });

  it('TOKEN2 fetches its own set, and a flood of unknown kids does not make it fetch again', async () => {
    let visits = 0;
    const backend = createHttpServer((_, response) => {
      visits += 1;
      response.end(JSON.stringify(jwks));
    });
    const url = await listening(backend);
    const target = await guarded({ key: { kind: 'jwks-url', url: `${url}jwks.json` } });
    await TestClient.join(target.server, { room, token: right });
    for (let i = 0; i < 20; i += 1) {
      const unknown = token({ ...EDDSA, kid: `k${i}` }, claims, pair.signer);
      expect(
        (await TestClient.refused(target.server, joinRequest({ room, token: unknown }))).code,
      ).toBe('not-authorized');
    }
    expect(visits).toBe(1);
  });

  it.each([
    ['an error', 500, '{}'],
    ['a redirect', 302, ''],
    ['no set', 200, '{"keys":7}'],
    ['no JSON', 200, '<html>'],
  ])('TOKEN3 says internal where its own set gives %s', async (_, status, body) => {
    const backend = createHttpServer((__, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body);
    });
    const key = { kind: 'jwks-url', url: await listening(backend) } as const;
    const target = await guarded({ key });
    const refusal = await TestClient.refused(target.server, joinRequest({ room, token: right }));
    expect(refusal.code).toBe('internal');
    expect(target.log.messagesAt('error')).toEqual(['who may join could not be found out']);
  });
});

async function listening(server: ReturnType<typeof createHttpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}
