import { useEffect, useState, type RefObject } from 'react';

/** How long nothing happens before the bar makes way for the picture. */
const IDLE_AFTER_MS = 3_000;

/** What keeps a bar: a pointer on it, or the keyboard's focus in it. */
const HELD = ':hover, :has(:focus-visible)';

/** Without a pointer that hovers, `:hover` sticks to what was tapped last. */
const HELD_BY_TOUCH = ':has(:focus-visible)';

/** Menus and small surfaces that are open, wherever their buttons stand. */
const OPEN_POPUP = '[aria-expanded="true"][data-popup-open]';

/** True once nobody has moved or typed for a while, and nothing holds the bars. */
export function useIdle(bars: readonly RefObject<HTMLElement | null>[], enabled: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!enabled) {
      setIdle(false);
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = (): void => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(rest, IDLE_AFTER_MS);
    };
    const rest = (): void => {
      const held = matchMedia('(hover: hover)').matches ? HELD : HELD_BY_TOUCH;
      const open = document.querySelector(OPEN_POPUP) !== null;
      if (open || bars.some((bar) => bar.current?.matches(held) === true)) wake();
      else setIdle(true);
    };
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const event of events) addEventListener(event, wake, { passive: true });
    wake();
    return () => {
      clearTimeout(timer);
      for (const event of events) removeEventListener(event, wake);
    };
    // The refs in `bars` are the same ones for as long as the page lives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [enabled]);
  return idle;
}
