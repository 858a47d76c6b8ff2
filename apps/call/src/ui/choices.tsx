import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId, type ReactNode } from 'react';
import './choices.css';

/** A few exclusive choices below each other, each with a line on what it means. */
export function Choices<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly {
    readonly id: T;
    readonly label: string;
    readonly note: string;
    readonly icon: ReactNode;
  }[];
  readonly disabled?: boolean;
  readonly onChoose: (id: T) => void;
}) {
  const groupId = useId();
  return (
    <RadioGroup
      className="choices"
      aria-label={props.label}
      value={props.value}
      disabled={props.disabled ?? false}
      onValueChange={(value: T) => props.onChoose(value)}
    >
      {props.choices.map(({ id, label, note, icon }) => (
        <Radio.Root
          className="choice"
          key={id}
          value={id}
          aria-labelledby={`${groupId}-${id}`}
          aria-describedby={`${groupId}-${id}-note`}
        >
          {icon}
          <span>
            <span id={`${groupId}-${id}`}>{label}</span>
            <small id={`${groupId}-${id}-note`}>{note}</small>
          </span>
          <span className="choice-mark" aria-hidden="true">
            <Radio.Indicator className="choice-dot" />
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
