import { createMemoryIdentities } from 'peerline/identities';
import type { Environment } from '../environment.ts';
import { KnownPeople } from '../known-people.ts';
import { PreferenceStore } from '../preferences.ts';
import { RecentRooms } from '../recent-rooms.ts';
import { RoomPasswords } from '../room-passwords.ts';
import { Session, type LinkOrigin, type SessionHost } from '../session.ts';
import { memoryStorage } from '../storage.ts';
import { Toasts } from '../toasts.ts';
import { FAKE_LINK } from './fake-room.ts';
import { FakeSdk } from './fake-sdk.ts';

export const FAKE_ENVIRONMENT: Environment = {
  family: 'chrome',
  mobile: false,
  secure: true,
  webrtc: true,
  canShareScreen: true,
  canChooseSpeaker: true,
  canShareLink: false,
};

/** A host whose clock and timers the test turns by hand. */
export class FakeHost implements SessionHost {
  timeMs = 1_000_000;
  awake = 0;
  readonly tones: string[] = [];
  readonly #periodic = new Set<() => void>();
  #ids = 0;

  readonly nowMs = (): number => this.timeMs;

  readonly makeId = (): string => {
    this.#ids += 1;
    return `id-${this.#ids}`;
  };

  readonly every = (_periodMs: number, callback: () => void): (() => void) => {
    this.#periodic.add(callback);
    return () => this.#periodic.delete(callback);
  };

  readonly keepAwake = (): (() => void) => {
    this.awake += 1;
    return () => {
      this.awake -= 1;
    };
  };

  readonly playTone = (name: string): void => void this.tones.push(name);

  readonly openMeter = (): { level: () => number; close: () => void } => ({
    level: () => 0,
    close: () => undefined,
  });

  get timers(): number {
    return this.#periodic.size;
  }

  /** Lets all periodic callbacks happen once, some time later. */
  tick(passedMs: number): void {
    this.timeMs += passedMs;
    for (const callback of this.#periodic) callback();
  }
}

export interface SessionRig {
  readonly session: Session;
  readonly sdk: FakeSdk;
  readonly host: FakeHost;
  readonly preferences: PreferenceStore;
  readonly recentRooms: RecentRooms;
  readonly knownPeople: KnownPeople;
  readonly passwords: RoomPasswords;
  readonly toasts: Toasts;
}

/** A session on fakes all around. */
export function sessionRig(
  sdk = new FakeSdk(),
  environment: Environment = FAKE_ENVIRONMENT,
  origin: LinkOrigin = 'given',
): SessionRig {
  const storage = memoryStorage();
  const preferences = new PreferenceStore(storage);
  const recentRooms = new RecentRooms(storage);
  const knownPeople = new KnownPeople(() => Promise.resolve(createMemoryIdentities()));
  const passwords = new RoomPasswords(storage);
  const toasts = new Toasts();
  const host = new FakeHost();
  const session = new Session({
    link: FAKE_LINK,
    origin,
    sdk,
    preferences,
    recentRooms,
    knownPeople,
    passwords,
    toasts,
    environment,
    host,
  });
  return { session, sdk, host, preferences, recentRooms, knownPeople, passwords, toasts };
}

/** Resolves when the store's value satisfies the condition: at once, or upon a change. */
export function until<T>(
  store: { get: () => T; subscribe: (listener: () => void) => () => void },
  condition: (value: T) => boolean,
): Promise<T> {
  return new Promise((resolve) => {
    const check = (): void => {
      const value = store.get();
      if (!condition(value)) return;
      stop();
      resolve(value);
    };
    const stop = store.subscribe(check);
    check();
  });
}
