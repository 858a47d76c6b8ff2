import type { Card, PeerId, RoomId, WordsTurn } from '@peerline/protocol';
import { concatenate, utf8 } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { fromBase64Url, toBase64Url } from '../link/base64url.ts';
import { WORDS } from './words.ts';

const NONCE_BYTES = 32;

/** One in 2^32 guesses is right, and each wrong one is seen. */
const WORD_COUNT = 4;

/** A connection that was replaced took what was on its way with it. */
const AGAIN_MS = 3_000;

export interface End {
  readonly peer: PeerId;
  readonly card: Card;
}

export interface WordExchangeOptions {
  readonly room: RoomId;
  /** The one of the pair that offers (SPEC.md, NEG1), and so commits itself first. */
  readonly offerer: End;
  readonly answerer: End;
  readonly isOfferer: boolean;
  readonly clock: Clock;
  /** @returns false where no channel is open */
  readonly send: (turn: WordsTurn) => boolean;
  readonly onWords: (words: readonly string[]) => void;
  /** The other side showed another number than it had committed itself to. */
  readonly onCheat: () => void;
}

type State =
  | { readonly status: 'idle' }
  /** Offerer: its own number is fixed, the other's is awaited. */
  | { readonly status: 'committed'; readonly nonce: string; readonly hash: string }
  /** Answerer: asked for a commitment. */
  | { readonly status: 'asked' }
  /** Answerer: its own number is out, the one behind the commitment is awaited. */
  | { readonly status: 'answered'; readonly hash: string; readonly nonce: string }
  | { readonly status: 'over'; readonly last: WordsTurn | undefined };

/**
 * Four words that are the same at both ends if both have the same cards, and with them the same keys.
 * The offerer fixes its number before it knows the other's, so that nobody in between can choose his own
 * such that two pairs of different keys get the same words (SPEC.md, section Words).
 */
export class WordExchange {
  readonly #options: WordExchangeOptions;
  #state: State = { status: 'idle' };
  #cancel: (() => void) | undefined;

  constructor(options: WordExchangeOptions) {
    this.#options = options;
  }

  /** Begins, if it has not begun. */
  async start(): Promise<void> {
    if (this.#state.status !== 'idle') return;
    if (!this.#options.isOfferer) {
      this.#enter({ status: 'asked' });
      return;
    }
    const nonce = drawNonce();
    const hash = await commitment(nonce);
    // Asked from both sides at once.
    if (this.#state.status === 'idle') this.#enter({ status: 'committed', nonce, hash });
  }

  async take(turn: WordsTurn): Promise<void> {
    const state = this.#state;
    const { isOfferer } = this.#options;
    switch (turn.step) {
      case 'ask':
        if (isOfferer) await this.start();
        return;
      case 'commit':
        // Another one would be another try.
        if (isOfferer || state.status === 'answered' || state.status === 'over') return;
        this.#enter({ status: 'answered', hash: turn.hash, nonce: drawNonce() });
        return;
      case 'nonce':
        if (state.status === 'committed') {
          this.#finish({ step: 'reveal', nonce: state.nonce });
          await this.#show(state.nonce, turn.nonce);
        } else if (state.status === 'over' && state.last !== undefined) {
          this.#options.send(state.last);
        }
        return;
      case 'reveal':
        if (state.status !== 'answered') return;
        this.#finish(undefined);
        if ((await commitment(turn.nonce)) === state.hash) {
          await this.#show(turn.nonce, state.nonce);
        } else {
          this.#options.onCheat();
        }
    }
  }

  close(): void {
    this.#cancel?.();
    this.#state = { status: 'over', last: undefined };
  }

  #enter(state: Extract<State, { status: 'committed' | 'asked' | 'answered' }>): void {
    this.#state = state;
    this.#say(state);
  }

  #say(state: Extract<State, { status: 'committed' | 'asked' | 'answered' }>): void {
    this.#cancel?.();
    const { send, clock } = this.#options;
    // Before it is sent: the answer may come, and end it, within.
    this.#cancel = clock.setTimeout(() => this.#say(state), AGAIN_MS);
    switch (state.status) {
      case 'asked':
        send({ step: 'ask' });
        break;
      case 'committed':
        send({ step: 'commit', hash: state.hash });
        break;
      case 'answered':
        send({ step: 'nonce', nonce: state.nonce });
    }
  }

  #finish(last: WordsTurn | undefined): void {
    this.#cancel?.();
    this.#state = { status: 'over', last };
    if (last !== undefined) this.#options.send(last);
  }

  async #show(offererNonce: string, answererNonce: string): Promise<void> {
    const { room, offerer, answerer } = this.#options;
    const ends = `${room}${offerer.peer}${answerer.peer}${offerer.card}${answerer.card}`;
    const hash = await sha256(
      concatenate([
        utf8(`peerline/1 words ${ends}`),
        fromBase64Url(offererNonce),
        fromBase64Url(answererNonce),
      ]),
    );
    this.#options.onWords([...hash.subarray(0, WORD_COUNT)].map((byte) => WORDS[byte] ?? ''));
  }
}

function drawNonce(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

async function commitment(nonce: string): Promise<string> {
  const text = concatenate([utf8('peerline/1 commit '), fromBase64Url(nonce)]);
  return toBase64Url(await sha256(text));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
