import type { Card, PeerId } from '@peerline/protocol';

/** What became of a body that came. */
export type Opened =
  | { readonly kind: 'genuine'; readonly text: string }
  /** Genuine too, but it came before, or is too far behind to tell (SPEC.md, SEAL6). */
  | { readonly kind: 'repeated' }
  /** The other side did not seal it for this one. */
  | { readonly kind: 'forged' };

/** Seals what goes to one peer and opens what comes from it. */
export interface PairSealing {
  /** HKDF key material that only the two have. */
  readonly secret: CryptoKey;
  /** @returns undefined for what is larger than may be sent (SPEC.md, SEAL5) */
  seal(json: string): Promise<string | undefined>;
  open(body: string): Promise<Opened>;
}

/** This side's end of the sealing in one room (SPEC.md, section Sealing). */
export interface Sealing {
  /** What the others need of it. */
  readonly card: Card;
  /** @returns undefined where the card is not one that a holder of the link made for that peer */
  pair(peer: PeerId, card: Card): Promise<PairSealing | undefined>;
}
