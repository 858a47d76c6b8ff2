import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import './banner.css';

/** A thin message at the top of the stage that stays as long as it is true. */
export function Banner(props: {
  readonly tone?: 'quiet' | 'accent' | 'danger';
  readonly icon: ReactNode;
  readonly text: ReactNode;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** For what does not end by itself. */
  readonly onDismiss?: () => void;
}) {
  return (
    <div className="banner" data-tone={props.tone ?? 'quiet'}>
      {props.icon}
      <span>{props.text}</span>
      {props.action !== undefined && (
        <button type="button" onClick={props.action.run}>
          {props.action.label}
        </button>
      )}
      {props.onDismiss !== undefined && (
        <IconButton label="Dismiss" size="small" onClick={props.onDismiss}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}
