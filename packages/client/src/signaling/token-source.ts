import type { JoinToken, TokenRequest } from '../api-access.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';

/** A backend that takes longer is broken; joining as a whole may take 20 s. */
const ANSWER_MAX_MS = 10_000;

/** A token that came too late for its connection is used by the next one, while it is this young. */
const KEPT_MS = 10_000;

/** What is used of a Socket.IO socket. */
export interface TokenSocket {
  auth: object | ((send: (join: object) => void) => void);
  readonly io: { readonly engine: { readonly readyState: string } };
  on(event: 'welcome' | 'token-expiring', listener: () => void): unknown;
  emit(event: 'token', token: { readonly token: string }): unknown;
}

type Bring = (one: { readonly token: string }) => void;

interface Question {
  /** Undefined where it came to nothing. */
  readonly token: Promise<string | undefined>;
  keptUntilMs: number;
}

/** Where the tokens of one room come from: a builder's text or function. */
export class TokenSource {
  readonly #from: JoinToken;
  readonly #request: TokenRequest;
  readonly #clock: Clock;
  #denials = 0;
  #asked: Question | undefined;
  #failed: (error: PeerlineError) => void = () => undefined;

  constructor(from: JoinToken, request: TokenRequest, clock: Clock) {
    this.#from = from;
    this.#request = request;
    this.#clock = clock;
  }

  /**
   * Brings a token with each join over the socket, and a fresh one when the server asks for it.
   *
   * @param join the rest of the join, anew for each
   * @param failed hears of each question that came to nothing, once
   */
  serve(socket: TokenSocket, join: () => object, failed: (error: PeerlineError) => void): void {
    this.#failed = failed;
    const withToken = (bring: Bring): void => {
      // What comes too late for a connection must not go over the next one.
      const { engine } = socket.io;
      this.#get(bring, () => engine.readyState === 'open');
    };
    socket.auth = (send) => withToken((token) => send({ ...join(), ...token }));
    socket.on('welcome', () => (this.#denials = 0));
    socket.on('token-expiring', () => {
      if (this.#isRenewable) withToken((token) => socket.emit('token', token));
    });
  }

  /** The server did not take the last one: it may have met a change of keys, but no two in a row have. */
  denied(): 'try again' | 'give up' {
    this.#denials += 1;
    return this.#isRenewable && this.#denials === 1 ? 'try again' : 'give up';
  }

  /** Whether asking again leads to another token. */
  get #isRenewable(): boolean {
    return typeof this.#from === 'function';
  }

  /**
   * Hands on a token that was not used yet, if it still is of use then. While an answer is awaited no
   * further question is asked.
   */
  #get(bring: Bring, isOfUse: () => boolean): void {
    if (this.#asked === undefined || this.#clock.nowMs() > this.#asked.keptUntilMs) {
      this.#asked = this.#ask();
    }
    const asked = this.#asked;
    void asked.token.then((token) => {
      if (token === undefined || !isOfUse()) return;
      if (this.#asked === asked) this.#asked = undefined;
      bring({ token });
    });
  }

  #ask(): Question {
    const asked: Question = {
      keptUntilMs: Infinity,
      token: this.#answer().then(
        (token) => {
          asked.keptUntilMs = this.#clock.nowMs() + KEPT_MS;
          return token;
        },
        (cause: unknown) => {
          this.#asked = undefined;
          const why = cause instanceof Error ? cause.message : String(cause);
          const message = `\`token\` gave no token: ${why}`;
          this.#failed(new PeerlineError('token-failed', message, { cause }));
          return undefined;
        },
      ),
    };
    return asked;
  }

  async #answer(): Promise<string> {
    if (typeof this.#from === 'string') return this.#from;
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.setTimeout(
        () => reject(new Error(`it did not answer within ${ANSWER_MAX_MS / 1_000} s`)),
        ANSWER_MAX_MS,
      );
    });
    try {
      const token: unknown = await Promise.race([this.#from(this.#request), late]);
      if (typeof token === 'string' && token !== '') return token;
      throw new TypeError('it gave no text');
    } finally {
      cancel();
    }
  }
}
