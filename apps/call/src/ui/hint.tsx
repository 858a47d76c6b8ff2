import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import { usePopupHost } from './popup-host.tsx';
import './hint.css';

/** Long enough not to flash at a pointer that passes by. */
const HINT_DELAY_MS = 400;

/** A few words beside the pointer or the focus. The element keeps its own accessible name. */
export function Hint(props: {
  readonly text: string;
  readonly shortcut?: string | undefined;
  readonly children: ReactElement;
}) {
  const host = usePopupHost();
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={HINT_DELAY_MS} render={props.children} />
      <Tooltip.Portal container={host}>
        <Tooltip.Positioner className="hint-positioner" sideOffset={8} collisionPadding={8}>
          <Tooltip.Popup className="hint">
            {props.text}
            {props.shortcut !== undefined && <kbd className="key">{props.shortcut}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
