import { Mic, Video, Volume2 } from 'lucide-react';
import { useState } from 'react';
import { devicesOf, type DeviceKind } from '../../model/own-media.ts';
import type { PreferenceStore } from '../../model/preferences.ts';
import type { Session } from '../../model/session.ts';
import { playTone } from '../../model/tones.ts';
import { Button } from '../../ui/button.tsx';
import { Picker, type Choice } from '../../ui/picker.tsx';
import { useStore } from '../use-store.ts';
import './settings.css';

export function deviceChoices(session: Session, kind: DeviceKind): readonly Choice[] {
  return devicesOf(session.own.get(), kind).map(({ id, label }, index) => ({
    id,
    label: label === '' ? `Device ${index + 1}` : label,
  }));
}

/** Microphone, speaker with a test, camera. */
export function DevicePickers(props: {
  readonly session: Session;
  readonly preferences: PreferenceStore;
}) {
  const { session, preferences } = props;
  const { own, environment } = session;
  useStore(own);
  const { speakerId } = useStore(preferences);
  const choose = (kind: DeviceKind) => (id: string) => void own.choose(kind, id);
  return (
    <>
      <Picker
        label="Choose microphone"
        icon={<Mic aria-hidden="true" />}
        choices={deviceChoices(session, 'microphone')}
        value={own.chosen('microphone')}
        empty="Default microphone"
        onChoose={choose('microphone')}
      />
      {environment.canChooseSpeaker && (
        <div className="speaker-picker">
          <Picker
            label="Choose speaker"
            icon={<Volume2 aria-hidden="true" />}
            choices={deviceChoices(session, 'speaker')}
            value={own.chosen('speaker')}
            empty="Default speaker"
            onChoose={choose('speaker')}
          />
          <SpeakerTest speakerId={speakerId} />
        </div>
      )}
      <Picker
        label="Choose camera"
        icon={<Video aria-hidden="true" />}
        choices={deviceChoices(session, 'camera')}
        value={own.chosen('camera')}
        empty="Default camera"
        onChoose={choose('camera')}
      />
    </>
  );
}

function SpeakerTest(props: { readonly speakerId: string | undefined }) {
  const [state, setState] = useState<'idle' | 'playing' | 'failed'>('idle');
  const play = (): void => {
    setState('playing');
    playTone('test', props.speakerId).then(
      () => setState('idle'),
      () => setState('failed'),
    );
  };
  return (
    <Button size="small" disabled={state === 'playing'} onClick={play} aria-label="Test speaker">
      {state === 'failed' ? 'Try again' : 'Test'}
    </Button>
  );
}
