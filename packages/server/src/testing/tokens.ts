import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { JoinTokenKey } from '../access/token-options.ts';

/** Tokens by hand, since no library signs what must not be taken. */
export type Signer = (input: string) => Buffer;

export const SECRET = 'a secret of thirty-two bytes, or more';

export function hmac(secret: string, hash = 'sha256'): Signer {
  return (input) => createHmac(hash, secret).update(input).digest();
}

export function ed25519(key: KeyObject): Signer {
  return (input) => sign(null, Buffer.from(input), key);
}

export interface KeyPair {
  readonly signer: Signer;
  readonly publicKey: KeyObject;
  readonly option: JoinTokenKey;
  readonly pem: string;
}

export function ed25519Pair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { signer: ed25519(privateKey), publicKey, pem, option: { kind: 'public-key', pem } };
}

/** Header and claims as they stand, or as text where no object could be written so. */
export function token(header: object | string, claims: object | string, signer: Signer): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

function encoded(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Seconds of Unix time, so many from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}
