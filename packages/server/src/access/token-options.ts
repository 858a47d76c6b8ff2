/** How tokens are signed, and with what. */
export type JoinTokenKey =
  /** HS256. Backend and server share the secret: at least 32 bytes (RFC 7518 section 3.2). */
  | { readonly kind: 'shared-secret'; readonly secret: string }
  /** Ed25519 (RFC 8037). The server has the public key alone, as PEM (`BEGIN PUBLIC KEY`). */
  | { readonly kind: 'public-key'; readonly pem: string }
  /** A JWK Set (RFC 7517 section 5) of public keys, already read. */
  | {
      readonly kind: 'jwks';
      readonly jwks: unknown;
      readonly algorithms?: readonly TokenAlgorithm[];
    }
  /** The same at a URL, https but for this machine; it is fetched again when a key is not in it. */
  | {
      readonly kind: 'jwks-url';
      readonly url: string;
      readonly algorithms?: readonly TokenAlgorithm[];
    };

/** Which algorithms a JWK Set may be used with. Default: EdDSA. */
export const TOKEN_ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** Signed tokens that a join has to bring (SPEC.md, TOKEN2). */
export interface JoinTokenOptions {
  readonly key: JoinTokenKey;
  /** The `aud` that tokens must have. Default: none, and then they must have none. */
  readonly audience?: string;
  /** How long a token may last from when it is shown, 1 to 2592000 s. Default 86400: a day. */
  readonly maxLifeSeconds?: number;
}
