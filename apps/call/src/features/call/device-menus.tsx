import { ChevronUp } from 'lucide-react';
import type { Session } from '../../model/session.ts';
import type { PreferenceStore } from '../../model/preferences.ts';
import { MenuChoices, MenuSeparator, PopupMenu } from '../../ui/menu.tsx';
import { deviceChoices } from '../settings/device-pickers.tsx';
import { useStore } from '../use-store.ts';

interface DeviceMenuProps {
  readonly session: Session;
  readonly preferences: PreferenceStore;
}

const caret = (label: string) => (
  <button type="button" className="control-caret" aria-label={label} title={label}>
    <ChevronUp aria-hidden="true" />
  </button>
);

const NONE_LISTED = 'None found';

/** Microphones, and speakers where the browser lets pages choose. */
export function AudioMenu({ session, preferences }: DeviceMenuProps) {
  const { own, environment } = session;
  useStore(own);
  useStore(preferences);
  return (
    <PopupMenu trigger={caret('Audio devices')}>
      <MenuChoices
        label="Microphone"
        choices={deviceChoices(session, 'microphone')}
        value={own.chosen('microphone')}
        empty={NONE_LISTED}
        onChoose={(id) => void own.choose('microphone', id)}
      />
      {environment.canChooseSpeaker && (
        <>
          <MenuSeparator />
          <MenuChoices
            label="Speaker"
            choices={deviceChoices(session, 'speaker')}
            value={own.chosen('speaker')}
            empty={NONE_LISTED}
            onChoose={(id) => void own.choose('speaker', id)}
          />
        </>
      )}
    </PopupMenu>
  );
}

export function VideoMenu({ session, preferences }: DeviceMenuProps) {
  const { own } = session;
  useStore(own);
  useStore(preferences);
  return (
    <PopupMenu trigger={caret('Video devices')}>
      <MenuChoices
        label="Camera"
        choices={deviceChoices(session, 'camera')}
        value={own.chosen('camera')}
        empty={NONE_LISTED}
        onChoose={(id) => void own.choose('camera', id)}
      />
    </PopupMenu>
  );
}
