import type { ReactNode } from 'react';
import './banner.css';

/** A thin message at the top of the stage that stays as long as it is true. */
export function Banner(props: {
  readonly tone?: 'quiet' | 'accent' | 'danger';
  readonly icon: ReactNode;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
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
    </div>
  );
}
