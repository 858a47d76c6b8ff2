import type { PeerId, RoomId } from '@peerline/protocol';

export type { RoomId };

/** For what a token is needed: a backend that signs it puts these into its claims (SPEC.md, TOKEN2). */
export interface TokenRequest {
  /** The room's id as the server sees it. A link is made into one by `roomIdOf`. */
  readonly room: RoomId;
  /** This peer's id, drawn anew by each `joinRoom`. */
  readonly peer: PeerId;
}

/**
 * What a server that asks for tokens takes. A function is asked for each connection and again before the
 * token ends; it has 10 s. A text is used as it is, until it ends.
 */
export type JoinToken = string | ((request: TokenRequest) => string | Promise<string>);
