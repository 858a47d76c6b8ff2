import type { JoinRefusal, PeerId, Problem } from '@peerline/protocol';

/** Clients that were told to come back should find the next server process up. */
const RETRY_AFTER_SHUTDOWN_MS = 1_000;

export const SHUTTING_DOWN = {
  code: 'shutting-down',
  message: 'the server is shutting down; join again when it is back',
  retryAfterMs: RETRY_AFTER_SHUTDOWN_MS,
} as const;

export const MOVED = {
  code: 'room-moved',
  message: 'those inside have another link now; ask one of them for it',
} as const;

export const REMOVED = {
  code: 'removed',
  message: 'the host removed this peer from the room',
} as const;

export const DECLINED = { code: 'declined', message: 'the host did not let this peer in' } as const;

export function refusal(code: JoinRefusal['code'], message: string): JoinRefusal {
  return { code, message };
}

/** One answer for everyone who is not in the sender's room, wherever else that may be. */
export function unknownPeer(peer: PeerId): Problem {
  return { code: 'unknown-peer', message: 'no such peer in this room', event: 'signal', peer };
}
