import type { Control, PeerId, Presence, RoomId } from '@peerline/protocol';
import type { IdentityStore, PeerVerification } from '../api-verification.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import type { PairVerification } from '../peer/remote-peer-options.ts';
import type { PairVerifier } from '../verify/pair-verifier.ts';
import type { SealedSignals } from './sealed-signals.ts';

export interface VerificationsOptions {
  readonly self: PeerId;
  readonly room: RoomId;
  readonly signals: SealedSignals;
  readonly clock: Clock;
  readonly store: IdentityStore | undefined;
}

/** What a pair's verification needs of its peer. */
export interface VerifiedPeer {
  readonly id: PeerId;
  readonly presence: Presence;
  control(control: Control): boolean;
  emit(type: 'verification', state: PeerVerification): void;
}

/** Who is verified in a room, and the words for it. Few ask, so few load what makes them. */
export class Verifications {
  readonly #options: VerificationsOptions;

  constructor(options: VerificationsOptions) {
    this.#options = options;
  }

  of(id: PeerId, peer: () => VerifiedPeer): PairVerification {
    let pair: Promise<PairVerifier> | undefined;
    let isOver = false;
    let state: PeerVerification = { status: 'unknown' };
    const onState = (changed: PeerVerification): void =>
      peer().emit('verification', (state = changed));
    const load = (): Promise<PairVerifier> => {
      if (isOver) return Promise.reject(PeerlineError.peerGone(id));
      pair ??= import('../verify/pair-verifier.ts').then(
        (loaded) => new loaded.PairVerifier({ ...this.#options, peer: peer(), onState }),
      );
      return pair;
    };
    return {
      state: () => state,
      verify: async () => (await load()).verify(),
      take: (happening) => {
        if (this.#options.store === undefined && happening.type !== 'words') return;
        // What cannot be loaded now is loaded for what comes next.
        load()
          .then((one) => one.take(happening))
          .catch(() => (pair = undefined));
      },
      close: () => {
        isOver = true;
        pair?.then((one) => one.close(PeerlineError.peerGone(id))).catch(() => undefined);
      },
    };
  }
}
