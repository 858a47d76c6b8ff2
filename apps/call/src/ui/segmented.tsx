import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import './segmented.css';

/** A few exclusive choices side by side. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly id: T; readonly label: string; readonly icon: ReactNode }[];
  readonly onChoose: (id: T) => void;
}) {
  return (
    <RadioGroup
      className="segmented"
      aria-label={props.label}
      value={props.value}
      onValueChange={(value: T) => props.onChoose(value)}
    >
      {props.choices.map(({ id, label, icon }) => (
        <Radio.Root className="segment" key={id} value={id} aria-label={label}>
          {icon}
          {label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
