import {
  createLocalJWKSet,
  createRemoteJWKSet,
  importSPKI,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { StartError } from '../errors.ts';
import { TOKEN_ALGORITHMS, type JoinTokenKey, type TokenAlgorithm } from './token-options.ts';

/** What signatures are checked with, and the only algorithms that are. */
export interface TokenKeys {
  readonly key: Uint8Array | CryptoKey | JWTVerifyGetKey;
  readonly algorithms: string[];
}

/** As long as the hash: shorter ones can be guessed at leisure from one token (RFC 7518 section 3.2). */
const SECRET_MIN_BYTES = 32;

/** Both names are Ed25519: the older one, and that of RFC 9864. */
const ED25519 = ['EdDSA', 'Ed25519'];

/** Well within the time that a join may take in all. */
const JWKS_FETCH_MAX_MS = 3_000;

/** @throws {StartError} `bad-option` */
export async function tokenKeys(from: JoinTokenKey): Promise<TokenKeys> {
  switch (from.kind) {
    case 'shared-secret': {
      const key = new TextEncoder().encode(from.secret);
      if (key.length < SECRET_MIN_BYTES) {
        throw StartError.badOption(
          `the token secret has ${key.length} bytes and needs ${SECRET_MIN_BYTES}; make one with: openssl rand -base64 32`,
        );
      }
      return { key, algorithms: ['HS256'] };
    }
    case 'public-key':
      return { key: await publicKey(from.pem), algorithms: ED25519 };
    case 'jwks': {
      const algorithms = pinned(from.algorithms);
      return { key: createLocalJWKSet(publicKeys(from.jwks)), algorithms };
    }
    case 'jwks-url': {
      const algorithms = pinned(from.algorithms);
      const url = jwksUrl(from.url);
      return { key: createRemoteJWKSet(url, { timeoutDuration: JWKS_FETCH_MAX_MS }), algorithms };
    }
  }
}

async function publicKey(pem: string): Promise<CryptoKey> {
  try {
    return await importSPKI(pem.trim(), 'EdDSA');
  } catch {
    // What was thrown may repeat the text, and that may be a private key.
    throw StartError.badOption(
      'the token key is no Ed25519 public key in PEM; make one with: openssl pkey -in private.pem -pubout',
    );
  }
}

function pinned(algorithms: readonly TokenAlgorithm[] = ['EdDSA']): string[] {
  const unknown = algorithms.find((one) => !TOKEN_ALGORITHMS.includes(one));
  if (unknown !== undefined || algorithms.length === 0) {
    throw StartError.badOption(
      `tokens are signed by one of ${TOKEN_ALGORITHMS.join(', ')}, not ${unknown ?? 'none'}`,
    );
  }
  return algorithms.flatMap((one) => (one === 'EdDSA' ? ED25519 : [one]));
}

/** A secret key among them is a mistake that would be published with the next copy of the file. */
function publicKeys(jwks: unknown): JSONWebKeySet {
  if (!isKeySet(jwks)) {
    throw StartError.badOption('the token keys are no JWK Set; it looks like {"keys":[{"kty":…}]}');
  }
  if (jwks.keys.some((key) => 'd' in key || key.kty === 'oct')) {
    throw StartError.badOption(
      'the token keys hold a secret one; give the server the public keys only',
    );
  }
  return jwks;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return false;
  const { keys } = value;
  if (!Array.isArray(keys) || keys.length === 0) return false;
  return keys.every(
    (key: unknown) =>
      typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string',
  );
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Who can change the keys on their way lets in whom he likes. */
function jwksUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url !== undefined && isSafe && url.username === '') return url;
  throw StartError.badOption(
    'the URL of the token keys has to be like https://accounts.example.org/jwks.json',
  );
}
