import {
  TOKEN_ALGORITHMS,
  type JoinTokenKey,
  type JoinTokenOptions,
} from '../access/token-options.ts';
import { integerFrom, optional, readText, type Flags } from './flag-values.ts';
import type { FlagName } from './flags.ts';
import { UsageError, type Given } from './read-flags.ts';

/** @throws {UsageError} */
export function joinTokensFrom(flags: Flags): JoinTokenOptions | undefined {
  const algorithms = flags.all('token-algorithm').map(algorithmFrom);
  const pinned = algorithms.length > 0 ? { algorithms } : {};
  const keys: readonly (JoinTokenKey | undefined)[] = [
    flags.one('token-secret', ({ text }) => ({ kind: 'shared-secret', secret: text })),
    flags.one('token-key', (given) => ({ kind: 'public-key', pem: readText(given) })),
    flags.one('token-jwks', (given) =>
      isUrl(given.text)
        ? { kind: 'jwks-url', url: given.text, ...pinned }
        : { kind: 'jwks', jwks: jsonFrom(given), ...pinned },
    ),
  ];
  const [key, ...more] = keys.filter((one) => one !== undefined);
  if (more.length > 0) {
    throw new UsageError(
      '--token-secret, --token-key and --token-jwks exclude each other; give one',
    );
  }
  if (algorithms.length > 0 && !key?.kind.startsWith('jwks')) {
    throw new UsageError('--token-algorithm belongs to --token-jwks');
  }
  const audience = flags.text('token-audience');
  const maxLifeSeconds = flags.one('token-max-life', secondsFrom);
  if (key === undefined) {
    const idle = (['token-audience', 'token-max-life'] as const satisfies FlagName[]).find(
      (name) => flags.text(name) !== undefined,
    );
    if (idle === undefined) return undefined;
    throw new UsageError(`--${idle} needs --token-secret, --token-key or --token-jwks beside it`);
  }
  return { key, ...optional('audience', audience), ...optional('maxLifeSeconds', maxLifeSeconds) };
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function jsonFrom(given: Given): unknown {
  const text = readText(given);
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${given.from} is no JSON`);
  }
}

function algorithmFrom({ text, from }: Given): (typeof TOKEN_ALGORITHMS)[number] {
  const algorithm = TOKEN_ALGORITHMS.find((one) => one === text);
  if (algorithm !== undefined) return algorithm;
  throw new UsageError(`${from} is one of ${TOKEN_ALGORITHMS.join(', ')}, not "${text}"`);
}

/** A month has seven digits, one more than a port. */
function secondsFrom(given: Given): number {
  if (/^\d{7}$/.test(given.text)) return Number(given.text);
  return integerFrom(given);
}
