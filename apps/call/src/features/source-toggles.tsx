import { Mic, MicOff, Video, VideoOff, type LucideIcon } from 'lucide-react';
import type { LocalSourceState } from 'peerline';
import { isOn, type OwnMedia } from '../model/own-media.ts';
import { Control, type Badge } from '../ui/control.tsx';
import { useStore } from './use-store.ts';

interface ToggleProps {
  readonly own: OwnMedia;
  readonly shortcut?: string;
}

/** `label` is the accessible name, which stays; whether it is on is in `aria-pressed`. */
const LOOKS = {
  microphone: { label: 'Microphone', On: Mic, Off: MicOff },
  camera: { label: 'Camera', On: Video, Off: VideoOff },
} as const satisfies Record<
  string,
  { readonly label: string; readonly On: LucideIcon; readonly Off: LucideIcon }
>;

function troubleBadge(state: LocalSourceState, what: string): Badge | undefined {
  if (state.status !== 'failed') return undefined;
  return { text: '!', meaning: `The ${what} did not start. Press to try again.`, tone: 'alert' };
}

function SourceToggle(props: ToggleProps & { readonly source: keyof typeof LOOKS }) {
  const { own, source, shortcut } = props;
  const state = useStore(own)[source];
  const on = isOn(state);
  const { label, On, Off } = LOOKS[source];
  return (
    <Control
      label={label}
      hint={on ? `Turn off ${source}` : `Turn on ${source}`}
      shortcut={shortcut}
      icon={on ? <On aria-hidden="true" /> : <Off aria-hidden="true" />}
      tone={on ? 'plain' : 'off'}
      badge={troubleBadge(state, source)}
      aria-pressed={on}
      onClick={() => void own.toggle(source)}
    />
  );
}

export function MicrophoneToggle(props: ToggleProps) {
  return <SourceToggle {...props} source="microphone" />;
}

export function CameraToggle(props: ToggleProps) {
  return <SourceToggle {...props} source="camera" />;
}
