import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';
import type { NewRoom } from '../../model/session.ts';
import type { Store } from '../../model/store.ts';
import { Choices } from '../../ui/choices.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { accessChoices } from '../access-choices.tsx';
import { useStore } from '../use-store.ts';

/** Who may join the call that is about to begin. Folded away: most calls need none of it. */
export function NewRoomSettings({ choice }: { readonly choice: Store<NewRoom> }) {
  const [open, setOpen] = useState(false);
  const body = useId();
  const { access, password } = useStore(choice);
  return (
    <div className="new-room">
      <button
        type="button"
        className="new-room-toggle"
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setOpen(!open)}
      >
        Room settings
        <ChevronDown aria-hidden="true" />
      </button>
      <div className="new-room-body" id={body} hidden={!open}>
        <Choices
          label="Who may join"
          value={access}
          choices={accessChoices(['open', 'knock'])}
          onChoose={(next) => choice.update((room) => ({ ...room, access: next }))}
        />
        <PasswordField
          label="Password (if you want one)"
          value={password}
          hint="Tell it to your guests another way than the link."
          onChange={(event) => choice.update((room) => ({ ...room, password: event.target.value }))}
        />
      </div>
    </div>
  );
}
