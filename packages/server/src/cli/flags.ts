/** One option of the command line, with the environment variable that stands for it. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly env: string;
  /** What stands for the value in the help; a flag without one is on or off. */
  readonly value?: string;
  /** May be given several times; in the environment the values stand with spaces between. */
  readonly isRepeatable?: boolean;
  /** Told in the help. */
  readonly default?: string;
  readonly help: string;
}

export interface FlagGroup {
  readonly title: string;
  readonly flags: readonly Flag[];
}

export const FLAG_GROUPS = [
  {
    title: 'Where it listens',
    flags: [
      {
        name: 'host',
        short: 'H',
        env: 'HOST',
        value: 'HOST',
        default: 'localhost',
        help: 'Name or address to listen on; 0.0.0.0 for the whole network',
      },
      {
        name: 'port',
        short: 'p',
        env: 'PORT',
        value: 'N',
        default: '3000',
        help: 'TCP port; 0 for any free one',
      },
      {
        name: 'trust-proxy',
        env: 'PEERLINE_TRUST_PROXY',
        value: 'N',
        default: '0',
        help: 'Reverse proxies in front whose X-Forwarded-For is believed',
      },
    ],
  },
  {
    title: 'https',
    flags: [
      {
        name: 'https',
        env: 'PEERLINE_HTTPS',
        help: 'Serve https with a certificate made here (browsers warn once)',
      },
      {
        name: 'cert',
        env: 'PEERLINE_CERT',
        value: 'FILE',
        help: 'Serve https with this certificate chain (PEM); needs --key',
      },
      {
        name: 'key',
        env: 'PEERLINE_KEY',
        value: 'FILE',
        help: 'Private key of --cert (PEM)',
      },
      {
        name: 'data-dir',
        env: 'PEERLINE_DATA_DIR',
        value: 'DIR',
        default: "the user's data directory",
        help: 'Where the certificate made here is kept',
      },
    ],
  },
  {
    title: 'The call app and who may use the server',
    flags: [
      {
        name: 'static',
        env: 'PEERLINE_STATIC',
        value: 'DIR',
        help: 'Serve the web app in this directory',
      },
      {
        name: 'origin',
        env: 'PEERLINE_ORIGIN',
        value: 'ORIGIN',
        isRepeatable: true,
        default: 'any',
        help: 'Only pages of this web origin may connect, and its own',
      },
      {
        name: 'room-capacity',
        env: 'PEERLINE_ROOM_CAPACITY',
        value: 'N',
        default: '16',
        help: 'Peers that a room takes, 2 to 64',
      },
      {
        name: 'max-connections',
        env: 'PEERLINE_MAX_CONNECTIONS',
        value: 'N',
        default: '16384',
        help: 'Connections at a time, in all',
      },
      {
        name: 'max-connections-per-address',
        env: 'PEERLINE_MAX_CONNECTIONS_PER_ADDRESS',
        value: 'N',
        default: '512',
        help: 'Connections at a time from one address (IPv6: one /64)',
      },
    ],
  },
  {
    title: 'Who may join (without one of the first three: whoever holds a link)',
    flags: [
      {
        name: 'token-secret',
        env: 'PEERLINE_TOKEN_SECRET',
        value: 'SECRET',
        help: 'Joins need a token signed with this secret (HS256), at least 32 bytes',
      },
      {
        name: 'token-key',
        env: 'PEERLINE_TOKEN_KEY',
        value: 'FILE',
        help: 'Joins need a token signed for this Ed25519 public key (PEM)',
      },
      {
        name: 'token-jwks',
        env: 'PEERLINE_TOKEN_JWKS',
        value: 'URL|FILE',
        help: 'Joins need a token signed for one of these public keys (JWK Set)',
      },
      {
        name: 'token-algorithm',
        env: 'PEERLINE_TOKEN_ALGORITHM',
        value: 'NAME',
        isRepeatable: true,
        default: 'EdDSA',
        help: 'What --token-jwks may be used with: EdDSA, ES256, RS256, PS256',
      },
      {
        name: 'token-audience',
        env: 'PEERLINE_TOKEN_AUDIENCE',
        value: 'NAME',
        help: 'The audience (aud) of tokens; without it they must have none',
      },
      {
        name: 'token-max-life',
        env: 'PEERLINE_TOKEN_MAX_LIFE',
        value: 'SECONDS',
        default: '86400',
        help: 'How long a token may still last when it is shown',
      },
    ],
  },
  {
    title: 'Help for clients to reach each other',
    flags: [
      {
        name: 'stun-port',
        env: 'PEERLINE_STUN_PORT',
        value: 'N|same|off',
        default: 'same',
        help: 'UDP port of the built-in STUN responder',
      },
      {
        name: 'public-host',
        env: 'PEERLINE_PUBLIC_HOST',
        value: 'HOST',
        default: 'as the client called it',
        help: 'Host under which clients reach the STUN responder',
      },
      {
        name: 'stun-url',
        env: 'PEERLINE_STUN_URL',
        value: 'URL',
        isRepeatable: true,
        help: 'A further STUN server, like stun:stun.example.org:3478',
      },
      {
        name: 'turn',
        env: 'PEERLINE_TURN',
        value: 'URL,USER,PASSWORD',
        isRepeatable: true,
        help: 'A TURN server, like turn:turn.example.org:3478,ann,secret',
      },
      {
        name: 'turn-url',
        env: 'PEERLINE_TURN_URL',
        value: 'URL',
        isRepeatable: true,
        help: 'A way to TURN servers that share --turn-secret, like turns:turn.example.org:443',
      },
      {
        name: 'turn-secret',
        env: 'PEERLINE_TURN_SECRET',
        value: 'SECRET',
        help: "coturn's static-auth-secret, from which clients get credentials that end",
      },
      {
        name: 'turn-ttl',
        env: 'PEERLINE_TURN_TTL',
        value: 'SECONDS',
        default: '600',
        help: 'How long those credentials last, at least 30; they are renewed in time',
      },
    ],
  },
  {
    title: 'Log (to stderr)',
    flags: [
      {
        name: 'log-level',
        env: 'PEERLINE_LOG_LEVEL',
        value: 'LEVEL',
        default: 'info',
        help: 'debug, info, warn, error or silent',
      },
      {
        name: 'log-format',
        env: 'PEERLINE_LOG_FORMAT',
        value: 'FORMAT',
        default: 'pretty on a terminal, else json',
        help: 'json or pretty',
      },
    ],
  },
] as const satisfies readonly FlagGroup[];

export type FlagName = (typeof FLAG_GROUPS)[number]['flags'][number]['name'];

export const FLAGS: readonly (Flag & { readonly name: FlagName })[] = FLAG_GROUPS.flatMap(
  ({ flags }) => flags.map((flag) => flag),
);
