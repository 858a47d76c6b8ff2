import {
  PROTOCOL_VERSION,
  type JoinDoor,
  type JoinRequest,
  type PeerId,
  type RoomId,
} from '@peerline/protocol';
import type { JoinToken, TokenRequest } from '../api-access.ts';
import type { Clock } from '../base/clock.ts';
import { deriveRoomId, deriveRoomSecret, type Identity } from '../link/room-keys.ts';
import type { RoomLink } from '../link/room-link.ts';
import type { Member } from '../seal/room-seal.ts';
import type { Sealing } from '../seal/sealing.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { TokenSource } from '../signaling/token-source.ts';

/** What it takes to join the room of a link, the first and every later one. */
export interface SessionMaker {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly token: JoinToken | undefined;
  readonly connect: () => Signaling;
  readonly createSealing: (link: RoomLink, self: Member) => Promise<Sealing>;
}

/** This side's part in the room of one link. */
export interface RoomSession {
  readonly link: RoomLink;
  readonly room: RoomId;
  /** This side's. */
  readonly peer: PeerId;
  readonly sealing: Sealing;
  readonly signaling: Signaling;
  /** Joins, or visits the lobby; the welcome follows as an event. */
  begin(as?: 'member' | 'visitor'): void;
}

export async function makeSession(
  maker: SessionMaker,
  link: RoomLink,
  door: JoinDoor,
): Promise<RoomSession> {
  const { identity, clock } = maker;
  const [room, roomSecret] = await Promise.all([deriveRoomId(link), deriveRoomSecret(link)]);
  const self = { room, peer: identity.peer };
  const [sealing, tokens] = await Promise.all([
    maker.createSealing(link, self),
    tokensFrom(maker.token, self, clock),
  ]);
  const signaling = maker.connect();
  const join: JoinRequest = {
    ...{ protocol: PROTOCOL_VERSION, room, roomSecret, card: sealing.card, ...identity },
    ...(Object.keys(door).length > 0 && { door }),
  };
  return {
    ...{ link, room, peer: identity.peer, sealing, signaling },
    begin: (as) => signaling.connect({ ...join, ...(as === 'visitor' && { visit: true }) }, tokens),
  };
}

/** Few need it, so few load it. */
async function tokensFrom(
  token: JoinToken | undefined,
  request: TokenRequest,
  clock: Clock,
): Promise<TokenSource | undefined> {
  if (token === undefined) return undefined;
  const loaded = await import('../signaling/token-source.ts');
  return new loaded.TokenSource(token, request, clock);
}
