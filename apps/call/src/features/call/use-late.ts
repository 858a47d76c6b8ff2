import { useEffect, useState } from 'react';

/** Longer than connecting or coming back takes over any network that works well. */
const LATE_AFTER_MS = 8_000;

/** @param sinceMs when it began, on the clock of `performance.now()`; undefined where nothing is waited for */
export function useLate(sinceMs: number | undefined): boolean {
  const [lateSinceMs, setLateSinceMs] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (sinceMs === undefined) return undefined;
    const timer = setTimeout(
      () => setLateSinceMs(sinceMs),
      Math.max(0, sinceMs + LATE_AFTER_MS - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [sinceMs]);
  return sinceMs !== undefined && lateSinceMs === sinceMs;
}
