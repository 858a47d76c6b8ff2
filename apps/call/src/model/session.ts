import type { LeaveReason, RoomLink } from 'peerline';
import { Call, type CallHost } from './call.ts';
import { Diagnoser } from './diagnoser.ts';
import type { Environment } from './environment.ts';
import { errorCode, joinProblem, type JoinProblem } from './failures.ts';
import type { Meter } from './meter.ts';
import { cleanName, GUEST_NAME } from './names.ts';
import type { KnownPeople } from './known-people.ts';
import { OwnLevel } from './own-level.ts';
import { OwnMedia } from './own-media.ts';
import type { PreferenceStore } from './preferences.ts';
import type { RecentRooms } from './recent-rooms.ts';
import type { CallRoom, Sdk } from './sdk.ts';
import { Store } from './store.ts';
import type { Toasts } from './toasts.ts';

/** Where a visit to one room stands. */
export type SessionState =
  | { readonly status: 'lobby'; readonly problem: JoinProblem | undefined }
  | { readonly status: 'joining'; readonly cancel: () => void }
  | { readonly status: 'in-call'; readonly call: Call }
  | { readonly status: 'left'; readonly reason: LeaveReason };

export interface SessionHost extends CallHost {
  readonly openMeter: (track: MediaStreamTrack) => Meter;
}

export interface SessionDependencies {
  readonly link: RoomLink;
  readonly sdk: Sdk;
  readonly preferences: PreferenceStore;
  readonly recentRooms: RecentRooms;
  readonly knownPeople: Pick<KnownPeople, 'identities'>;
  readonly toasts: Toasts;
  readonly environment: Environment;
  readonly host: SessionHost;
}

/** One visit to a room, from the lobby to having left, and back in again. */
export class Session {
  readonly link: RoomLink;
  readonly own: OwnMedia;
  readonly ownLevel: OwnLevel;
  /** Whether calls get out of here, looked at while the person is in the lobby. */
  readonly check: Diagnoser;
  readonly state = new Store<SessionState>({ status: 'lobby', problem: undefined });
  readonly environment: Environment;
  readonly #dependencies: SessionDependencies;
  #disposed = false;

  constructor(dependencies: SessionDependencies) {
    const { link, sdk, preferences, toasts, environment, host } = dependencies;
    this.#dependencies = dependencies;
    this.link = link;
    this.environment = environment;
    this.own = new OwnMedia(sdk.createLocalMedia(), preferences, toasts);
    this.check = new Diagnoser((signal) => sdk.checkConnection({ signal }));
    this.ownLevel = new OwnLevel(this.own, host.openMeter);
  }

  /** Whether joining can work at all in this browser, on this page. */
  get canJoin(): boolean {
    return this.environment.secure && this.environment.webrtc;
  }

  /** Opens what the person had on the last time, for the lobby's preview. */
  start(): void {
    if (this.canJoin) void this.own.start();
  }

  /** Goes in. Does nothing while joining or in the call already. */
  async join(name: string): Promise<void> {
    const { status } = this.state.get();
    if (this.#disposed || status === 'joining' || status === 'in-call') return;
    const { sdk, preferences, knownPeople } = this.#dependencies;
    this.check.stop();
    const ownName = cleanName(name);
    preferences.change({ name: ownName });
    const joining = new AbortController();
    const attempt: SessionState = {
      status: 'joining',
      cancel: () => {
        joining.abort();
        if (this.state.get() === attempt) this.#toLobby(undefined);
      },
    };
    this.state.set(attempt);
    try {
      const identities = await knownPeople.identities();
      const room = await sdk.joinRoom({
        room: this.link,
        ...(identities === undefined ? {} : { identities }),
        local: this.own.local,
        presence: { name: ownName === '' ? GUEST_NAME : ownName },
        signal: joining.signal,
      });
      // Cancelled or gone in the moment in which it came about.
      if (this.state.get() !== attempt) {
        await room.leave();
        return;
      }
      this.#enter(room, ownName === '' ? GUEST_NAME : ownName);
    } catch (error) {
      if (this.state.get() !== attempt) return;
      this.#toLobby(errorCode(error) === 'aborted' ? undefined : joinProblem(error));
    }
  }

  async leave(): Promise<void> {
    const state = this.state.get();
    if (state.status !== 'in-call') return;
    const { room } = state.call;
    this.#end(state.call, { code: 'requested' });
    await room.leave();
  }

  /** From the left screen straight back in, with camera and microphone as they were. */
  async rejoin(): Promise<void> {
    if (this.state.get().status !== 'left') return;
    this.start();
    await this.join(this.#dependencies.preferences.get().name);
  }

  /** Ends everything: the person went to another page. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.check.stop();
    const state = this.state.get();
    if (state.status === 'joining') state.cancel();
    if (state.status === 'in-call') void this.leave();
    this.ownLevel.dispose();
    this.own.dispose();
  }

  #toLobby(problem: JoinProblem | undefined): void {
    this.state.set({ status: 'lobby', problem });
  }

  #enter(room: CallRoom, name: string): void {
    const { preferences, recentRooms, toasts, host } = this.#dependencies;
    if (preferences.get().rememberRooms) recentRooms.add(this.link, host.nowMs());
    const { own, ownLevel } = this;
    const call = new Call({ room, own, ownLevel, preferences, toasts, host, name });
    this.state.set({ status: 'in-call', call });
    const ended = (): void => {
      const { state } = room;
      if (state.status === 'left') this.#end(call, state.reason);
    };
    room.on('state', ended);
    // It may have ended before anyone listened.
    ended();
  }

  #end(call: Call, reason: LeaveReason): void {
    const state = this.state.get();
    if (state.status !== 'in-call' || state.call !== call) return;
    call.dispose();
    this.own.stop();
    this.state.set({ status: 'left', reason });
  }
}
