export interface PageListeners {
  /** The page goes away, maybe for good: the last moment at which anything is sent. */
  readonly onHide: () => void;
  /** The system says that there is a network again, or that it is another one. */
  readonly onOnline: () => void;
}

/** Listens to the page, where there is one. @returns the teardown */
export function listenToPage(listeners: PageListeners): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => undefined;
  const teardown = new AbortController();
  const { signal } = teardown;
  globalThis.addEventListener('pagehide', listeners.onHide, { signal });
  globalThis.addEventListener('online', listeners.onOnline, { signal });
  return () => teardown.abort();
}
