import { useRef, useState, type PointerEvent } from 'react';
import type { Corner } from '../../model/preferences.ts';
import { nearestCorner, type Rect, type Size } from '../../model/stage-layout.ts';

/** A flick carries on for this long, so that a short throw reaches the far corner. */
const THROW_MS = 140;

interface Grab {
  readonly pointerId: number;
  readonly startX: number;
  readonly startY: number;
  lastX: number;
  lastY: number;
  lastMs: number;
  velocityX: number;
  velocityY: number;
}

/** Lets a floating tile be dragged; let go, it settles in the nearest corner. */
export function useFloatingDrag(options: {
  readonly stage: Size;
  readonly rect: Rect;
  readonly onCorner: (corner: Corner) => void;
}) {
  const { stage, rect, onCorner } = options;
  const grab = useRef<Grab | undefined>(undefined);
  const [offset, setOffset] = useState<{ x: number; y: number } | undefined>(undefined);

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const onControl = event.target instanceof Element && event.target.closest('button') !== null;
    if (onControl || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grab.current = {
      pointerId: event.pointerId,
      startX: event.clientX,
      startY: event.clientY,
      lastX: event.clientX,
      lastY: event.clientY,
      lastMs: event.timeStamp,
      velocityX: 0,
      velocityY: 0,
    };
    setOffset({ x: 0, y: 0 });
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const held = grab.current;
    if (held?.pointerId !== event.pointerId) return;
    const passedMs = Math.max(1, event.timeStamp - held.lastMs);
    held.velocityX = (event.clientX - held.lastX) / passedMs;
    held.velocityY = (event.clientY - held.lastY) / passedMs;
    held.lastX = event.clientX;
    held.lastY = event.clientY;
    held.lastMs = event.timeStamp;
    setOffset({ x: event.clientX - held.startX, y: event.clientY - held.startY });
  };

  const release = (event: PointerEvent<HTMLElement>): void => {
    const held = grab.current;
    if (held?.pointerId !== event.pointerId) return;
    grab.current = undefined;
    setOffset(undefined);
    const x = rect.x + rect.width / 2 + held.lastX - held.startX + held.velocityX * THROW_MS;
    const y = rect.y + rect.height / 2 + held.lastY - held.startY + held.velocityY * THROW_MS;
    onCorner(nearestCorner(stage, { x, y }));
  };

  return {
    offset,
    handlers: { onPointerDown, onPointerMove, onPointerUp: release, onPointerCancel: release },
  };
}
