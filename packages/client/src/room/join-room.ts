import type { JoinDoor, Presence } from '@peerline/protocol';
import type {
  AskOptions,
  JoinOptions,
  LocalMedia,
  MediaPreferences,
  MessageMap,
  Room,
  RtcEnvironment,
} from '../api.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { browserRtc, pageOrigin } from '../base/surroundings.ts';
import type { Diagnose } from '../diagnosis/diagnose.ts';
import { drawIdentity, type Identity } from '../link/room-keys.ts';
import { formatRoomLink, parseRoomLink, type RoomLink } from '../link/room-link.ts';
import type { MediaPlane } from '../peer/media-plane.ts';
import { defaultRecoveryPolicy, type RecoveryPolicy } from '../peer/recovery.ts';
import { RoomSeal, type Member } from '../seal/room-seal.ts';
import type { Sealing } from '../seal/sealing.ts';
import type { Refusal, Signaling } from '../signaling/signaling.ts';
import { SocketIoSignaling } from '../signaling/socket-io.ts';
import { MovableSignaling } from './movable-signaling.ts';
import { RoomIce } from './room-ice.ts';
import { makeSession, type RoomSession, type SessionMaker } from './room-session.ts';
import type { JoinedRoomOptions } from './room-options.ts';
import { checkedPresence } from './presence.ts';
import { refusalError } from './refusal-error.ts';
import { JoinedRoom } from './room.ts';
import { SealedSignals, type Admission } from './sealed-signals.ts';
import { Verifications } from './verifications.ts';

/**
 * A server that does not answer in this time is called unreachable. Over a link that loses 30 % one of
 * twenty joins takes more than 10 s: TCP doubles its waits, and several lost packets in a row make 15.
 */
const JOIN_TIMEOUT_MS = 20_000;

/** A peer's largest message unless told: a photo or a document, and no danger to a phone's memory. */
const MESSAGE_MAX_BYTES = 64 * 1024 * 1024;

/** SPEC.md, FRAME4: nobody may promise to take less. */
const MESSAGE_MAX_LEAST_BYTES = 64 * 1024;

/** What stands around a room; tests put their own network and time in its place. */
export interface JoinEnvironment {
  readonly clock: Clock;
  readonly policy: RecoveryPolicy;
  readonly connect: (url: string) => Signaling;
  readonly createIdentity: (link: RoomLink) => Promise<Identity>;
  readonly createSealing: (link: RoomLink, self: Member) => Promise<Sealing>;
  /** Where no `local` is given. */
  readonly createLocal: () => LocalMedia;
  readonly createPlane: (preferences: MediaPreferences, isAdapting: boolean) => MediaPlane;
  readonly diagnose: Diagnose;
}

export const networkEnvironment: Pick<
  JoinEnvironment,
  'clock' | 'policy' | 'connect' | 'createIdentity' | 'createSealing'
> = {
  clock: systemClock,
  policy: defaultRecoveryPolicy,
  connect: (url) => new SocketIoSignaling(url),
  createIdentity: (link) => drawIdentity(link),
  createSealing: (link, self) => RoomSeal.create(link, self),
};

/** All that it takes to be in a room, but the server's word. */
export interface Prepared<M extends MessageMap> {
  readonly session: RoomSession;
  readonly signaling: MovableSignaling;
  readonly signals: SealedSignals;
  readonly url: string;
  /** Of the room it makes everything but the welcome is known. */
  readonly enter: (
    welcome: Admission,
    stage: JoinedRoomOptions<M>['stage'],
    presence: Presence,
  ) => JoinedRoom<M>;
}

/**
 * @throws PeerlineError `bad-link`, `bad-options`, `insecure-context`, `webrtc-missing`
 */
export async function prepare<M extends MessageMap>(
  options: JoinOptions<M>,
  environment: JoinEnvironment,
): Promise<Prepared<M>> {
  const link = linkOf(options);
  const plane = environment.createPlane(options.media ?? {}, options.adapt ?? true);
  const rtc = options.rtc ?? neededRtc();
  const url = options.url ?? pageOrigin();
  const { iceServers = [], relayOnly = false } = options;
  const { connect, clock, diagnose, createSealing } = environment;
  const [identity, ice, door] = await Promise.all([
    environment.createIdentity(link),
    RoomIce.create({ rtc, iceServers, relayOnly }),
    doorOf(link, options),
  ]);
  const maker: SessionMaker = {
    ...{ identity, clock, token: options.token, createSealing },
    connect: () => connect(url),
  };
  const session = await makeSession(maker, link, door);
  const signaling = new MovableSignaling(session.signaling);
  const signals = new SealedSignals(signaling, session.sealing);
  const enter: Prepared<M>['enter'] = (welcome, stage, presence) =>
    new JoinedRoom<M>({
      id: identity.peer,
      link,
      ...{ door, maker, password: options.password },
      ...{ welcome, stage, presence },
      signaling,
      signals,
      verifications: new Verifications({
        ...{ self: identity.peer, room: session.room, signals, clock, store: options.identities },
      }),
      clock,
      ice,
      diagnose: (view) => diagnose({ url, connect, clock, rtc, iceServers, relayOnly, ...view }),
      policy: environment.policy,
      local: options.local ?? environment.createLocal(),
      ownsLocal: options.local === undefined,
      plane,
      schemas: options.messages ?? {},
      messageMaxBytes: Math.max(
        options.messageMaxBytes ?? MESSAGE_MAX_BYTES,
        MESSAGE_MAX_LEAST_BYTES,
      ),
    });
  return { session, signaling, signals, url, enter };
}

