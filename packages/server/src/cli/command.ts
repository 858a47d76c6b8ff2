import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SharedSecretTurn, TurnServer } from '../ice-servers.ts';
import { LOG_LEVELS, type LogFormat, type LogLevel } from '../log/create-log.ts';
import { capsInAll, capsPerAddress, type ServerOptions, type TlsOptions } from '../options.ts';
import { Flags, integerFrom, optional, readText } from './flag-values.ts';
import { readFlags, UsageError, type Given } from './read-flags.ts';
import { joinTokensFrom } from './token-flags.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'serve';
      readonly options: ServerOptions;
      readonly logLevel: LogLevel;
      /** Nothing: as fits the terminal. */
      readonly logFormat: LogFormat | undefined;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {UsageError} */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const reading = readFlags(args, env);
  if (reading.kind !== 'values') return reading;
  const flags = new Flags(reading.values);
  const tls = tlsFrom(flags, env);
  const options: ServerOptions = {
    ...optional('host', flags.text('host')),
    ...optional('port', flags.integer('port')),
    ...optional('trustedProxies', flags.integer('trust-proxy')),
    ...optional('staticDir', flags.text('static')),
    ...optional('roomCapacity', flags.integer('room-capacity')),
    ...optional('publicHost', flags.text('public-host')),
    ...optional('stunPort', flags.one('stun-port', stunPortFrom)),
    ...optional('tls', tls),
    ...originsFrom(flags),
    ...limitsFrom(flags),
    stunUrls: flags.all('stun-url').map(({ text }) => text),
    turnServers: flags.all('turn').map(turnFrom),
    ...optional('turn', sharedSecretTurnFrom(flags)),
    ...optional('joinTokens', joinTokensFrom(flags)),
  };
  return {
    kind: 'serve',
    options,
    logLevel: flags.choice('log-level', LOG_LEVELS) ?? 'info',
    logFormat: flags.choice('log-format', ['json', 'pretty']),
  };
}

function limitsFrom(flags: Flags): Pick<ServerOptions, 'limits'> {
  const all = flags.one('max-connections', countFrom);
  const perAddress = flags.one('max-connections-per-address', countFrom);
  if (all === undefined && perAddress === undefined) return {};
  return {
    limits: {
      ...(all !== undefined && capsInAll(all)),
      ...(perAddress !== undefined && capsPerAddress(perAddress)),
    },
  };
}

function countFrom(given: Given): number {
  const count = integerFrom(given);
  if (count >= 1) return count;
  throw new UsageError(`${given.from} is at least 1`);
}

function stunPortFrom(given: Given): number | 'same' | 'off' {
  const { text, from } = given;
  if (text === 'same' || text === 'off') return text;
  if (/^\d+$/.test(text)) return integerFrom(given);
  throw new UsageError(`${from} is a port, same or off, not "${text}"`);
}

/** A password may hold commas; URL and username do not. The text is not repeated: it holds a secret. */
function turnFrom({ text, from }: Given): TurnServer {
  const [, url, username, credential] = /^([^,]+),([^,]+),(.+)$/.exec(text) ?? [];
  if (url !== undefined && username !== undefined && credential !== undefined) {
    return { url, username, credential };
  }
  throw new UsageError(`${from} is written URL,USER,PASSWORD with commas between`);
}

/** Shorter ones end before a slow client has made use of them. */
const TURN_TTL_MIN_SECONDS = 30;

function sharedSecretTurnFrom(flags: Flags): SharedSecretTurn | undefined {
  const urls = flags.all('turn-url').map(({ text }) => text);
  const secret = flags.text('turn-secret');
  const ttlSeconds = flags.one('turn-ttl', turnTtlFrom);
  if (secret !== undefined && urls.length > 0) {
    return { urls, secret, ...optional('ttlSeconds', ttlSeconds) };
  }
  if (secret === undefined && urls.length === 0 && ttlSeconds === undefined) return undefined;
  throw new UsageError('--turn-url and --turn-secret belong together; give both');
}

function turnTtlFrom(given: Given): number {
  const seconds = integerFrom(given);
  if (seconds >= TURN_TTL_MIN_SECONDS) return seconds;
  throw new UsageError(`${given.from} is at least ${TURN_TTL_MIN_SECONDS} seconds`);
}

function originsFrom(flags: Flags): Pick<ServerOptions, 'origins'> {
  const origins = flags.all('origin').map(({ text }) => text);
  if (origins.length === 0 || origins.includes('any')) return {};
  return { origins };
}

function tlsFrom(flags: Flags, env: Environment): TlsOptions | undefined {
  const cert = flags.one('cert', readText);
  const key = flags.one('key', readText);
  if (cert !== undefined && key !== undefined) return { kind: 'given', cert, key };
  if (cert !== undefined || key !== undefined) {
    throw new UsageError('--cert and --key belong together; give both');
  }
  if (!flags.isOn('https')) return undefined;
  return { kind: 'self-made', dataDir: flags.text('data-dir') ?? defaultDataDir(env) };
}

/** Where each platform keeps what programs must find again (on Linux: XDG Base Directory). */
function defaultDataDir(env: Environment): string {
  const home = homedir();
  switch (process.platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'peerline');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'peerline');
    default:
      return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'peerline');
  }
}
