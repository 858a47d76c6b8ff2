import { TOKEN_MAX_CHARACTERS, type JoinRefusal } from '@peerline/protocol';
import { shortId, type Log } from '../log/log.ts';
import type { AccessGrant, AccessRequest, AccessVerdict, Authorize } from './access.ts';

/** A backend that takes longer is broken; a client gives a connection that does not open up after 8 s. */
export const AUTHORIZE_MAX_MS = 5_000;

/** One answer for every reason: who tries tokens or rooms learns nothing by it (SPEC.md, TOKEN3). */
const NOT_AUTHORIZED: JoinRefusal & { readonly code: 'not-authorized' } = {
  code: 'not-authorized',
  message: 'this server lets in who brings a token that it takes; get a fresh one',
};

const UNDECIDED: JoinRefusal & { readonly code: 'internal' } = {
  code: 'internal',
  message: 'the server could not find out who may join; try again',
};

export type Ruling =
  | { readonly kind: 'granted'; readonly grant: AccessGrant }
  | {
      readonly kind: 'refused';
      readonly refusal: typeof NOT_AUTHORIZED | typeof UNDECIDED;
    };

/** Asks who may join, gives everyone who may not the same answer, and writes down why. */
export class Gatekeeper {
  readonly #authorize: Authorize;
  readonly #log: Log;

  constructor(authorize: Authorize, log: Log) {
    this.#authorize = authorize;
    this.#log = log;
  }

  /** @param subject who it is already, where it is in */
  async ask(
    request: AccessRequest,
    subject?: { readonly is: string | undefined },
  ): Promise<Ruling> {
    let verdict: AccessVerdict;
    try {
      verdict = await this.#verdict(request);
    } catch (error) {
      this.#log.error({ err: error }, 'who may join could not be found out');
      return { kind: 'refused', refusal: UNDECIDED };
    }
    if (verdict.kind !== 'granted') return this.#refuse(request, verdict.reason);
    const { kind: _, ...grant } = verdict;
    if (subject !== undefined && subject.is !== grant.subject) {
      return this.#refuse(request, 'for someone else than who is in');
    }
    if (grant.endsAtMs !== undefined && grant.endsAtMs <= Date.now()) {
      return this.#refuse(request, 'has ended');
    }
    return { kind: 'granted', grant };
  }

  async #verdict(request: AccessRequest): Promise<AccessVerdict> {
    const { token } = request;
    if (token !== undefined && token.length > TOKEN_MAX_CHARACTERS) {
      return { kind: 'refused', reason: `a token of more than ${TOKEN_MAX_CHARACTERS} characters` };
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer within ${AUTHORIZE_MAX_MS} ms`)),
        AUTHORIZE_MAX_MS,
      );
    });
    try {
      return checked(await Promise.race([this.#authorize(request), late]));
    } finally {
      clearTimeout(timer);
    }
  }

  #refuse({ room, peer, occasion }: AccessRequest, reason: string): Ruling {
    const who = { room: shortId(room), peer: shortId(peer) };
    this.#log.debug({ ...who, occasion, reason }, 'not authorized');
    return { kind: 'refused', refusal: NOT_AUTHORIZED };
  }
}

/** A hook may be plain JavaScript, and what it answers decides who gets in: nothing is taken on trust. */
function checked(verdict: unknown): AccessVerdict {
  if (typeof verdict !== 'object' || verdict === null || !('kind' in verdict)) {
    throw new TypeError(
      'authorize has to answer { kind: "granted" } or { kind: "refused", reason }',
    );
  }
  if (verdict.kind === 'refused') {
    const reason = 'reason' in verdict ? String(verdict.reason) : 'none was given';
    return { kind: 'refused', reason };
  }
  if (verdict.kind !== 'granted') {
    throw new TypeError('authorize has to answer with a kind of granted or refused');
  }
  const given: { readonly [K in keyof AccessGrant | 'kind']?: unknown } = verdict;
  const { subject, isHost, endsAtMs } = given;
  if (subject !== undefined && typeof subject !== 'string')
    throw new TypeError('subject is no text');
  if (isHost !== undefined && typeof isHost !== 'boolean') {
    throw new TypeError('isHost is neither true nor false');
  }
  if (endsAtMs !== undefined && !(typeof endsAtMs === 'number' && Number.isFinite(endsAtMs))) {
    throw new TypeError('endsAtMs is no number of milliseconds');
  }
  return {
    kind: 'granted',
    ...(subject !== undefined && { subject }),
    ...(isHost !== undefined && { isHost }),
    ...(endsAtMs !== undefined && { endsAtMs }),
  };
}
