import { useId, type ComponentProps, type ReactNode } from 'react';
import { Hint } from './hint.tsx';
import './control.css';

export interface Badge {
  readonly text: string;
  /** In words, for those who do not see it. */
  readonly meaning: string;
  readonly tone?: 'news' | 'count' | 'alert';
}

export interface ControlProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** The accessible name. It stays the same while the state changes. */
  readonly label: string;
  /** What a click does, shown beside the pointer; the name unless told. */
  readonly hint?: string;
  readonly shortcut?: string | undefined;
  readonly icon: ReactNode;
  readonly tone?: 'plain' | 'off' | 'active' | 'leave' | 'bare';
  readonly badge?: Badge | undefined;
}

/** A round button with an icon, a name, a hint and perhaps a badge. */
export function Control(props: ControlProps) {
  const { label, hint = label, shortcut, icon, tone = 'plain', badge, ...rest } = props;
  const badgeId = useId();
  return (
    <Hint text={hint} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        className="control"
        aria-label={label}
        aria-describedby={badge === undefined ? undefined : badgeId}
        data-tone={tone}
        data-badge={badge?.text}
        data-badge-tone={badge?.tone ?? 'news'}
      >
        {icon}
        {badge !== undefined && (
          <span id={badgeId} hidden>
            {badge.meaning}
          </span>
        )}
      </button>
    </Hint>
  );
}
