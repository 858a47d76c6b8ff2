import { useId, type ComponentProps } from 'react';
import './field.css';

export interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string;
  /** The label is read out but not shown, where the place says it all. */
  readonly hideLabel?: boolean;
  readonly error?: string | undefined;
}

/** A line of text with its label and, where it does not fit, what is wrong with it. */
export function TextField({ label, hideLabel = false, error, ...rest }: TextFieldProps) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className="field">
      <label className={hideLabel ? 'visually-hidden' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      <input
        type="text"
        {...rest}
        id={id}
        className="text-input"
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : errorId}
      />
      {error !== undefined && (
        <p className="field-error" id={errorId} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
