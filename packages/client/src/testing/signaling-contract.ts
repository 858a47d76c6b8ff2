import {
  parseCard,
  parseRoomSecret,
  PROTOCOL_VERSION,
  type Introduction,
  type JoinRequest,
  type RoomId,
} from '@peerline/protocol';
import { createIdentity, deriveRoomId, wellFormed } from '../link/room-keys.ts';
import { createRoomLink } from '../link/room-link.ts';
import type { Signaling, SignalingEvents, SignalingState } from '../signaling/signaling.ts';

/** A server and the implementation under test; each case gets its own. */
export interface SignalingHarness {
  /** A new client's end, not connected yet. */
  connect(): Signaling;
  /** The server dies without a word, and forgets everything. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface ContractCase {
  readonly title: string;
  readonly run: (harness: SignalingHarness) => Promise<void>;
}

/** All that came over one connection, in order, to be waited for. */
class Recorder {
  readonly signaling: Signaling;
  readonly join: JoinRequest;
  readonly #seen: { readonly type: string; readonly detail: unknown }[] = [];
  readonly #wakers = new Set<() => void>();

  constructor(signaling: Signaling, join: JoinRequest) {
    this.signaling = signaling;
    this.join = join;
    for (const type of ['state', 'welcome', 'joined', 'left', 'signal', 'problem'] as const) {
      signaling.on(type, (detail) => this.#record(type, detail));
    }
    signaling.connect(join);
  }

  /** The first event of the type that fits, from the beginning on; rejects after 10 s. */
  async event<T extends keyof SignalingEvents>(
    type: T,
    fits: (detail: SignalingEvents[T]) => boolean = () => true,
  ): Promise<void> {
    const isThere = (): boolean =>
      this.#seen.some((seen) => seen.type === type && fits(seen.detail as SignalingEvents[T]));
    const deadline = Date.now() + DEADLINE_MS;
    while (!isThere()) {
      if (Date.now() > deadline) throw new Error(`no ${type}; seen: ${JSON.stringify(this.#seen)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DEADLINE_MS);
        const wake = (): void => {
          clearTimeout(timer);
          this.#wakers.delete(wake);
          resolve();
        };
        this.#wakers.add(wake);
      });
    }
  }

  state(status: SignalingState['status']): Promise<void> {
    return this.event('state', (state) => state.status === status);
  }

  count(type: keyof SignalingEvents): number {
    return this.#seen.filter((seen) => seen.type === type).length;
  }

  bodies(): string[] {
    return this.#seen.flatMap(({ type, detail }) =>
      type === 'signal' ? [(detail as SignalingEvents['signal']).body] : [],
    );
  }

  #record(type: string, detail: unknown): void {
    this.#seen.push({ type, detail });
    for (const wake of this.#wakers) wake();
  }
}

/** Above every timing of the implementations: a reconnect takes 4 s at most. */
const DEADLINE_MS = 10_000;

async function identity(room: RoomId): Promise<JoinRequest> {
  const { peer, secret } = await createIdentity();
  // Any will do that all in the room show.
  const roomSecret = wellFormed(parseRoomSecret(room));
  const card = wellFormed(parseCard(peer.padEnd(130, 'A')));
  return { protocol: PROTOCOL_VERSION, room, roomSecret, peer, secret, card };
}

function isOnly(introduced: readonly Introduction[], { peer, card }: JoinRequest): boolean {
  const [one] = introduced;
  return introduced.length === 1 && one?.peer === peer && one.card === card;
}

async function newRoom(): Promise<RoomId> {
  return deriveRoomId(createRoomLink('contract'));
}

async function joined(harness: SignalingHarness, room: RoomId): Promise<Recorder> {
  const recorder = new Recorder(harness.connect(), await identity(room));
  await recorder.event('welcome');
  return recorder;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What every implementation of the signaling port does; run each case with a harness of its own. */
export const signalingContract: readonly ContractCase[] = [
  {
    title: 'JOIN4 a welcome names those inside, who hear of the newcomer',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const bob = await joined(harness, room);
      await bob.event('welcome', ({ peers }) => isOnly(peers, ann.join));
      await ann.event('joined', (one) => isOnly([one], bob.join));
      check(ann.signaling.state.status === 'joined', 'the state says so');
      check(ann.count('welcome') === 1 && bob.count('joined') === 0, 'each is told once');
    },
  },
  {
    title: 'RELAY1 RELAY2 signals arrive in order, with their sender',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const bob = await joined(harness, room);
      const bodies = Array.from({ length: 50 }, (_, index) => `signal ${index}`);
      for (const body of bodies) ann.signaling.relay(bob.join.peer, body);
      await bob.event('signal', ({ body }) => body === 'signal 49');
      await bob.event('signal', ({ from }) => from === ann.join.peer);
      check(bob.bodies().join() === bodies.join(), 'in order, each once');
    },
  },
  {
    title: 'RELAY3 a peer of another room cannot be reached',
    async run(harness) {
      const ann = await joined(harness, await newRoom());
      const eve = await joined(harness, await newRoom());
      eve.signaling.relay(ann.join.peer, 'psst');
      await eve.event('problem', ({ code }) => code === 'unknown-peer');
      check(ann.count('signal') === 0, 'nothing arrived');
    },
  },
  {
    title: 'LEAVE1 who leaves is said to have left',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const bob = await joined(harness, room);
      bob.signaling.leave();
      await ann.event('left', ({ peer, reason }) => peer === bob.join.peer && reason === 'left');
      check(bob.signaling.state.status === 'closed', 'the state says so');
      check(!bob.signaling.relay(ann.join.peer, 'x'), 'and nothing can be sent');
    },
  },
  {
    title: 'JOIN7 the same peer again takes the place of the first',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const bob = await joined(harness, room);
      const again = new Recorder(harness.connect(), ann.join);
      await again.event('welcome', ({ peers }) => isOnly(peers, bob.join));
      await ann.state('taken-over');
      bob.signaling.relay(ann.join.peer, 'to the second');
      await again.event('signal', ({ body }) => body === 'to the second');
      check(bob.count('joined') === 0 && bob.count('left') === 0, 'the others hear nothing');
    },
  },
  {
    title: 'VISIT1 VISIT3 VISIT4 a visitor sees and is not seen, talks with its card, and comes in',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const visit = new Recorder(harness.connect(), { ...(await identity(room)), visit: true });
      await visit.event('welcome', ({ peers }) => isOnly(peers, ann.join));
      check(visit.signaling.state.status === 'visiting', 'the state says so');
      const { peer, card } = visit.join;
      check(visit.signaling.relay(ann.join.peer, 'hello'), 'signals go through');
      await ann.event('signal', (signal) => signal.card === card && signal.from === peer);
      ann.signaling.relay(peer, 'good day');
      await visit.event(
        'signal',
        ({ body, card: its }) => body === 'good day' && its === undefined,
      );
      check(ann.count('joined') === 0, 'nobody is told');
      visit.signaling.comeIn();
      await visit.state('joined');
      await ann.event('joined', (one) => isOnly([one], visit.join));
      visit.signaling.relay(ann.join.peer, 'inside');
      await ann.event('signal', (signal) => signal.body === 'inside' && signal.card === undefined);
    },
  },
  {
    title:
      'VISIT1 VISIT4 a visitor visits again behind a restart, and joins behind one that it came in before',
    async run(harness) {
      const room = await newRoom();
      const visit = new Recorder(harness.connect(), { ...(await identity(room)), visit: true });
      await visit.state('visiting');
      await harness.stopServer();
      await visit.event('state', () => visit.signaling.state.status === 'connecting');
      await harness.startServer();
      await visit.event('state', () => visit.signaling.state.status === 'visiting');
      visit.signaling.comeIn();
      await visit.state('joined');
      await harness.stopServer();
      await visit.event('state', () => visit.signaling.state.status === 'connecting');
      await harness.startServer();
      const ann = await joined(harness, room);
      await Promise.race([
        ann.event('welcome', ({ peers }) => isOnly(peers, visit.join)),
        ann.event('joined', (one) => isOnly([one], visit.join)),
      ]);
      await visit.event('state', () => visit.signaling.state.status === 'joined');
    },
  },
  {
    title: 'a server that comes back is joined again, and knows those who came back',
    async run(harness) {
      const room = await newRoom();
      const ann = await joined(harness, room);
      const bob = await joined(harness, room);
      await harness.stopServer();
      // Not the first of that name, from before it had joined.
      await ann.event('state', () => ann.signaling.state.status === 'connecting');
      check(!ann.signaling.relay(bob.join.peer, 'lost'), 'nothing is sent into the void');
      await harness.startServer();
      const cem = await joined(harness, room);
      const sees = async (peer: string): Promise<void> => {
        await Promise.race([
          cem.event('welcome', ({ peers }) => peers.some((one) => one.peer === peer)),
          cem.event('joined', (event) => event.peer === peer),
        ]);
      };
      await Promise.all([sees(ann.join.peer), sees(bob.join.peer)]);
      cem.signaling.relay(ann.join.peer, 'hello again');
      await ann.event('signal', ({ body }) => body === 'hello again');
    },
  },
];
