import type { MediaPreferences, RoomAccess } from 'peerline';

/** How a test joins. */
export interface JoinInput {
  readonly room: string;
  readonly name: string;
  readonly media?: MediaPreferences;
  readonly relayOnly?: boolean;
  readonly access?: RoomAccess;
  readonly password?: string;
  readonly adapt?: boolean;
  /** One for good; or the answers of a function, in order. Behind the last one it throws. */
  readonly token?: string | readonly string[];
  /** Keeps who is verified, in the browser. */
  readonly keepsIdentities?: boolean;
  /**
   * Listens to no microphone. Each takes an audio graph of its own, and dozens of them are more than
   * one machine bears.
   */
  readonly deaf?: boolean;
}
