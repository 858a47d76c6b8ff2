/** What the pages of the tests say to each other. */
export type TestMessages = {
  readonly text: { readonly text: string };
  readonly blob: Uint8Array;
  /** A round of `Glare` is over for the sender. */
  readonly turn: { readonly round: number };
};
