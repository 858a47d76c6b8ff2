import type { WordsTurn } from '@peerline/protocol';
import type { Verification } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { WordExchange, type WordExchangeOptions } from './word-exchange.ts';

/** The words of one pair, however often and on whichever side they are asked for. */
export class PairWords {
  readonly #exchange: WordExchange;
  readonly #words: Promise<Verification>;
  #fail: (error: PeerlineError) => void = () => undefined;

  constructor(options: Omit<WordExchangeOptions, 'onWords' | 'onCheat'>) {
    let found: (verification: Verification) => void = () => undefined;
    this.#words = new Promise((resolve, reject) => {
      found = resolve;
      this.#fail = reject;
    });
    // Perhaps nobody here asked.
    this.#words.catch(() => undefined);
    this.#exchange = new WordExchange({
      ...options,
      onWords: (words) => found({ words }),
      onCheat: () => {
        const message = 'the other side broke the rules of comparing; do not trust this connection';
        this.#fail(new PeerlineError('not-verified', message));
      },
    });
  }

  async verify(): Promise<Verification> {
    await this.#exchange.start();
    return this.#words;
  }

  take(turn: WordsTurn): Promise<void> {
    return this.#exchange.take(turn);
  }

  close(error: PeerlineError): void {
    this.#exchange.close();
    this.#fail(error);
  }
}
