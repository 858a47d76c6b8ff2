import { TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { Isolated } from './isolated.tsx';
import './toast.css';

export interface ToastProps {
  readonly toast:
    | {
        readonly id: number;
        readonly text: string;
        readonly tone: string;
        readonly action: { readonly label: string; readonly run: () => void } | undefined;
        readonly shownMs: number;
      }
    | undefined;
  readonly onDone: (id: number) => void;
}

/** The one toast that is shown. The region is there from the start, so that readers watch it. */
export function ToastRegion({ toast, onDone }: ToastProps) {
  const [heldId, setHeldId] = useState<number | undefined>(undefined);
  const id = toast?.id;
  const shownMs = toast?.shownMs;
  const held = heldId === id;
  useEffect(() => {
    // Who points at it or stands on it is reading it.
    if (id === undefined || shownMs === undefined || held) return undefined;
    const timer = setTimeout(() => onDone(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, held, shownMs, onDone]);
  return (
    <div className="toast-region" role="status" aria-live="polite" aria-atomic="true">
      {toast !== undefined && (
        <div
          className="toast"
          key={toast.id}
          onPointerEnter={() => setHeldId(toast.id)}
          onPointerLeave={() => setHeldId(undefined)}
          onFocus={() => setHeldId(toast.id)}
          onBlur={() => setHeldId(undefined)}
        >
          {toast.tone === 'warning' && <TriangleAlert aria-hidden="true" />}
          <span>
            <Isolated text={toast.text} />
          </span>
          {toast.action !== undefined && (
            <button
              type="button"
              className="toast-action"
              onClick={() => {
                toast.action?.run();
                onDone(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton label="Dismiss" size="small" onClick={() => onDone(toast.id)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </div>
  );
}
