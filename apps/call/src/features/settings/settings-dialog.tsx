import { Monitor, Moon, Sun } from 'lucide-react';
import type { AppModel } from '../../model/app-model.ts';
import type { Session } from '../../model/session.ts';
import type { Theme } from '../../model/preferences.ts';
import { Modal } from '../../ui/modal.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SwitchRow } from '../../ui/switch.tsx';
import { useStore } from '../use-store.ts';
import { KnownPeopleList } from './known-people-list.tsx';
import { DevicePickers } from './device-pickers.tsx';
import './settings.css';

const THEME_CHOICES = [
  { id: 'system', label: 'System', icon: <Monitor aria-hidden="true" /> },
  { id: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
  { id: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
] as const;

/** Everything that can be set, in one short sheet. Devices only where a room is open. */
export function SettingsDialog(props: {
  readonly app: Pick<AppModel, 'preferences' | 'recentRooms' | 'knownPeople'>;
  readonly session?: Session;
  readonly onClose: () => void;
}) {
  const { preferences, recentRooms } = props.app;
  const set = useStore(preferences);
  return (
    <Modal title="Settings" open onClose={props.onClose}>
      <div className="settings">
        {props.session !== undefined && (
          <section>
            <h3>Devices</h3>
            <DevicePickers session={props.session} preferences={preferences} />
          </section>
        )}
        <section>
          <h3>Appearance</h3>
          <Segmented<Theme>
            label="Appearance"
            value={set.theme}
            choices={THEME_CHOICES}
            onChoose={(theme) => preferences.change({ theme })}
          />
        </section>
        <section>
          <h3>In a call</h3>
          <SwitchRow
            label="Keyboard shortcuts"
            note="Single keys such as M. Ctrl+D and Ctrl+E always work."
            checked={set.shortcuts}
            onChange={(shortcuts) => preferences.change({ shortcuts })}
          />
          <SwitchRow
            label="Sound when someone joins or leaves"
            checked={set.chime}
            onChange={(chime) => preferences.change({ chime })}
          />
          <SwitchRow
            label="Sound when someone asks to join"
            note="Only in calls that you host."
            checked={set.knockSound}
            onChange={(knockSound) => preferences.change({ knockSound })}
          />
        </section>
        <section>
          <h3>Privacy</h3>
          <SwitchRow
            label="Remember recent calls"
            note="In this browser only. Turning it off forgets them all."
            checked={set.rememberRooms}
            onChange={(rememberRooms) => {
              preferences.change({ rememberRooms });
              if (!rememberRooms) recentRooms.clear();
            }}
          />
        </section>
        <KnownPeopleList people={props.app.knownPeople} />
      </div>
    </Modal>
  );
}
