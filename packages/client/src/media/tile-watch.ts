import type { Shown } from '@peerline/protocol';

/**
 * Watches how large an element is on the screen: its size (Resize Observer), whether any of it is in view
 * (Intersection Observer) and whether the page is (Page Visibility). In a window of its own it always is.
 *
 * @returns ends the watching
 */
export function watchTile(element: HTMLMediaElement, onChange: (shown: Shown) => void): () => void {
  const page = element.ownerDocument;
  const listeners = new AbortController();
  const { signal } = listeners;
  let isInView = true;
  const look = (): void => {
    const isFloating = page.pictureInPictureElement === element;
    const isSeen = isFloating || (isInView && page.visibilityState === 'visible');
    const { width, height } = element.getBoundingClientRect();
    const ratio = page.defaultView?.devicePixelRatio ?? 1;
    onChange(
      isSeen
        ? { width: Math.round(width * ratio), height: Math.round(height * ratio) }
        : { width: 0, height: 0 },
    );
  };
  const sizes = new ResizeObserver(look);
  const views = new IntersectionObserver((entries) => {
    isInView = entries.at(-1)?.isIntersecting ?? true;
    look();
  });
  sizes.observe(element);
  views.observe(element);
  page.addEventListener('visibilitychange', look, { signal });
  element.addEventListener('enterpictureinpicture', look, { signal });
  element.addEventListener('leavepictureinpicture', look, { signal });
  return () => {
    sizes.disconnect();
    views.disconnect();
    listeners.abort();
  };
}
