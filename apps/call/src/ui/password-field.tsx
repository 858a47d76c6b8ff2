import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ComponentProps } from 'react';
import { IconButton } from './button.tsx';
import './field.css';

export interface PasswordFieldProps extends Omit<ComponentProps<'input'>, 'type'> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** Shown since the person asked for it, or is asked for it: typing may begin. */
  readonly takesFocus?: boolean;
}

/** A password with its label, which the person can look at before sending it. */
export function PasswordField({ label, hint, error, takesFocus, ...rest }: PasswordFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus === true) input.current?.focus();
  }, [takesFocus]);
  const [shown, setShown] = useState(false);
  const id = useId();
  const noteId = `${id}-note`;
  const noted = error !== undefined || hint !== undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="password-input">
        <input
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...rest}
          ref={input}
          id={id}
          type={shown ? 'text' : 'password'}
          className="text-input"
          aria-invalid={error !== undefined}
          aria-describedby={noted ? noteId : undefined}
        />
        <IconButton
          label="Show password"
          size="small"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={18} aria-hidden="true" /> : <Eye size={18} aria-hidden="true" />}
        </IconButton>
      </div>
      {error !== undefined && (
        <p className="field-error" id={noteId} role="alert">
          {error}
        </p>
      )}
      {error === undefined && hint !== undefined && (
        <p className="field-hint" id={noteId}>
          {hint}
        </p>
      )}
    </div>
  );
}
