import type { Verification } from '../api-verification.ts';
import { PeerlineError } from '../base/errors.ts';
import type { PairIdentity } from './pair-identity.ts';
import { WordExchange, type WordExchangeOptions } from './word-exchange.ts';

export interface PairWordsOptions extends Omit<WordExchangeOptions, 'onWords' | 'onCheat'> {
  readonly identity: PairIdentity;
  /** What the other side calls itself now. */
  readonly label: () => string;
}

/** The words of one pair, however often and on whichever side they are asked for. */
export class PairWords {
  readonly #exchange: WordExchange;
  readonly #words: Promise<Verification>;
  #fail: (error: PeerlineError) => void = () => undefined;

  constructor({ identity, label, ...options }: PairWordsOptions) {
    let found: (verification: Verification) => void = () => undefined;
    this.#words = new Promise((resolve, reject) => {
      found = resolve;
      this.#fail = reject;
    });
    // Perhaps nobody here asked.
    this.#words.catch(() => undefined);
    this.#exchange = new WordExchange({
      ...options,
      onWords: (words) =>
        found({
          words,
          confirm: async (as) => ({ remembered: await identity.confirm(as ?? label()) }),
          deny: async () => ({ remembered: await identity.deny() }),
        }),
      onCheat: () => {
        void identity.deny();
        const message = 'the other side broke the rules of comparing; do not trust this connection';
        this.#fail(new PeerlineError('not-verified', message));
      },
    });
  }

  async verify(): Promise<Verification> {
    await this.#exchange.start();
    return this.#words;
  }

  take(turn: Parameters<WordExchange['take']>[0]): Promise<void> {
    return this.#exchange.take(turn);
  }

  close(error: PeerlineError): void {
    this.#exchange.close();
    this.#fail(error);
  }
}
