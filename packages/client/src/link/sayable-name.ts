import { ADJECTIVES, ANIMALS } from './words.ts';

/** A name to be said aloud over the phone, like `calm-otter-52`, drawn anew. */
export function sayableName(): string {
  const [first = 0, second = 0, third = 0] = crypto.getRandomValues(new Uint8Array(3));
  const adjective = ADJECTIVES[first % ADJECTIVES.length];
  const animal = ANIMALS[second % ANIMALS.length];
  // Two digits; that some come up more often is no harm, since the secret is the key alone.
  return `${adjective}-${animal}-${10 + (third % 90)}`;
}
