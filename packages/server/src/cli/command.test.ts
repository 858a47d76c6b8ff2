import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_LIFE_SECONDS } from '../access/join-tokens.ts';
import { resolveOptions } from '../options.ts';
import { parseCommand, type Command } from './command.ts';
import { FLAGS } from './flags.ts';
import { helpText } from './help.ts';
import { UsageError } from './read-flags.ts';

const PACKAGE = new URL('../../package.json', import.meta.url).pathname;

function serve(args: string[], env = {}): Extract<Command, { kind: 'serve' }> {
  const command = parseCommand(args, env);
  if (command.kind !== 'serve') throw new Error(command.kind);
  return command;
}

function problem(args: string[], env = {}): string {
  try {
    parseCommand(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('no problem');
}

describe('parseCommand', () => {
  it('leaves everything to the defaults without options', () => {
    const { options, logLevel, logFormat } = serve([]);
    expect(options).toEqual({ stunUrls: [], turnServers: [] });
    expect([logLevel, logFormat]).toEqual(['info', undefined]);
  });

  it('reads every option', () => {
    const { options, logLevel, logFormat } = serve([
      ...['--host', '0.0.0.0', '-p', '8080', '--trust-proxy=1', '--static', 'dist', '--https'],
      ...['--data-dir', '/data', '--origin', 'https://a.example', '--origin', 'https://b.example'],
      ...['--room-capacity', '8', '--stun-port', 'off', '--public-host', 'call.example'],
      ...['--stun-url', 'stun:a', '--turn', 'turn:t:3478,ann,pass,word=1'],
      ...['--turn-url', 'turn:t', '--turn-url', 'turns:t:443', '--turn-secret', 'north'],
      ...['--turn-ttl', '30', '--max-connections=9000', '--max-connections-per-address', '100'],
      ...['--log-level', 'debug', '--log-format', 'json'],
    ]);
    expect(options).toEqual({
      host: '0.0.0.0',
      port: 8080,
      trustedProxies: 1,
      staticDir: 'dist',
      tls: { kind: 'self-made', dataDir: '/data' },
      origins: ['https://a.example', 'https://b.example'],
      roomCapacity: 8,
      stunPort: 'off',
      publicHost: 'call.example',
      stunUrls: ['stun:a'],
      turnServers: [{ url: 'turn:t:3478', username: 'ann', credential: 'pass,word=1' }],
      turn: { urls: ['turn:t', 'turns:t:443'], secret: 'north', ttlSeconds: 30 },
      limits: {
        connectionsMax: 9_000,
        socketsMax: 18_000,
        connectionsPerAddressMax: 100,
        connectionsPerNetworkMax: 400,
        socketsPerAddressMax: 200,
      },
    });
    expect([logLevel, logFormat]).toEqual(['debug', 'json']);
  });

  it('reads the environment where the command line says nothing', () => {
    const env = {
      HOST: '::',
      PORT: '1',
      PEERLINE_HTTPS: '1',
      PEERLINE_DATA_DIR: '/d',
      PEERLINE_ORIGIN: 'https://a.example https://b.example',
      PEERLINE_STUN_PORT: '3478',
      PEERLINE_STATIC: '',
    };
    expect(serve(['--port', '2'], env).options).toMatchObject({
      host: '::',
      port: 2,
      tls: { kind: 'self-made', dataDir: '/d' },
      origins: ['https://a.example', 'https://b.example'],
      stunPort: 3478,
    });
    expect(serve([], env).options).not.toHaveProperty('staticDir');
    expect(serve([], { ...env, PEERLINE_HTTPS: 'no' }).options).not.toHaveProperty('tls');
  });

  it.each<[string[], object]>([
    [['--token-secret', 'north'], { key: { kind: 'shared-secret', secret: 'north' } }],
    [
      ['--token-key', import.meta.filename, '--token-audience', 'calls'],
      { key: { kind: 'public-key', pem: expect.stringContaining('import') }, audience: 'calls' },
    ],
    [
      ['--token-jwks', 'https://a.example/jwks', '--token-max-life', '2592000'],
      { key: { kind: 'jwks-url', url: 'https://a.example/jwks' }, maxLifeSeconds: 2_592_000 },
    ],
    [
      ['--token-jwks', PACKAGE, '--token-algorithm', 'RS256', '--token-algorithm', 'ES256'],
      {
        key: {
          kind: 'jwks',
          jwks: expect.objectContaining({ name: '@peerline/server' }),
          algorithms: ['RS256', 'ES256'],
        },
      },
    ],
  ])('reads who may join from %j', (args, joinTokens) => {
    expect(serve(args).options).toMatchObject({ joinTokens });
  });

  it('keeps the certificate where the platform keeps data', () => {
    const { options } = serve(['--https'], { XDG_DATA_HOME: '/xdg', LOCALAPPDATA: '/xdg' });
    expect(options.tls).toMatchObject({ dataDir: expect.stringContaining('peerline') });
  });

  it('takes the last of an option that can be given once', () => {
    expect(serve(['--port', '1', '--port', '2']).options.port).toBe(2);
  });

  it.each<[string[], object, RegExp]>([
    [['--prt', '1'], {}, /no option --prt; did you mean --port\?/],
    [['--static-dir', 'x'], {}, /no option --static-dir/],
    [['-x'], {}, /no option -x/],
    [['serve'], {}, /"serve" is not expected/],
    [['--port'], {}, /--port needs a value: --port N/],
    [['--port', '--https'], {}, /--port needs a value/],
    [['--port', 'http'], {}, /--port is a whole number, not "http"/],
    [[], { PORT: '3e3' }, /PORT is a whole number, not "3e3"/],
    [['--stun-port', 'none'], {}, /--stun-port is a port, same or off/],
    [['--log-level', 'loud'], {}, /--log-level is one of debug, info/],
    [[], { PEERLINE_LOG_FORMAT: 'xml' }, /PEERLINE_LOG_FORMAT is one of json, pretty/],
    [['--https=maybe'], {}, /--https is true or false/],
    [['--cert', '/nowhere/cert.pem', '--key', 'x'], {}, /--cert cannot be read/],
    [['--cert', import.meta.filename], {}, /--cert and --key belong together/],
    [['--turn-url', 'turn:t'], {}, /--turn-url and --turn-secret belong together/],
    [[], { PEERLINE_TURN_SECRET: 'north' }, /--turn-url and --turn-secret belong together/],
    [['--turn-ttl', '60'], {}, /--turn-url and --turn-secret belong together/],
    [['--token-secret', 'x', '--token-key', import.meta.filename], {}, /exclude each other/],
    [['--token-key', '/nowhere'], {}, /--token-key cannot be read/],
    [['--token-jwks', import.meta.filename], {}, /--token-jwks is no JSON/],
    [['--token-audience', 'x'], {}, /--token-audience needs --token-secret/],
    [[], { PEERLINE_TOKEN_MAX_LIFE: '9' }, /--token-max-life needs --token-secret/],
    [['--token-secret', 'x', '--token-algorithm', 'RS256'], {}, /belongs to --token-jwks/],
    [['--token-algorithm', 'none'], {}, /--token-algorithm is one of EdDSA/],
    [['--token-secret', 'x', '--token-max-life', '1d'], {}, /whole number, not "1d"/],
    [['--turn-ttl', '29'], {}, /--turn-ttl is at least 30 seconds/],
  ])('refuses %j %j', (args, env, message) => {
    expect(problem(args, env)).toMatch(message);
  });

  it('does not repeat the secrets of a TURN server that it cannot read', () => {
    expect(problem(['--turn', 'turn:t;ann;s3cret'])).not.toContain('s3cret');
  });

  it('knows help and version, whatever else is said', () => {
    expect(parseCommand(['--port', '1', '--help'], {})).toEqual({ kind: 'help' });
    expect(parseCommand(['-v'], {})).toEqual({ kind: 'version' });
  });
});

describe('helpText', () => {
  it('names every option with its variable, in lines that fit a terminal', () => {
    const text = helpText();
    for (const { name, env } of FLAGS) {
      expect(text).toContain(`--${name}`);
      expect(text).toContain(env);
    }
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
  });

  it('tells the defaults that are in force', () => {
    const { host, port, roomCapacity, stunPort, trustedProxies, origins, limits } = resolveOptions(
      {},
    );
    const inForce = { host, port, 'room-capacity': roomCapacity, 'stun-port': stunPort };
    const told = new Map(FLAGS.map((flag) => [flag.name, flag.default]));
    expect(Object.fromEntries(Object.keys(inForce).map((key) => [key, lookUp(told, key)]))).toEqual(
      Object.fromEntries(Object.entries(inForce).map(([key, value]) => [key, String(value)])),
    );
    expect(told.get('trust-proxy')).toBe(String(trustedProxies));
    expect(told.get('origin')).toBe(origins);
    expect(told.get('max-connections')).toBe(String(limits.connectionsMax));
    expect(told.get('max-connections-per-address')).toBe(String(limits.connectionsPerAddressMax));
    expect(() => serve(['--max-connections', '0'])).toThrow(/--max-connections is at least 1/);
    expect(told.get('token-max-life')).toBe(String(DEFAULT_MAX_LIFE_SECONDS));
  });
});

function lookUp(map: ReadonlyMap<string, string | undefined>, key: string): string | undefined {
  return map.get(key);
}
