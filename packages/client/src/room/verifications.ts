import { isOfferer, type PeerId, type RoomId, type WordsTurn } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import type { PairVerification } from '../peer/remote-peer-options.ts';
import type { PairWords } from '../verify/pair-words.ts';
import type { SealedSignals } from './sealed-signals.ts';

export interface VerificationsOptions {
  readonly self: PeerId;
  readonly room: RoomId;
  readonly signals: SealedSignals;
  readonly clock: Clock;
}

/** Words to compare for the pairs of a room. Few ask for them, so few load what makes them. */
export class Verifications {
  readonly #options: VerificationsOptions;

  constructor(options: VerificationsOptions) {
    this.#options = options;
  }

  of(peer: PeerId, send: (turn: WordsTurn) => boolean): PairVerification {
    let words: Promise<PairWords> | 'gone' | undefined;
    const load = (): Promise<PairWords> => {
      if (words === 'gone') return Promise.reject(PeerlineError.peerGone(peer));
      words ??= this.#load(peer, send);
      return words;
    };
    const ignore = (): void => undefined;
    return {
      verify: async () => (await load()).verify(),
      take: (turn) => {
        // What cannot be loaded now cannot answer; the other side asks again.
        void load()
          .then((one) => one.take(turn))
          .catch(ignore);
      },
      close: () => {
        const loaded = words;
        words = 'gone';
        if (typeof loaded === 'object') {
          loaded.then((one) => one.close(PeerlineError.peerGone(peer))).catch(ignore);
        }
      },
    };
  }

  async #load(peer: PeerId, send: (turn: WordsTurn) => boolean): Promise<PairWords> {
    const { self, signals, ...rest } = this.#options;
    const { PairWords } = await import('../verify/pair-words.ts');
    const own = { peer: self, card: signals.card };
    const theirs = { peer, card: signals.cardOf(peer) };
    const offers = isOfferer(self, peer);
    const [offerer, answerer] = offers ? [own, theirs] : [theirs, own];
    return new PairWords({ ...rest, isOfferer: offers, offerer, answerer, send });
  }
}
