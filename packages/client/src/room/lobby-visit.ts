import type { PeerId } from '@peerline/protocol';
import type { JoinOptions, MessageMap, Room } from '../api.ts';
import type {
  LobbyOptions,
  Visit,
  VisitEvents,
  VisitJoinOptions,
  VisitState,
} from '../api-visit.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter } from '../base/events.ts';
import { joinRoomWith, prepare, type JoinEnvironment, type Prepared } from './join-room.ts';
import { checkedPresence } from './presence.ts';
import type { JoinedRoom } from './room.ts';
import type { Admission } from './sealed-signals.ts';

/** The server's word takes one round trip; behind this a join of its own is begun. */
const WELCOME_MAX_MS = 8_000;

/** What the server told so far, and what was made of it. */
type Progress<M extends MessageMap> =
  | { readonly status: 'connecting' }
  | {
      readonly status: 'ready';
      readonly lobby: Admission;
      readonly others: Set<PeerId>;
      /** With connections to those inside, where they were wished for. */
      readonly room: JoinedRoom<M> | undefined;
    }
  | { readonly status: 'over'; readonly by: 'end' | 'join' | 'leave' };

/** @throws PeerlineError `bad-link`, `bad-options`, `insecure-context`, `webrtc-missing` */
export async function enterLobbyWith<M extends MessageMap>(
  options: LobbyOptions<M>,
  environment: JoinEnvironment,
): Promise<Visit<M>> {
  return new LobbyVisit(options, environment, await prepare(options, environment));
}

/** A visit to a room's lobby (SPEC.md, section Visits). It makes joining quick, and is needed for nothing else. */
class LobbyVisit<M extends MessageMap> extends Emitter<VisitEvents> implements Visit<M> {
  readonly #options: LobbyOptions<M>;
  readonly #environment: JoinEnvironment;
  readonly #prepared: Prepared<M>;
  #progress: Progress<M> = { status: 'connecting' };
  readonly #listening = new AbortController();

  constructor(options: LobbyOptions<M>, environment: JoinEnvironment, prepared: Prepared<M>) {
    super();
    this.#options = options;
    this.#environment = environment;
    this.#prepared = prepared;
    const { signals, session } = prepared;
    const listening = { signal: this.#listening.signal };
    signals.on('welcome', (lobby) => this.#welcomed(lobby), listening);
    signals.on('joined', (peer) => this.#changed((others) => others.add(peer)), listening);
    signals.on('left', ({ peer }) => this.#changed((others) => others.delete(peer)), listening);
    signals.on(
      'state',
      ({ status }) => {
        if (status === 'connecting') this.#emit();
        // Whoever joins is told why it may not, in words of its own.
        else if (status !== 'visiting') this.#end('end');
      },
      listening,
    );
    session.begin('visitor');
  }

  get state(): VisitState {
    const progress = this.#progress;
    if (progress.status === 'over') return { status: 'ended' };
    const isThere = this.#prepared.signaling.state.status === 'visiting';
    if (progress.status === 'connecting' || !isThere) return { status: 'connecting' };
    return { status: 'ready', others: progress.others.size };
  }

  async join(late: VisitJoinOptions = {}): Promise<Room<M>> {
    const progress = this.#progress;
    if (progress.status === 'over' && progress.by !== 'end') throw PeerlineError.roomLeft();
    const { signal } = late;
    throwIfAborted(signal);
    const presence = checkedPresence(late.presence ?? {});
    // Another password is another word at the door than the one that was said already.
    const isUsable = progress.status === 'ready' && late.password === undefined;
    if (isUsable && this.state.status === 'ready') {
      const { lobby, others, room } = progress;
      this.#over('join');
      const welcome = { ...lobby, peers: [...others] };
      const entered = room ?? this.#prepared.enter(welcome, 'inside', presence);
      const welcomed = this.#welcome(signal);
      entered.comeIn(presence);
      if (await welcomed) {
        signal?.addEventListener('abort', () => void entered.leave(), { once: true });
        return entered;
      }
      await entered.leave();
      throwIfAborted(signal);
    } else {
      this.#end('join');
    }
    return await joinRoomWith(this.#cold(late), this.#environment);
  }

  async leave(): Promise<void> {
    this.#end('leave');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  #welcomed(lobby: Admission): void {
    if (this.#progress.status === 'connecting') {
      const { relayOnly = false, connect = relayOnly ? 'server' : 'peers' } = this.#options;
      const room = connect === 'peers' ? this.#prepared.enter(lobby, 'lobby', {}) : undefined;
      this.#progress = { status: 'ready', lobby, others: new Set(lobby.peers), room };
      this.#emit();
      return;
    }
    this.#changed((others) => {
      others.clear();
      for (const peer of lobby.peers) others.add(peer);
    });
  }

  #changed(change: (others: Set<PeerId>) => void): void {
    if (this.#progress.status !== 'ready') return;
    change(this.#progress.others);
    this.#emit();
  }

  /** @returns whether it came */
  #welcome(signal: AbortSignal | undefined): Promise<boolean> {
    const { signals } = this.#prepared;
    return new Promise((resolve) => {
      const listening = new AbortController();
      const settle = (isWelcome: boolean): void => {
        listening.abort();
        resolve(isWelcome);
      };
      const cancel = this.#environment.clock.setTimeout(() => settle(false), WELCOME_MAX_MS);
      listening.signal.addEventListener('abort', cancel);
      signals.on('welcome', () => settle(true), { signal: listening.signal });
      signals.on(
        'state',
        ({ status }) => {
          if (status !== 'joined' && status !== 'visiting') settle(false);
        },
        { signal: listening.signal },
      );
      signal?.addEventListener('abort', () => settle(false), { signal: listening.signal });
    });
  }

  #end(by: 'end' | 'join' | 'leave'): void {
    const progress = this.#progress;
    if (progress.status === 'over') {
      // What has ended by itself may still be left, or joined.
      if (progress.by === 'end') this.#progress = { status: 'over', by };
      return;
    }
    this.#over(by);
    const { signaling, signals } = this.#prepared;
    if (progress.status === 'ready' && progress.room !== undefined) void progress.room.leave();
    else {
      signals.close();
      signaling.leave();
    }
  }

  #over(by: 'end' | 'join' | 'leave'): void {
    this.#listening.abort();
    this.#progress = { status: 'over', by };
    this.#emit();
  }

  #emit(): void {
    this.emit('state', this.state);
  }

  #cold(late: VisitJoinOptions): JoinOptions<M> {
    const { connect: _, ...options } = this.#options;
    return { ...options, ...late };
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw PeerlineError.aborted(signal.reason);
}
