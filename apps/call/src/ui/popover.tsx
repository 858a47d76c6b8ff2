import { Popover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { usePopupHost } from './popup-host.tsx';
import './menu.css';

/** A small surface beside the button that opens it. */
export function PopupSurface(props: {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const host = usePopupHost();
  return (
    <Popover.Root>
      <Popover.Trigger render={props.trigger} />
      <Popover.Portal container={host}>
        <Popover.Positioner className="menu-positioner" sideOffset={8} collisionPadding={12}>
          <Popover.Popup className={`menu ${props.className}`} aria-label={props.label}>
            {props.children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
