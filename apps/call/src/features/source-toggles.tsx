import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import type { LocalSourceState } from 'peerline';
import { isOn, type OwnMedia } from '../model/own-media.ts';
import { Control, type Badge } from '../ui/control.tsx';
import { useStore } from './use-store.ts';

function troubleBadge(state: LocalSourceState, what: string): Badge | undefined {
  if (state.status !== 'failed') return undefined;
  return { text: '!', meaning: `The ${what} did not start. Press to try again.`, tone: 'alert' };
}

/** The name stays `Microphone`; whether it is on is in `aria-pressed`. */
export function MicrophoneToggle(props: { readonly own: OwnMedia; readonly shortcut?: string }) {
  const { microphone } = useStore(props.own);
  const on = isOn(microphone);
  return (
    <Control
      label="Microphone"
      hint={on ? 'Turn off microphone' : 'Turn on microphone'}
      shortcut={props.shortcut}
      icon={on ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
      tone={on ? 'plain' : 'off'}
      badge={troubleBadge(microphone, 'microphone')}
      aria-pressed={on}
      onClick={() => void props.own.toggle('microphone')}
    />
  );
}

export function CameraToggle(props: { readonly own: OwnMedia; readonly shortcut?: string }) {
  const { camera } = useStore(props.own);
  const on = isOn(camera);
  return (
    <Control
      label="Camera"
      hint={on ? 'Turn off camera' : 'Turn on camera'}
      shortcut={props.shortcut}
      icon={on ? <Video aria-hidden="true" /> : <VideoOff aria-hidden="true" />}
      tone={on ? 'plain' : 'off'}
      badge={troubleBadge(camera, 'camera')}
      aria-pressed={on}
      onClick={() => void props.own.toggle('camera')}
    />
  );
}
