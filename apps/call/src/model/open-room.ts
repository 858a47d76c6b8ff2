import { checkConnection, createLocalMedia, enterLobby, joinRoom, type RoomLink } from 'peerline';
import { readEnvironment } from './environment.ts';
import { openMeter } from './meter.ts';
import { Session, type LinkOrigin, type SessionDependencies, type SessionHost } from './session.ts';
import type { CallMessages } from './sdk.ts';
import { playTone } from './tones.ts';
import { browserWakeLockHost, keepAwake } from './wake-lock.ts';

type Shared = Pick<
  SessionDependencies,
  'preferences' | 'recentRooms' | 'knownPeople' | 'passwords' | 'toasts'
>;

/** The browser, as far as a session needs it. */
export function browserHost({ preferences }: Shared): SessionHost {
  return {
    nowMs: () => Date.now(),
    makeId: () => crypto.randomUUID(),
    every(periodMs, callback) {
      const timer = setInterval(callback, periodMs);
      return () => clearInterval(timer);
    },
    keepAwake() {
      const host = browserWakeLockHost();
      return host === undefined ? () => undefined : keepAwake(host);
    },
    playTone(name) {
      // Decoration: where the browser holds sound back, there is none.
      void playTone(name, preferences.get().speakerId).catch(() => undefined);
    },
    openMeter,
  };
}

/** Begins a visit to a room over the real SDK. */
export function openRoom(link: RoomLink, origin: LinkOrigin, shared: Shared): Session {
  return new Session({
    ...shared,
    link,
    origin,
    sdk: {
      joinRoom: (options) => joinRoom<CallMessages>(options),
      enterLobby: (options) => enterLobby<CallMessages>(options),
      createLocalMedia,
      checkConnection,
    },
    environment: readEnvironment(),
    host: browserHost(shared),
  });
}
