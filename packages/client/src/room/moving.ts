import type { Control, JoinDoor, PeerId } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { deriveDoorKey } from '../link/door-key.ts';
import { createRoomLink, formatRoomLink, parseRoomLink, type RoomLink } from '../link/room-link.ts';
import { Overheard, type MovableSignaling } from './movable-signaling.ts';
import { makeSession, type RoomSession, type SessionMaker } from './room-session.ts';
import type { SealedSignals } from './sealed-signals.ts';

export type Rekey = Extract<Control, { type: 'rekey' }>;

/** Beyond any way to a server that is still of use. */
const WELCOME_MAX_MS = 10_000;

/** Whoever is out of reach is told when it is back, for as long as a tunnel takes. */
const TELL_EVERY_MS = 1_000;
const TELL_FOR_MS = 120_000;

export interface Move {
  readonly maker: SessionMaker;
  readonly clock: Clock;
  readonly signaling: MovableSignaling;
  readonly signals: SealedSignals;
  /** Is done with the old way to the server, once the new one stands. */
  readonly behind: () => void;
}

/**
 * A new link for the same room, without one of its peers.
 *
 * @param password the room's, where it has one that is known
 */
export async function newLink(
  link: RoomLink,
  removed: PeerId,
  password: string | undefined,
): Promise<Rekey> {
  const next = createRoomLink(link.name);
  const door = password === undefined ? undefined : await deriveDoorKey(next, password);
  return { type: 'rekey', link: next, removed, ...(door !== undefined && { door }) };
}

/**
 * Goes on in the room of another link: joins it, and only then lets go of the old one. The connections with
 * the others know nothing of that.
 *
 * @throws PeerlineError `server-unreachable`, `bad-link`
 */
export async function moveTo(
  move: Move,
  rekey: Rekey,
  door: JoinDoor,
  onMoved: (link: RoomLink) => void,
): Promise<void> {
  const link = parseRoomLink(formatRoomLink(rekey.link));
  const session = await makeSession(move.maker, link, door);
  const overheard = new Overheard(session.signaling);
  await welcomed(move.clock, session);
  move.behind();
  move.signals.rekey(session.sealing);
  onMoved(link);
  move.signaling.moveTo(overheard);
}

function welcomed(clock: Clock, session: RoomSession): Promise<void> {
  const { signaling } = session;
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const { signal } = listening;
    const late = clock.setTimeout(() => {
      listening.abort();
      signaling.drop();
      reject(new PeerlineError('server-unreachable', 'the server does not answer; try again'));
    }, WELCOME_MAX_MS);
    signal.addEventListener('abort', late);
    signaling.on(
      'welcome',
      () => {
        listening.abort();
        resolve();
      },
      { signal },
    );
    session.begin();
  });
}

/** Tells each of them as soon as it can be reached. */
export async function tellAll(
  clock: Clock,
  peers: ReadonlySet<PeerId>,
  tell: (peer: PeerId) => boolean | undefined,
): Promise<void> {
  const left = new Set(peers);
  const untilMs = clock.nowMs() + TELL_FOR_MS;
  while (left.size > 0 && clock.nowMs() < untilMs) {
    for (const peer of left) if (tell(peer) !== false) left.delete(peer);
    if (left.size > 0) await new Promise<void>((next) => clock.setTimeout(next, TELL_EVERY_MS));
  }
}
