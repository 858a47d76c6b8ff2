import type { ComponentProps } from 'react';
import './button.css';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'medium' | 'large';
}

export function Button({ variant = 'secondary', size = 'medium', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={rest.className === undefined ? 'button' : `button ${rest.className}`}
      data-variant={variant}
      data-size={size}
    />
  );
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does, for those who do not see the icon. */
  readonly label: string;
  readonly size?: 'small' | 'medium';
}

export function IconButton({ label, size = 'medium', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={rest.className === undefined ? 'icon-button' : `icon-button ${rest.className}`}
      aria-label={label}
      title={label}
      data-size={size}
    />
  );
}
