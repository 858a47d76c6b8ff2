/** The part of the browser that keeps a screen lit; a parameter for tests. */
export interface WakeLockHost {
  request(): Promise<{ release(): Promise<void> }>;
  isVisible(): boolean;
  onVisible(listener: () => void): () => void;
}

export function browserWakeLockHost(): WakeLockHost | undefined {
  if (!('wakeLock' in navigator)) return undefined;
  return {
    request: () => navigator.wakeLock.request('screen'),
    isVisible: () => document.visibilityState === 'visible',
    onVisible(listener) {
      const check = (): void => {
        if (document.visibilityState === 'visible') listener();
      };
      document.addEventListener('visibilitychange', check);
      return () => document.removeEventListener('visibilitychange', check);
    },
  };
}

/** Keeps the screen lit until the returned function is called. Browsers drop the lock of a hidden page. */
export function keepAwake(host: WakeLockHost): () => void {
  let ended = false;
  let lock: { release(): Promise<void> } | undefined;
  const ask = async (): Promise<void> => {
    if (ended || !host.isVisible()) return;
    try {
      const granted = await host.request();
      if (ended) await granted.release();
      else lock = granted;
    } catch {
      // A low battery or a policy says no; the call goes on without.
    }
  };
  const stop = host.onVisible(() => void ask());
  void ask();
  return () => {
    ended = true;
    stop();
    void lock?.release().catch(() => undefined);
  };
}