export async function joinRoomWith<M extends MessageMap>(
  options: JoinOptions<M>,
  environment: JoinEnvironment,
): Promise<Room<M>> {
  const { signal } = options;
  if (signal?.aborted === true) throw PeerlineError.aborted(signal.reason);
  const presence = checkedPresence(options.presence ?? {});
  const { session, signaling, signals, url, enter } = await prepare(options, environment);
  const joined = onWelcome((welcome) => enter(welcome, 'inside', presence), {
    ...{ signaling, signals, clock: environment.clock, url, signal },
    onWaiting: () => void knock(session, presence, signaling, options.onWaiting),
  });
  session.begin();
  const joinedRoom = await joined;
  signal?.addEventListener('abort', () => void joinedRoom.leave(), { once: true });
  return joinedRoom;
}

/** @throws PeerlineError `bad-link` */
function linkOf({ room }: Pick<JoinOptions, 'room'>): RoomLink {
  return parseRoomLink(typeof room === 'string' ? room : formatRoomLink(room));
}

async function doorOf(link: RoomLink, { access, password }: AskOptions): Promise<JoinDoor> {
  const asked = access === undefined ? {} : { access };
  if (password === undefined) return asked;
  const { deriveDoorKey } = await import('../link/door-key.ts');
  return { ...asked, key: await deriveDoorKey(link, password) };
}

/** Says who is there, and that one waits. */
async function knock(
  { link, peer }: RoomSession,
  presence: Presence,
  signaling: Signaling,
  onWaiting: (() => void) | undefined,
): Promise<void> {
  onWaiting?.();
  const { sealDoorNote } = await import('../seal/door-note.ts');
  const name = typeof presence['name'] === 'string' ? presence['name'] : '';
  signaling.say('note', { note: await sealDoorNote(link, peer, name) });
}

interface Waiting {
  readonly signaling: Signaling;
  readonly signals: SealedSignals;
  readonly clock: Clock;
  readonly url: string;
  readonly signal: AbortSignal | undefined;
  readonly onWaiting: () => void;
}

/**
 * Waits for the server's word; whatever it is but a welcome closes the connection again. The room is
 * made within the welcome's own turn, so that it misses nothing that follows.
 */
function onWelcome<T>(enter: (welcome: Admission) => T, waiting: Waiting): Promise<T> {
  const { signaling, signals, clock, url, signal, onWaiting } = waiting;
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const settled = { signal: listening.signal };
    let lastRefusal: Refusal | undefined;
    const fail = (error: PeerlineError): void => {
      listening.abort();
      signals.close();
      signaling.leave();
      reject(error);
    };
    const cancel = clock.setTimeout(() => {
      fail(lastRefusal === undefined ? unreachable(url) : refusalError(lastRefusal));
    }, JOIN_TIMEOUT_MS);
    listening.signal.addEventListener('abort', cancel);
    signals.on(
      'welcome',
      (welcome) => {
        listening.abort();
        resolve(enter(welcome));
      },
      settled,
    );
    signaling.on(
      'state',
      (state) => {
        if (state.status !== 'refused') return;
        lastRefusal = state.refusal;
        if (!state.retrying) fail(refusalError(state.refusal));
      },
      settled,
    );
    signaling.on('token-failed', fail, settled);
    signaling.on(
      'waiting',
      () => {
        // People take longer than servers.
        cancel();
        onWaiting();
      },
      settled,
    );
    signal?.addEventListener('abort', () => fail(PeerlineError.aborted(signal.reason)), settled);
  });
}

function unreachable(url: string): PeerlineError {
  return new PeerlineError('server-unreachable', `no answer from ${url}; does it run?`);
}

/** @throws PeerlineError `webrtc-missing` */
function neededRtc(): RtcEnvironment {
  const rtc = browserRtc();
  if (rtc !== undefined) return rtc;
  throw new PeerlineError('webrtc-missing', 'no WebRTC here; pass `rtc` of a library');
}
