import { isOfferer, type Card, type Control, type PeerId, type Presence } from '@peerline/protocol';
import type { Verification } from '../api-verification.ts';
import type { PeerlineError } from '../base/errors.ts';
import type { Happening } from '../base/happening.ts';
import { PairIdentity, type PairIdentityOptions } from './pair-identity.ts';
import { PairWords } from './pair-words.ts';

export interface PairVerifierOptions extends Pick<
  PairIdentityOptions,
  'room' | 'store' | 'clock' | 'onState'
> {
  readonly self: PeerId;
  readonly signals: {
    readonly card: Card;
    known(peer: PeerId): { readonly card: Card; readonly pair: { readonly secret: CryptoKey } };
  };
  readonly peer: {
    readonly id: PeerId;
    readonly presence: Presence;
    /** @returns false where no channel is open */
    control(control: Control): boolean;
  };
}

/** Words and identity of one pair: what is loaded when either is needed. */
export class PairVerifier {
  readonly #words: PairWords;
  readonly #identity: PairIdentity;

  constructor({ self, signals, peer, ...rest }: PairVerifierOptions) {
    const { card, pair } = signals.known(peer.id);
    const own = { peer: self, card: signals.card };
    const theirs = { peer: peer.id, card };
    const offers = isOfferer(self, peer.id);
    const [offerer, answerer] = offers ? [own, theirs] : [theirs, own];
    const label = (): string => {
      const name = peer.presence['name'];
      return typeof name === 'string' ? name : '';
    };
    this.#identity = new PairIdentity({
      ...{ ...rest, own, theirs, label, secret: pair.secret, isOfferer: offers },
      send: (control) => peer.control(control),
    });
    this.#words = new PairWords({
      ...{ ...rest, offerer, answerer, label, identity: this.#identity, isOfferer: offers },
      send: (turn) => peer.control({ type: 'words', turn }),
    });
  }

  verify(): Promise<Verification> {
    return this.#words.verify();
  }

  take(happening: Happening): Promise<void> {
    switch (happening.type) {
      case 'words':
        return this.#words.take(happening.turn);
      case 'identity':
        return this.#identity.take(happening);
      case 'opened':
        return this.#identity.opened();
      case 'renamed':
        return this.#identity.renamed();
    }
  }

  close(error: PeerlineError): void {
    this.#identity.close();
    this.#words.close(error);
  }
}
