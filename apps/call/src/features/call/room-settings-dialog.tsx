import { Users } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import type { Admission } from '../../model/admission.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Modal } from '../../ui/modal.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Picker } from '../../ui/picker.tsx';
import { accessChoices } from '../access-choices.tsx';
import { useStore } from '../use-store.ts';
import './room-settings.css';

/** Who may join, with what, and how many: for the host. Each choice counts at once. */
export function RoomSettingsDialog(props: {
  readonly admission: Admission;
  readonly onClose: () => void;
}) {
  const { admission } = props;
  const { access, capacity } = useStore(admission);
  const sizes = admission.sizes();
  return (
    <Modal title="Room settings" open onClose={props.onClose}>
      <div className="room-settings">
        <section>
          <h3 id="who-may-join">Who may join</h3>
          <Choices
            label="Who may join"
            value={access}
            choices={accessChoices(['open', 'knock', 'locked'])}
            onChoose={(next) => void admission.setAccess(next)}
          />
        </section>
        <section>
          <h3>Password</h3>
          <PasswordSetting admission={admission} />
        </section>
        <section>
          <h3>Size</h3>
          <Picker
            label="How many may be in the call"
            icon={<Users aria-hidden="true" />}
            choices={sizes.map((size) => ({ id: String(size), label: `At most ${size} people` }))}
            value={String(capacity)}
            empty={`At most ${capacity} people`}
            onChoose={(id) => void admission.setCapacity(Number(id))}
          />
        </section>
      </div>
    </Modal>
  );
}

function PasswordSetting({ admission }: { readonly admission: Admission }) {
  const { hasPassword } = useStore(admission);
  const [editing, setEditing] = useState(false);
  const [password, setPassword] = useState('');
  const close = (): void => {
    setEditing(false);
    setPassword('');
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (password === '') return;
    void admission.setPassword(password);
    close();
  };
  if (editing) {
    return (
      <form className="room-password" onSubmit={submit}>
        <PasswordField
          label={hasPassword ? 'New password' : 'Password'}
          value={password}
          hint="Tell it to your guests another way than the link. Those who are in stay in."
          takesFocus
          required
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="room-settings-actions">
          <Button type="submit" size="small" variant="primary" disabled={password === ''}>
            {hasPassword ? 'Change password' : 'Set password'}
          </Button>
          <Button size="small" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    );
  }
  return (
    <div className="room-settings-row">
      <p role="status">{hasPassword ? 'Newcomers need the password.' : 'No password is set.'}</p>
      <div className="room-settings-actions">
        <Button size="small" onClick={() => setEditing(true)}>
          {hasPassword ? 'Change' : 'Set a password'}
        </Button>
        {hasPassword && (
          <Button size="small" onClick={() => void admission.setPassword(undefined)}>
            Remove
          </Button>
        )}
      </div>
    </div>
  );
}
