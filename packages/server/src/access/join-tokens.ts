import { parsePeerId, parseRoomId } from '@peerline/protocol';
import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import { StartError } from '../errors.ts';
import type { AccessRequest, AccessVerdict, Authorize } from './access.ts';
import { repeatsAName } from './repeated-names.ts';
import { tokenKeys, type TokenKeys } from './token-keys.ts';
import type { JoinTokenOptions } from './token-options.ts';

/** The clocks of two servers that are kept right differ by less. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Who comes by a token can use it for this long; a working day needs no more. */
export const DEFAULT_MAX_LIFE_SECONDS = 86_400;
const MAX_LIFE_MAX_SECONDS = 30 * 86_400;

const SUBJECT_MAX_CHARACTERS = 256;

/** In the place of a room's id. It has to be said: a claim that was forgotten opens nothing. */
const ANY_ROOM = '*';

/** Three parts in base64url, and nothing else. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.[\w-]+$/;

/** The keys could not be had; that says nothing about the token. */
const UNDECIDED_CODES: ReadonlySet<string> = new Set([
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
]);

/**
 * Lets in who brings a signed token for the room (SPEC.md, TOKEN2).
 *
 * @throws {StartError} `bad-option`
 */
export async function joinTokens(options: JoinTokenOptions): Promise<Authorize> {
  const { audience, maxLifeSeconds = DEFAULT_MAX_LIFE_SECONDS } = options;
  const isLife = Number.isInteger(maxLifeSeconds) && maxLifeSeconds >= 1;
  if (!isLife || maxLifeSeconds > MAX_LIFE_MAX_SECONDS) {
    throw StartError.badOption(
      `tokens last a whole number of seconds from 1 to ${MAX_LIFE_MAX_SECONDS}, not ${maxLifeSeconds}`,
    );
  }
  if (audience === '') throw StartError.badOption('the audience of tokens must not be empty');
  const keys = await tokenKeys(options.key);
  const rules = { audience, maxLifeSeconds };
  return (request) => judge(request, keys, rules);
}

interface Rules {
  readonly audience: string | undefined;
  readonly maxLifeSeconds: number;
}

/** @throws Error where the keys cannot be had */
async function judge(
  request: AccessRequest,
  { key, algorithms }: TokenKeys,
  rules: Rules,
): Promise<AccessVerdict> {
  const { token } = request;
  if (token === undefined) return refused('no token');
  const [, header, claims] = COMPACT.exec(token) ?? [];
  if (header === undefined || claims === undefined) return refused('not in compact form');
  const options: JWTVerifyOptions = {
    algorithms,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['room', 'sub', 'exp'],
    ...(rules.audience !== undefined && { audience: rules.audience }),
  };
  try {
    // Nothing in the header chooses a key but `kid`, among those that were configured.
    const { payload } =
      typeof key === 'function'
        ? await jwtVerify(token, key, options)
        : await jwtVerify(token, key, options);
    if ([header, claims].some((part) => repeatsAName(textOf(part)))) {
      return refused('a name stands twice in it');
    }
    return verdictOn(payload, request, rules);
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || UNDECIDED_CODES.has(error.code)) throw error;
    return refused(error.message);
  }
}

/** Claims are what anyone with the key wrote: the library's types for them are hopes. */
function verdictOn(
  claims: { readonly [name: string]: unknown },
  request: AccessRequest,
  rules: Rules,
): AccessVerdict {
  const { sub, exp, aud, room, peer, host } = claims;
  if (typeof exp !== 'number') return refused('no exp');
  const endsAtMs = (exp + CLOCK_TOLERANCE_SECONDS) * 1_000;
  const isLong =
    exp * 1_000 > Date.now() + (rules.maxLifeSeconds + CLOCK_TOLERANCE_SECONDS) * 1_000;
  if (isLong) return refused(`lasts longer than ${rules.maxLifeSeconds} s`);
  // A token for someone else's use, signed with the same key (RFC 7519 section 4.1.3).
  if (aud !== undefined && rules.audience === undefined) return refused('has an audience');
  if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_MAX_CHARACTERS) {
    return refused('a sub that is no text of 1 to 256 characters');
  }
  if (room !== ANY_ROOM && !parseRoomId(room).ok) return refused('a room that is no room id');
  if (room !== ANY_ROOM && room !== request.room) return refused('for another room');
  if (peer !== undefined && !parsePeerId(peer).ok) return refused('a peer that is no peer id');
  if (peer !== undefined && peer !== request.peer) return refused('for another peer');
  if (host !== undefined && typeof host !== 'boolean') return refused('a host that is no boolean');
  return { kind: 'granted', subject: sub, isHost: host === true, endsAtMs };
}

function refused(reason: string): AccessVerdict {
  return { kind: 'refused', reason };
}

function textOf(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
