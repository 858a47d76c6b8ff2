import type {
  LeaveReason,
  LobbyOptions,
  PeerlineErrorCode,
  RoomAccess,
  RoomAdmission,
  RoomLink,
  VisitJoinOptions,
} from 'peerline';
import { Call, type CallHost } from './call.ts';
import { Diagnoser } from './diagnoser.ts';
import type { Environment } from './environment.ts';
import { errorCode, joinProblem, type JoinProblem } from './failures.ts';
import { LobbyVisit } from './lobby-visit.ts';
import type { Meter } from './meter.ts';
import { cleanName, GUEST_NAME } from './names.ts';
import type { KnownPeople } from './known-people.ts';
import { OwnLevel } from './own-level.ts';
import { OwnMedia } from './own-media.ts';
import type { PreferenceStore } from './preferences.ts';
import type { RecentRooms } from './recent-rooms.ts';
import type { RoomPasswords } from './room-passwords.ts';
import type { CallRoom, Sdk } from './sdk.ts';
import { Store } from './store.ts';
import type { Toasts } from './toasts.ts';

/** Where a visit to one room stands. */
export type SessionState =
  | { readonly status: 'lobby'; readonly problem: JoinProblem | undefined }
  /** The room wants a password, or another one than it was given. */
  | { readonly status: 'password'; readonly wrong: boolean }
  | { readonly status: 'joining'; readonly cancel: () => void }
  /** Those in the call have been asked to let the person in. */
  | { readonly status: 'waiting'; readonly cancel: () => void }
  | { readonly status: 'in-call'; readonly call: Call }
  | { readonly status: 'left'; readonly reason: LeaveReason };

/** Where a link came from: one that was made here leads to a room that nobody has been in. */
export type LinkOrigin = 'made-here' | 'given';

/** How a new room is to be, as chosen before anyone is in it. */
export interface NewRoom {
  readonly access: RoomAccess;
  /** Empty for none. */
  readonly password: string;
}

export interface SessionHost extends CallHost {
  readonly openMeter: (track: MediaStreamTrack) => Meter;
}

export interface SessionDependencies {
  readonly link: RoomLink;
  readonly origin: LinkOrigin;
  readonly sdk: Sdk;
  readonly preferences: PreferenceStore;
  readonly recentRooms: RecentRooms;
  readonly knownPeople: Pick<KnownPeople, 'identities'>;
  readonly passwords: RoomPasswords;
  readonly toasts: Toasts;
  readonly environment: Environment;
  readonly host: SessionHost;
}

/** One visit to a room, from the lobby to having left, and back in again. */
export class Session {
  /** The link that the person came by. */
  readonly openedWith: RoomLink;
  /** Changes when someone is removed: the old link then opens nothing any more. */
  readonly currentLink: Store<RoomLink>;
  /** What the person chose for a room of their own; undefined in the rooms of others. */
  readonly newRoom: Store<NewRoom> | undefined;
  readonly own: OwnMedia;
  readonly ownLevel: OwnLevel;
  /** Whether calls get out of here, looked at while the person is in the lobby. */
  readonly check: Diagnoser;
  readonly visit = new LobbyVisit();
  readonly state = new Store<SessionState>({ status: 'lobby', problem: undefined });
  readonly environment: Environment;
  readonly #dependencies: SessionDependencies;
  /** Whether someone inside lets people in, as learnt by asking. */
  #knocks = false;
  /** The join that is under way. */
  #attempt: AbortController | undefined;
  #disposed = false;

  constructor(dependencies: SessionDependencies) {
    const { link, origin, sdk, preferences, toasts, environment, host } = dependencies;
    this.#dependencies = dependencies;
    this.openedWith = link;
    this.currentLink = new Store(link);
    this.newRoom =
      origin === 'made-here' ? new Store<NewRoom>({ access: 'open', password: '' }) : undefined;
    this.environment = environment;
    this.own = new OwnMedia(sdk.createLocalMedia(), preferences, toasts);
    this.check = new Diagnoser((signal) => sdk.checkConnection({ signal }));
    this.ownLevel = new OwnLevel(this.own, host.openMeter);
  }

  get link(): RoomLink {
    return this.currentLink.get();
  }

  /** Whether one has to ask to be let in, where that is known. */
  get knocks(): boolean {
    return this.#knocks;
  }

  /** Whether joining can work at all in this browser, on this page. */
  get canJoin(): boolean {
    return this.environment.secure && this.environment.webrtc;
  }

  /** Opens what the person had on the last time, for the lobby's preview, and visits the room. */
  start(): void {
    if (!this.canJoin) return;
    void this.own.start();
    this.#visitRoom();
  }

  /** A room that is new is empty, and how it is to be is chosen until the moment in which one goes in. */
  #visitRoom(): void {
    if (this.newRoom !== undefined) return;
    const { sdk, passwords } = this.#dependencies;
    const password = passwords.of(this.link);
    this.visit.start(password, async () => sdk.enterLobby(await this.#optionsWith(password)));
  }

  /** What coming in and visiting have in common. */
  async #optionsWith(password: string | undefined): Promise<LobbyOptions> {
    const identities = await this.#dependencies.knownPeople.identities();
    return {
      ...{ room: this.link, local: this.own.local },
      ...(identities === undefined ? {} : { identities }),
      ...(password === undefined ? {} : { password }),
    };
  }

