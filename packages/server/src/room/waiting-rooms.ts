import type { JoinRequest } from '@peerline/protocol';
import { ByRoom } from './by-room.ts';
import type { Membership } from './membership.ts';

/** More than a host could look at; whoever sends more means to be a nuisance. */
const WAITING_MAX = 32;

export interface Waiting {
  readonly membership: Membership;
  readonly request: JoinRequest;
  /** What the host reads; until it came nobody is told of the one who waits. */
  note?: string;
}

/** Those who stand in front of doors. */
export class WaitingRooms extends ByRoom<Waiting> {
  constructor() {
    super(WAITING_MAX);
  }
}
