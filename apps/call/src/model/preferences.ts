import { cleanName } from './names.ts';
import { Store, type ReadableStore } from './store.ts';
import { isRecord, readJson, writeJson, type KeyValueStorage } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const CORNERS = ['top-start', 'top-end', 'bottom-start', 'bottom-end'] as const;
export type Corner = (typeof CORNERS)[number];

/** What this browser remembers about the person. Nothing of it leaves the browser but the name. */
export interface Preferences {
  readonly name: string;
  readonly theme: Theme;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  /** Device ids, as the browser made them for this site; `undefined` is the browser's default. */
  readonly microphoneId: string | undefined;
  readonly cameraId: string | undefined;
  readonly speakerId: string | undefined;
  /** Single-letter keys during a call (WCAG 2.1.4 asks for a way to turn them off). */
  readonly shortcuts: boolean;
  /** A soft tone when someone comes or goes. */
  readonly chime: boolean;
  /** A tone when someone asks to be let in, which nobody sees who looks elsewhere. */
  readonly knockSound: boolean;
  readonly rememberRooms: boolean;
  /** Where the small own picture sits. */
  readonly selfViewCorner: Corner;
}

export const DEFAULT_PREFERENCES: Preferences = {
  name: '',
  theme: 'system',
  microphoneOn: true,
  cameraOn: true,
  microphoneId: undefined,
  cameraId: undefined,
  speakerId: undefined,
  shortcuts: true,
  chime: false,
  knockSound: true,
  rememberRooms: true,
  selfViewCorner: 'bottom-end',
};

const STORAGE_KEY = 'peerline.preferences';

/** Takes what fits from stored data and the default for the rest. */
export function parsePreferences(input: unknown): Preferences {
  if (!isRecord(input)) return DEFAULT_PREFERENCES;
  const flag = (key: keyof Preferences, otherwise: boolean): boolean => {
    const value = input[key];
    return typeof value === 'boolean' ? value : otherwise;
  };
  const id = (key: keyof Preferences): string | undefined => {
    const value = input[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = input['name'];
  return {
    name: typeof name === 'string' ? cleanName(name) : '',
    theme: THEMES.find((theme) => theme === input['theme']) ?? DEFAULT_PREFERENCES.theme,
    microphoneOn: flag('microphoneOn', DEFAULT_PREFERENCES.microphoneOn),
    cameraOn: flag('cameraOn', DEFAULT_PREFERENCES.cameraOn),
    microphoneId: id('microphoneId'),
    cameraId: id('cameraId'),
    speakerId: id('speakerId'),
    shortcuts: flag('shortcuts', DEFAULT_PREFERENCES.shortcuts),
    chime: flag('chime', DEFAULT_PREFERENCES.chime),
    knockSound: flag('knockSound', DEFAULT_PREFERENCES.knockSound),
    rememberRooms: flag('rememberRooms', DEFAULT_PREFERENCES.rememberRooms),
    selfViewCorner:
      CORNERS.find((corner) => corner === input['selfViewCorner']) ??
      DEFAULT_PREFERENCES.selfViewCorner,
  };
}

export class PreferenceStore implements ReadableStore<Preferences> {
  readonly #storage: KeyValueStorage;
  readonly #store: Store<Preferences>;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
    this.#store = new Store(parsePreferences(readJson(storage, STORAGE_KEY)));
  }

  readonly get = (): Preferences => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  change(part: Partial<Preferences>): void {
    const next = { ...this.#store.get(), ...part };
    this.#store.set(next);
    writeJson(this.#storage, STORAGE_KEY, next);
  }
}
