import {
  JOIN_IN_UPGRADE_MAX_CHARACTERS,
  JOIN_IN_UPGRADE_PREFIX,
  JOIN_IN_UPGRADE_TAKEN,
} from '@peerline/protocol';
import { toBase64Url } from '../link/base64url.ts';

/**
 * The join as a subprotocol of the WebSocket (SPEC.md, JOIN10): it is there with the request that opens the
 * WebSocket, and the server need not wait for a client that is slow to read.
 */
export class JoinInUpgrade {
  readonly #join: () => object | undefined;
  #isAvoided = false;

  /** @param join the one of a try that begins; undefined where it has to wait for the connection */
  constructor(join: () => object | undefined) {
    this.#join = join;
  }

  /** The subprotocols of the next WebSocket. */
  offer(): string[] | undefined {
    const join = this.#isAvoided ? undefined : this.#join();
    if (join === undefined) return undefined;
    const text = toBase64Url(new TextEncoder().encode(JSON.stringify(join)));
    if (text.length > JOIN_IN_UPGRADE_MAX_CHARACTERS) return undefined;
    // A server that knows nothing of this answers with the first, and is told from one that does.
    return [JOIN_IN_UPGRADE_PREFIX + text, JOIN_IN_UPGRADE_TAKEN];
  }

  /**
   * A WebSocket did not open. Where a proxy on the way drops what was offered, browsers end it, so that every
   * other one is opened without.
   */
  failed(): void {
    this.#isAvoided = !this.#isAvoided;
  }
}
