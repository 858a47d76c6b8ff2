/** The part of `Storage` that the app uses. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Reads JSON; anything missing or broken is `undefined`.
 * Browsers that block site data throw on mere access, which must not cost anybody a call.
 */
export function readJson(storage: KeyValueStorage, key: string): unknown {
  try {
    const text = storage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns whether it was kept; a full or blocked storage keeps nothing */
export function writeJson(storage: KeyValueStorage, key: string, value: unknown): boolean {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** What the app falls back to where the browser gives no storage: lasts as long as the page. */
export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** `localStorage`, or memory where the browser denies it. */
export function browserStorage(): KeyValueStorage {
  try {
    return globalThis.localStorage;
  } catch {
    return memoryStorage();
  }
}

/** `sessionStorage`, which ends with the tab; or memory where the browser denies it. */
export function tabStorage(): KeyValueStorage {
  try {
    return globalThis.sessionStorage;
  } catch {
    return memoryStorage();
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
