import type { PeerId, RoomId } from '@peerline/protocol';

/** Who asks to be let in, or to stay. */
export interface AccessRequest {
  /** The room's id, which the SDK's `roomIdOf` derives from a link (SPEC.md, ROOM1). Who knows no more comes to an empty room. */
  readonly room: RoomId;
  readonly peer: PeerId;
  /** As the client brought it, at most 4,096 characters. */
  readonly token: string | undefined;
  /** `join`: with each connection, the first and every later one. `renewal`: it is in, and would stay. */
  readonly occasion: 'join' | 'renewal';
  /** The client's network address, as far as proxies are trusted. */
  readonly address: string | undefined;
}

/** What someone who is let in may do. */
export interface AccessGrant {
  /** Who it is, as the builder's backend names them. It stays the same when access is renewed. */
  readonly subject?: string;
  /** Whether it hosts the room. */
  readonly isHost?: boolean;
  /** When it ends, in milliseconds of Unix time; without it, it lasts as long as the connection. */
  readonly endsAtMs?: number;
}

export type AccessVerdict =
  | ({ readonly kind: 'granted' } & AccessGrant)
  /** `reason` is for the log, at level debug; no client ever learns of it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Says who may join. What it throws, or does not answer within 5 s, lets nobody in. */
export type Authorize = (request: AccessRequest) => AccessVerdict | Promise<AccessVerdict>;
