import type {
  CheckOptions,
  Diagnosis,
  JoinOptions,
  LobbyOptions,
  LocalMedia,
  VisitEvents,
  VisitJoinOptions,
  VisitState,
} from 'peerline';
import type { CallRoom, CallVisit, Sdk } from '../sdk.ts';
import { FakeEvents } from './fake-events.ts';
import { FakeLocalMedia } from './fake-media.ts';
import { FakeRoom, HEALTHY } from './fake-room.ts';
import { fakeTracks, type TrackFactory } from './fake-tracks.ts';

/** A visit that is ready at once, and counts as many inside as the test says. */
export class FakeVisit extends FakeEvents<VisitEvents> implements CallVisit {
  readonly options: LobbyOptions;
  state: VisitState = { status: 'ready', others: 0 };
  readonly #join: (said: VisitJoinOptions) => Promise<CallRoom>;

  constructor(options: LobbyOptions, join: (said: VisitJoinOptions) => Promise<CallRoom>) {
    super();
    this.options = options;
    this.#join = join;
  }

  become(state: VisitState): void {
    this.state = state;
    this.emit('state', state);
  }

  join(said: VisitJoinOptions = {}): Promise<CallRoom> {
    this.become({ status: 'ended' });
    return this.#join(said);
  }

  async leave(): Promise<void> {
    this.become({ status: 'ended' });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }
}

/** An SDK whose rooms are fakes, and whose joins end when and how the test says. */
export class FakeSdk implements Sdk {
  readonly rooms: FakeRoom[] = [];
  readonly visits: FakeVisit[] = [];
  readonly media: FakeLocalMedia[] = [];
  /** How often the connection was checked. */
  checks = 0;
  /** What the next check comes to. */
  check: (signal: AbortSignal | undefined) => Promise<Diagnosis> = () => Promise.resolve(HEALTHY);
  readonly #factory: TrackFactory;
  readonly #answer: (options: JoinOptions, room: FakeRoom) => Promise<void>;

  /** @param answer throws or waits where joining is not to succeed at once */
  constructor(
    answer: (options: JoinOptions, room: FakeRoom) => Promise<void> = () => Promise.resolve(),
    factory: TrackFactory = fakeTracks,
  ) {
    this.#answer = answer;
    this.#factory = factory;
  }

  async joinRoom(options: JoinOptions): Promise<CallRoom> {
    const { local, presence, room: link } = options;
    const room = new FakeRoom({
      ...(local === undefined ? {} : { local }),
      ...(presence === undefined ? {} : { presence }),
      ...(typeof link === 'string' ? {} : { link }),
    });
    await this.#answer(options, room);
    this.rooms.push(room);
    return room;
  }

  async enterLobby(options: LobbyOptions): Promise<CallVisit> {
    const visit = new FakeVisit(options, (said) => this.joinRoom({ ...options, ...said }));
    this.visits.push(visit);
    return visit;
  }

  checkConnection({ signal }: CheckOptions): Promise<Diagnosis> {
    this.checks += 1;
    return this.check(signal);
  }

  createLocalMedia(): LocalMedia {
    const media = new FakeLocalMedia(this.#factory);
    this.media.push(media);
    return media;
  }
}
