import {
  DoorOpen,
  EllipsisVertical,
  Hand,
  Keyboard,
  Maximize,
  MessageSquareText,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Settings,
  UserPlus,
  Users,
} from 'lucide-react';
import type { Call } from '../../model/call.ts';
import { isOn } from '../../model/own-media.ts';
import type { PreferenceStore } from '../../model/preferences.ts';
import type { Session } from '../../model/session.ts';
import { Control } from '../../ui/control.tsx';
import { MenuAction, MenuSeparator, PopupMenu } from '../../ui/menu.tsx';
import { CameraToggle, MicrophoneToggle } from '../source-toggles.tsx';
import { useStore } from '../use-store.ts';
import { AudioMenu, VideoMenu } from './device-menus.tsx';
import { toggleFullscreen } from './use-shortcuts.ts';

export interface ControlBarProps {
  readonly session: Session;
  readonly call: Call;
  readonly preferences: PreferenceStore;
  readonly compact: boolean;
  readonly showSettings: () => void;
  readonly showHelp: () => void;
}

/** What one does to oneself: microphone, camera, screen, hand, more, leave. */
export function OwnControls(props: ControlBarProps) {
  const { session, call, preferences, compact } = props;
  const { screen } = useStore(call.own);
  const { shortcuts } = useStore(preferences);
  const handRaised = useStore(call.handRaised);
  const sharing = isOn(screen);
  const key = (letter: string): string | undefined => (shortcuts ? letter : undefined);
  const micKey = key('M');
  const cameraKey = key('V');
  return (
    <>
      <span className="control-pair">
        {!compact && <AudioMenu session={session} preferences={preferences} />}
        <MicrophoneToggle own={call.own} {...(micKey === undefined ? {} : { shortcut: micKey })} />
      </span>
      <span className="control-pair">
        {!compact && <VideoMenu session={session} preferences={preferences} />}
        <CameraToggle
          own={call.own}
          {...(cameraKey === undefined ? {} : { shortcut: cameraKey })}
        />
      </span>
      {session.environment.canShareScreen && (
        <Control
          label="Share screen"
          hint={sharing ? 'Stop sharing' : 'Share screen'}
          shortcut={key('D')}
          icon={sharing ? <MonitorX aria-hidden="true" /> : <MonitorUp aria-hidden="true" />}
          tone={sharing ? 'active' : 'plain'}
          aria-pressed={sharing}
          onClick={() => void call.own.toggleScreen()}
        />
      )}
      {!compact && (
        <Control
          label="Raise hand"
          hint={handRaised ? 'Lower hand' : 'Raise hand'}
          shortcut={key('H')}
          icon={<Hand aria-hidden="true" />}
          tone={handRaised ? 'active' : 'plain'}
          aria-pressed={handRaised}
          onClick={() => call.toggleHand()}
        />
      )}
      <MoreMenu {...props} handRaised={handRaised} keyFor={key} />
      <Control
        label="Leave"
        hint="Leave the call"
        icon={<PhoneOff aria-hidden="true" />}
        tone="leave"
        onClick={() => void session.leave()}
      />
    </>
  );
}

function MoreMenu(
  props: ControlBarProps & {
    readonly handRaised: boolean;
    readonly keyFor: (letter: string) => string | undefined;
  },
) {
  const { call, compact, handRaised, keyFor } = props;
  const { host } = useStore(call.admission);
  return (
    <PopupMenu
      trigger={
        <button type="button" className="control" aria-label="More" title="More">
          <EllipsisVertical aria-hidden="true" />
        </button>
      }
    >
      {compact && (
        <>
          <MenuAction
            icon={<Hand aria-hidden="true" />}
            label={handRaised ? 'Lower hand' : 'Raise hand'}
            onSelect={() => call.toggleHand()}
          />
          <MenuSeparator />
        </>
      )}
      {document.fullscreenEnabled && (
        <MenuAction
          icon={<Maximize aria-hidden="true" />}
          label="Full screen"
          shortcut={keyFor('F')}
          onSelect={toggleFullscreen}
        />
      )}
      {host.who === 'me' && (
        <MenuAction
          icon={<DoorOpen aria-hidden="true" />}
          label="Room settings"
          onSelect={() => call.showRoomSettings(true)}
        />
      )}
      <MenuAction
        icon={<Settings aria-hidden="true" />}
        label="Settings"
        onSelect={props.showSettings}
      />
      <MenuAction
        icon={<Keyboard aria-hidden="true" />}
        label="Keyboard shortcuts"
        shortcut={keyFor('?')}
        onSelect={props.showHelp}
      />
    </PopupMenu>
  );
}

/** The three panels: invite, people, chat. */
export function PanelControls(props: {
  readonly call: Call;
  readonly preferences: PreferenceStore;
}) {
  const { call, preferences } = props;
  const { panel } = useStore(call.view);
  const { shortcuts } = useStore(preferences);
  const { unread } = useStore(call.chat);
  const others = useStore(call.participants);
  const people = others.length + 1;
  const hands = others.filter(({ handRaised }) => handRaised).length;
  const handWords = hands === 0 ? '' : `, ${hands} with a raised hand`;
  const { waiting } = useStore(call.admission);
  const knocks = waiting.length;
  return (
    <>
      <Control
        label="Invite"
        icon={<UserPlus aria-hidden="true" />}
        tone="bare"
        aria-expanded={panel === 'invite'}
        onClick={() => call.togglePanel('invite')}
      />
      <Control
        label="People"
        shortcut={shortcuts ? 'P' : undefined}
        icon={<Users aria-hidden="true" />}
        tone="bare"
        badge={{
          text: knocks > 0 ? `${knocks}!` : String(people),
          meaning: `${knocks > 0 ? `${knocks} waiting to join, ` : ''}${people} in the call${handWords}`,
          tone: knocks > 0 || hands > 0 ? 'alert' : 'count',
        }}
        aria-expanded={panel === 'people'}
        onClick={() => call.togglePanel('people')}
      />
      <Control
        label="Chat"
        shortcut={shortcuts ? 'C' : undefined}
        icon={<MessageSquareText aria-hidden="true" />}
        tone="bare"
        badge={
          unread > 0
            ? { text: unread > 99 ? '99+' : String(unread), meaning: `${unread} unread` }
            : undefined
        }
        aria-expanded={panel === 'chat'}
        onClick={() => call.togglePanel('chat')}
      />
    </>
  );
}
