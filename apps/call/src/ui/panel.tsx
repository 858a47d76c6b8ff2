import { X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { PopupHost } from './popup-host.tsx';
import './panel.css';

/**
 * The side panel; the whole screen on phones. Takes the focus when it opens (its content may take
 * it further), gives it back when it closes, and closes on Escape.
 */
export function Panel(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { onClose } = props;
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Before any of the content has taken the focus.
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const taken = panel.current?.contains(document.activeElement) === true;
    if (!taken) heading.current?.focus({ preventScroll: true });
    return () => {
      // The buttons of the bar are out of reach under a full-screen panel until it is gone.
      requestAnimationFrame(() => {
        const lost = document.activeElement === document.body || document.activeElement === null;
        if (lost && opener instanceof HTMLElement && opener.isConnected) {
          opener.focus({ preventScroll: true });
        }
      });
    };
  }, [opener]);
  useEffect(() => {
    const element = panel.current;
    if (element === null) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    element.addEventListener('keydown', onKeyDown);
    return () => element.removeEventListener('keydown', onKeyDown);
  }, [onClose]);
  return (
    <aside className="panel" aria-label={props.title} ref={panel}>
      <header className="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {props.title}
        </h2>
        <IconButton label="Close panel" onClick={onClose}>
          <X size={20} aria-hidden="true" />
        </IconButton>
      </header>
      {/* On phones the bar, where popups are otherwise, is out of reach below the panel. */}
      <PopupHost host={panel}>{props.children}</PopupHost>
    </aside>
  );
}
