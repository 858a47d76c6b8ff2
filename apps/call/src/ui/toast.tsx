import { TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import './toast.css';

export interface ToastProps {
  readonly toast: { readonly id: number; readonly text: string; readonly tone: string } | undefined;
  readonly shownMs: number;
  readonly onDone: (id: number) => void;
}

/** The one toast that is shown. The region is there from the start, so that readers watch it. */
export function ToastRegion({ toast, shownMs, onDone }: ToastProps) {
  const [held, setHeld] = useState(false);
  const id = toast?.id;
  useEffect(() => {
    // Who points at it or stands on it is reading it.
    if (id === undefined || held) return undefined;
    const timer = setTimeout(() => onDone(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, held, shownMs, onDone]);
  return (
    <div className="toast-region" role="status" aria-live="polite" aria-atomic="true">
      {toast !== undefined && (
        <div
          className="toast"
          key={toast.id}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          {toast.tone === 'warning' && <TriangleAlert aria-hidden="true" />}
          <span>{toast.text}</span>
          <IconButton
            label="Dismiss"
            size="small"
            onClick={() => {
              setHeld(false);
              onDone(toast.id);
            }}
          >
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </div>
  );
}
