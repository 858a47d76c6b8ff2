import { CSPProvider } from '@base-ui/react/csp-provider';
import { Select } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePopupHost } from './popup-host.tsx';
import './menu.css';
import './picker.css';

export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** One of several, with an icon in front. Without choices it says why in `empty`. */
export function Picker(props: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  readonly empty: string;
  readonly onChoose: (id: string) => void;
}) {
  const { choices, value } = props;
  const host = usePopupHost();
  const current = choices.find(({ id }) => id === value);
  return (
    // Its style element, which only hides scroll bars, is nothing that the page's policy lets in.
    <CSPProvider disableStyleElements>
      <Select.Root
        items={choices.map(({ id, label }) => ({ value: id, label }))}
        value={current?.id ?? null}
        disabled={choices.length === 0}
        onValueChange={(id) => {
          if (id !== null) props.onChoose(id);
        }}
      >
        <Select.Trigger className="picker" aria-label={props.label}>
          {props.icon}
          <span className="picker-value">{current?.label ?? props.empty}</span>
          <Select.Icon>
            <ChevronDown aria-hidden="true" />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal container={host}>
          <Select.Positioner
            className="menu-positioner"
            sideOffset={6}
            collisionPadding={12}
            alignItemWithTrigger={false}
          >
            <Select.Popup className="menu picker-menu">
              {choices.map(({ id, label }) => (
                <Select.Item className="menu-item" key={id} value={id}>
                  <span className="menu-check">
                    <Select.ItemIndicator>
                      <Check aria-hidden="true" />
                    </Select.ItemIndicator>
                  </span>
                  <Select.ItemText>{label}</Select.ItemText>
                </Select.Item>
              ))}
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </CSPProvider>
  );
}
