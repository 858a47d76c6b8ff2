import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './notice.css';

/** Something to know, in place, with the way out. Never a modal. */
export function Notice(props: {
  readonly tone: 'info' | 'warning';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Read out at once: for what happens while the person waits. */
  readonly urgent?: boolean;
}) {
  const Icon = props.tone === 'info' ? Info : TriangleAlert;
  return (
    <div
      className="notice"
      data-tone={props.tone}
      role={props.urgent === true ? 'alert' : 'status'}
    >
      <Icon aria-hidden="true" />
      <h2>{props.title}</h2>
      <div className="notice-body">
        {props.children}
        {props.actions !== undefined && <div className="notice-actions">{props.actions}</div>}
      </div>
    </div>
  );
}