  /**
   * Goes in. Does nothing while joining or in the call already.
   *
   * @param typed the password, where the person was asked for one; else the one that opened this room before
   */
  async join(name: string, typed?: string): Promise<void> {
    if (this.#disposed || this.#attempt !== undefined || this.state.get().status === 'in-call') {
      return;
    }
    const { preferences, passwords, host } = this.#dependencies;
    this.check.stop();
    const ownName = cleanName(name);
    preferences.change({ name: ownName });
    const shownName = ownName === '' ? GUEST_NAME : ownName;
    const password = typed ?? passwords.of(this.link) ?? this.#chosenPassword();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const cancel = (): void => {
      attempt.abort();
      if (this.#attempt === attempt) this.#toLobby(undefined);
    };
    this.state.set({ status: 'joining', cancel });
    let waited = false;
    try {
      const room = await this.#comeIn(password, {
        presence: { name: shownName },
        signal: attempt.signal,
        onWaiting: () => {
          waited = true;
          this.#knocks = true;
          if (this.#attempt === attempt) this.state.set({ status: 'waiting', cancel });
        },
      });
      // Cancelled or gone in the moment in which it came about.
      if (this.#attempt !== attempt) {
        await room.leave();
        return;
      }
      passwords.keep(this.link, password);
      if (waited) host.playTone('admitted');
      this.#enter(room, shownName);
    } catch (error) {
      if (this.#attempt === attempt) this.#refused(error, password !== undefined);
    }
  }

  async #comeIn(password: string | undefined, said: VisitJoinOptions): Promise<CallRoom> {
    const visit = await this.visit.take(password);
    if (visit !== undefined) return await visit.join(said);
    return await this.#dependencies.sdk.joinRoom({
      ...(await this.#optionsWith(password)),
      ...said,
      ...(this.newRoom === undefined ? {} : { access: this.newRoom.get().access }),
    });
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
    if (this.canJoin) void this.own.start();
    await this.join(this.#dependencies.preferences.get().name);
  }

  /** Ends everything: the person went to another page. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.check.stop();
    this.visit.stop();
    const state = this.state.get();
    if (state.status === 'joining' || state.status === 'waiting') state.cancel();
    if (state.status === 'in-call') void this.leave();
    this.ownLevel.dispose();
    this.own.dispose();
  }

  #chosenPassword(): string | undefined {
    const password = this.newRoom?.get().password;
    return password === '' ? undefined : password;
  }

  #toLobby(problem: JoinProblem | undefined): void {
    this.#attempt = undefined;
    this.state.set({ status: 'lobby', problem });
    if (!this.#disposed) this.#visitRoom();
  }

  #refused(error: unknown, passwordGiven: boolean): void {
    const code = errorCode(error);
    if (code === 'wrong-password') {
      this.#dependencies.passwords.keep(this.link, undefined);
      this.#attempt = undefined;
      this.state.set({ status: 'password', wrong: passwordGiven });
      return;
    }
    if (code === 'declined') this.#knocks = true;
    this.#forgetIfDead(code);
    this.#toLobby(code === 'aborted' ? undefined : joinProblem(error));
  }

  #enter(room: CallRoom, name: string): void {
    this.#attempt = undefined;
    const { preferences, recentRooms, passwords, toasts, host } = this.#dependencies;
    if (preferences.get().rememberRooms) recentRooms.add(this.link, host.nowMs());
    const { own, ownLevel } = this;
    this.#follow(room.admission);
    const keepPassword = (password: string | undefined): void =>
      passwords.keep(this.link, password);
    const call = new Call({ room, own, ownLevel, preferences, toasts, host, name, keepPassword });
    this.state.set({ status: 'in-call', call });
    const ended = (): void => {
      const { state } = room;
      if (state.status === 'left') this.#end(call, state.reason);
    };
    room.on('state', ended);
    // It may have ended before anyone listened.
    ended();
  }

  /** What leads nowhere any more is nothing to go back to. */
  #forgetIfDead(code: PeerlineErrorCode | undefined): void {
    if (code !== 'room-moved' && code !== 'removed') return;
    this.#dependencies.recentRooms.remove(this.link);
    this.#dependencies.passwords.keep(this.link, undefined);
  }

  /**
   * Who is removed must not come back by the old link, so the others get another one. And what the host
   * has changed holds for the next time too: where all have left, the room is made anew with the next join.
   */
  #follow(admission: RoomAdmission): void {
    const { preferences, recentRooms, passwords } = this.#dependencies;
    this.newRoom?.update((choice) => ({ ...choice, password: '' }));
    admission.on('access', (access) => {
      // A room that was closed at its end would be one for oneself alone.
      const again = access === 'locked' ? 'knock' : access;
      this.newRoom?.update((choice) => ({ ...choice, access: again }));
    });
    admission.on('link', (link) => {
      if (preferences.get().rememberRooms) recentRooms.move(this.link, link);
      passwords.move(this.link, link);
      this.currentLink.set(link);
    });
  }

  #end(call: Call, reason: LeaveReason): void {
    const state = this.state.get();
    if (state.status !== 'in-call' || state.call !== call) return;
    call.dispose();
    this.own.stop();
    if (reason.code === 'refused') this.#forgetIfDead(reason.error.code);
    this.state.set({ status: 'left', reason });
  }
}
