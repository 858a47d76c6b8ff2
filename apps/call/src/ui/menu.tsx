import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { usePopupHost } from './popup-host.tsx';
import type { Choice } from './picker.tsx';
import './hint.css';
import './menu.css';

/** A button that opens a menu. What it is called and looks like is up to `trigger`. */
export function PopupMenu(props: { readonly trigger: ReactElement; readonly children: ReactNode }) {
  const host = usePopupHost();
  return (
    <Menu.Root>
      <Menu.Trigger render={props.trigger} />
      <Menu.Portal container={host}>
        <Menu.Positioner className="menu-positioner" sideOffset={10} collisionPadding={12}>
          <Menu.Popup className="menu">{props.children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

export function MenuAction(props: {
  readonly icon: ReactNode;
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly onSelect: () => void;
}) {
  return (
    <Menu.Item className="menu-item" onClick={props.onSelect}>
      {props.icon}
      {props.label}
      {props.shortcut !== undefined && (
        <kbd className="key" aria-hidden="true">
          {props.shortcut}
        </kbd>
      )}
    </Menu.Item>
  );
}

export function MenuSeparator() {
  return <Menu.Separator className="menu-separator" />;
}

/** One of several, under a heading. */
export function MenuChoices(props: {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  readonly empty: string;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <Menu.RadioGroup
      value={props.value ?? null}
      onValueChange={(value: unknown) => {
        if (typeof value === 'string') props.onChoose(value);
      }}
    >
      <Menu.Group>
        <Menu.GroupLabel className="menu-label">{props.label}</Menu.GroupLabel>
        {props.choices.length === 0 && <p className="menu-empty">{props.empty}</p>}
        {props.choices.map(({ id, label }) => (
          <Menu.RadioItem className="menu-item" key={id} value={id} closeOnClick>
            <span className="menu-check">
              <Menu.RadioItemIndicator>
                <Check aria-hidden="true" />
              </Menu.RadioItemIndicator>
            </span>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.Group>
    </Menu.RadioGroup>
  );
}
