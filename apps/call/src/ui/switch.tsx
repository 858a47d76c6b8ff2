import { Switch } from '@base-ui/react/switch';
import { useId } from 'react';
import './switch.css';

/** A setting that is on or off, with a line that says what it does. */
export function SwitchRow(props: {
  readonly label: string;
  readonly note?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="switch-row">
      <span>
        <span id={`${id}-label`}>{props.label}</span>
        {props.note !== undefined && <small id={`${id}-note`}>{props.note}</small>}
      </span>
      <Switch.Root
        className="switch"
        aria-labelledby={`${id}-label`}
        aria-describedby={props.note === undefined ? undefined : `${id}-note`}
        checked={props.checked}
        onCheckedChange={props.onChange}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
    </div>
  );
}
