export interface PageListeners {
  /** The page goes away, maybe for good: the last moment at which anything is sent. */
  readonly onHide: () => void;
  /** The page will run nothing for a while: the last moment to say so (Page Lifecycle). */
  readonly onFreeze: () => void;
  /** There is a network again, or another one; or the page runs again, behind who knows what. */
  readonly onNetwork: () => void;
}

/** Network Information API; where it is missing, only going offline and online is told. */
interface WithConnection {
  readonly connection?: EventTarget;
}

/** Listens to the page, where there is one. @returns the teardown */
export function listenToPage(listeners: PageListeners): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => undefined;
  const teardown = new AbortController();
  const { signal } = teardown;
  globalThis.addEventListener('pagehide', listeners.onHide, { signal });
  globalThis.addEventListener('online', listeners.onNetwork, { signal });
  const { document, navigator } = globalThis as Partial<typeof globalThis>;
  document?.addEventListener('freeze', listeners.onFreeze, { signal });
  document?.addEventListener('resume', listeners.onNetwork, { signal });
  const network: (Navigator & WithConnection) | undefined = navigator;
  network?.connection?.addEventListener('change', listeners.onNetwork, { signal });
  return () => teardown.abort();
}
