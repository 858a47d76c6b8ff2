import { generateKeyPairSync } from 'node:crypto';
import { parsePeerId, parseRoomId } from '@peerline/protocol';
import { describe, expect, it } from 'vitest';
import { randomId } from '../testing/identity.ts';
import { ed25519Pair, hmac, inSeconds, SECRET, token, type Signer } from '../testing/tokens.ts';
import type { AccessRequest, AccessVerdict } from './access.ts';
import { joinTokens } from './join-tokens.ts';
import { repeatsAName } from './repeated-names.ts';
import type { JoinTokenKey, JoinTokenOptions } from './token-options.ts';

const [room, peer] = [parseRoomId(randomId()), parsePeerId(randomId())];
const shared = { kind: 'shared-secret', secret: SECRET } as const;

async function verdict(options: JoinTokenOptions, shown: string): Promise<AccessVerdict> {
  if (!room.ok || !peer.ok) throw new Error('ids');
  const request: AccessRequest = {
    room: room.value,
    peer: peer.value,
    token: shown,
    occasion: 'join',
    address: undefined,
  };
  return await (
    await joinTokens(options)
  )(request);
}

function claims(more: object = {}): object {
  return { room: room.ok && room.value, sub: 'ann', exp: inSeconds(60), ...more };
}

describe('joinTokens', () => {
  const pair = ed25519Pair();
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'a' };

  it.each<[string, JoinTokenKey, object, Signer]>([
    ['HS256', shared, { alg: 'HS256' }, hmac(SECRET)],
    ['EdDSA', pair.option, { alg: 'EdDSA' }, pair.signer],
    ['EdDSA by its newer name', pair.option, { alg: 'Ed25519', typ: 'JWT' }, pair.signer],
    ['a set', { kind: 'jwks', jwks: { keys: [jwk] } }, { alg: 'EdDSA', kid: 'a' }, pair.signer],
    ['a set of one', { kind: 'jwks', jwks: { keys: [jwk] } }, { alg: 'EdDSA' }, pair.signer],
  ])('TOKEN2 takes %s, and hands on who it is', async (_, key, header, signer) => {
    const exp = inSeconds(60);
    expect(await verdict({ key }, token(header, claims({ exp }), signer))).toEqual({
      kind: 'granted',
      subject: 'ann',
      isHost: false,
      endsAtMs: (exp + 5) * 1_000,
    });
  });

  it.each<[string, object, Partial<JoinTokenOptions>]>([
    ['any room', { room: '*' }, {}],
    ['this peer', { peer: peer.ok && peer.value }, {}],
    ['a host', { host: true }, {}],
    ['one of several audiences', { aud: ['shop', 'calls'] }, { audience: 'calls' }],
    ['from three seconds on', { nbf: inSeconds(3) }, {}],
    ['a whole day', { exp: inSeconds(86_400) }, {}],
    ['a month', { exp: inSeconds(2_592_000) }, { maxLifeSeconds: 2_592_000 }],
    ['three seconds ago', { exp: inSeconds(-3) }, {}],
    ['more than Peerline knows', { name: 'Ann', iat: inSeconds(-60), jti: 'x', iss: 'us' }, {}],
  ])('TOKEN2 takes one for %s', async (_, more, options) => {
    const shown = token({ alg: 'HS256' }, claims(more), hmac(SECRET));
    expect(await verdict({ key: shared, ...options }, shown)).toMatchObject({
      kind: 'granted',
      isHost: 'host' in more,
    });
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const privatePem = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  it.each<[string, JoinTokenOptions, RegExp]>([
    ['a short secret', { key: { ...shared, secret: 'x'.repeat(31) } }, /31 bytes and needs 32/],
    ['a private key', { key: { kind: 'public-key', pem: privatePem } }, /no Ed25519 public key/],
    [
      'an RSA key',
      {
        key: {
          kind: 'public-key',
          pem: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        },
      },
      /no Ed25519 public key/,
    ],
    ['no PEM', { key: { kind: 'public-key', pem: 'x' } }, /no Ed25519 public key/],
    ['no set', { key: { kind: 'jwks', jwks: [jwk] } }, /no JWK Set/],
    ['an empty set', { key: { kind: 'jwks', jwks: { keys: [] } } }, /no JWK Set/],
    [
      'a set with a private key',
      { key: { kind: 'jwks', jwks: { keys: [{ ...jwk, d: 'x' }] } } },
      /public keys only/,
    ],
    [
      'a set with a secret',
      { key: { kind: 'jwks', jwks: { keys: [{ kty: 'oct', k: 'x' }] } } },
      /public keys only/,
    ],
    ['http', { key: { kind: 'jwks-url', url: 'http://keys.example/jwks' } }, /like https:/],
    ['no URL', { key: { kind: 'jwks-url', url: 'keys.example' } }, /like https:/],
    ['a password', { key: { kind: 'jwks-url', url: 'https://a:b@keys.example' } }, /like https:/],
    [
      'no algorithm',
      { key: { kind: 'jwks', jwks: { keys: [jwk] }, algorithms: [] } },
      /signed by one of/,
    ],
    ['an empty audience', { key: shared, audience: '' }, /audience/],
    ['no life', { key: shared, maxLifeSeconds: 0 }, /whole number of seconds/],
    ['half a second', { key: shared, maxLifeSeconds: 0.5 }, /whole number of seconds/],
    ['a year', { key: shared, maxLifeSeconds: 31_536_000 }, /whole number of seconds/],
  ])('is not made of %s', async (_, options, message) => {
    const error: unknown = await joinTokens(options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StartError', code: 'bad-option' });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(privatePem.split('\n')[1]);
  });
});

describe('repeatsAName', () => {
  it.each([
    ['{}', false],
    ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', false],
    ['{"a":"a","b":"\\"a\\":","c":"{\\"c\\":1}"}', false],
    ['{"a":1,"a":2}', true],
    ['{"a" : 1,\n"b":{"x":1},"a"\t:2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"b":[{"x":{"y":1,"y":2}}]}', true],
    ['{"a}":1,"a}":2}', true],
    ['{"__proto__":1,"__proto__":2}', true],
  ])('%s: %s', (json, repeats) => {
    expect(JSON.parse(json)).toBeTypeOf('object');
    expect(repeatsAName(json)).toBe(repeats);
  });
});
