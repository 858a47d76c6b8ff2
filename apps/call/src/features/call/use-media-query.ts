import { useSyncExternalStore } from 'react';

/** Phones and narrow windows: the panel covers all, and less stands in the bar. */
export const COMPACT = '(width < 48rem)';

export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
