import { useRef, type MouseEvent, type PointerEvent } from 'react';

/**
 * With a finger, the first tap on a faded bar shows it again and does nothing else: nobody means
 * to press a button that cannot be seen. A mouse shows the bar on its way there.
 */
export function useTapGuard(idle: boolean) {
  const waking = useRef(false);
  return {
    onPointerDownCapture(event: PointerEvent): void {
      waking.current = idle && event.pointerType === 'touch';
    },
    onClickCapture(event: MouseEvent): void {
      if (!waking.current) return;
      waking.current = false;
      event.stopPropagation();
      event.preventDefault();
    },
  };
}
