import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import type { AppModel } from '../../model/app-model.ts';
import type { Call } from '../../model/call.ts';
import { roomTitle } from '../../model/route.ts';
import type { Session } from '../../model/session.ts';
import { ChatPanel } from '../chat/chat-panel.tsx';
import { PopupHost } from '../../ui/popup-host.tsx';
import { useStore } from '../use-store.ts';
import { useTitle } from '../use-title.ts';
import { AloneCard } from './alone-card.tsx';
import { Banners } from './banners.tsx';
import { CallClock } from './call-clock.tsx';
import { ConnectionPanel } from './connection-panel.tsx';
import { OwnControls, PanelControls } from './control-bar.tsx';
import { InvitePanel } from './invite-panel.tsx';
import { Knocks, knockWords } from './knocks.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { RemoteAudios } from './remote-media.tsx';
import { Stage } from './stage.tsx';
import { useIdle } from './use-idle.ts';
import { COMPACT, useMediaQuery } from './use-media-query.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useSize } from './use-size.ts';
import { useTapGuard } from './use-tap-guard.ts';
import './call.css';

const SettingsDialog = lazy(async () => {
  const { SettingsDialog: component } = await import('../settings/settings-dialog.tsx');
  return { default: component };
});
const ShortcutsDialog = lazy(async () => {
  const { ShortcutsDialog: component } = await import('../settings/shortcuts-dialog.tsx');
  return { default: component };
});

const WordsDialog = lazy(async () => {
  const { WordsDialog: component } = await import('./words-dialog.tsx');
  return { default: component };
});

const RoomSettingsDialog = lazy(async () => {
  const { RoomSettingsDialog: component } = await import('./room-settings-dialog.tsx');
  return { default: component };
});

export interface CallPageProps {
  readonly app: AppModel;
  readonly session: Session;
  readonly call: Call;
}

export function CallPage({ app, session, call }: CallPageProps) {
  const { preferences } = app;
  const { panel, aloneCard, comparing, roomSettings } = useStore(call.view);
  const { waiting } = useStore(call.admission);
  const others = useStore(call.participants);
  const { unread } = useStore(call.chat);
  const [dialog, setDialog] = useState<'settings' | 'help' | undefined>(undefined);
  const compact = useMediaQuery(COMPACT);
  const top = useRef<HTMLElement>(null);
  const bar = useRef<HTMLElement>(null);
  const topSize = useSize(top);
  const barSize = useSize(bar);
  const alone = others.length === 0;
  const quiet = panel === undefined && dialog === undefined && waiting.length === 0;
  const idle = useIdle([top, bar], !alone && quiet);
  const tapGuard = useTapGuard(idle);
  const showHelp = useCallback(() => setDialog('help'), []);
  const showSettings = useCallback(() => setDialog('settings'), []);
  const title = roomTitle(call.room.link);
  const { canShareLink, canShareScreen } = session.environment;
  useTitle(tabTitle(title, unread, knockWords(waiting)));
  useShortcuts({ call, preferences, showHelp, canShareScreen });
  const insets = { top: compact ? topSize.height : 0, bottom: barSize.height };
  const covered = compact && panel !== undefined;
  const barProps = { session, call, preferences, compact, showSettings, showHelp };
  const roomInfo = (
    <div className="call-info">
      <span className="call-room">{title}</span>
      <CallClock sinceMs={call.joinedAtMs} />
    </div>
  );
  return (
    <PopupHost host={bar}>
      <div className="call" data-idle={idle} data-panel={panel ?? 'none'} {...tapGuard}>
        <main className="call-main" inert={covered}>
          <h1 className="visually-hidden">{title}</h1>
          <Stage call={call} preferences={preferences} insets={insets} idle={idle} />
          {alone && aloneCard && <AloneCard call={call} canShare={canShareLink} />}
          <Banners call={call} />
        </main>
        <header className="call-top" ref={top} inert={covered}>
          {compact && (
            <>
              {roomInfo}
              <div className="call-panels">
                <PanelControls call={call} preferences={preferences} />
              </div>
            </>
          )}
        </header>
        <footer className="call-bar" ref={bar} inert={covered}>
          {!compact && roomInfo}
          <div className="call-controls">
            <OwnControls {...barProps} />
          </div>
          {!compact && (
            <div className="call-panels">
              <PanelControls call={call} preferences={preferences} />
            </div>
          )}
        </footer>
        {panel === 'chat' && <ChatPanel call={call} />}
        {panel === 'people' && <PeoplePanel call={call} />}
        {panel === 'connection' && <ConnectionPanel call={call} />}
        {panel === 'invite' && (
          <InvitePanel
            call={call}
            canShare={canShareLink}
            showSettings={showSettings}
            showHelp={showHelp}
          />
        )}
        <Knocks call={call} />
        <RemoteAudios call={call} />
        <Suspense>
          {comparing !== undefined && <WordsDialog call={call} id={comparing} />}
          {roomSettings && (
            <RoomSettingsDialog
              admission={call.admission}
              onClose={() => call.showRoomSettings(false)}
            />
          )}
          {dialog === 'settings' && (
            <SettingsDialog app={app} session={session} onClose={() => setDialog(undefined)} />
          )}
          {dialog === 'help' && (
            <ShortcutsDialog
              enabled={preferences.get().shortcuts}
              onClose={() => setDialog(undefined)}
            />
          )}
        </Suspense>
      </div>
    </PopupHost>
  );
}

/** What a person must see who looks at another tab: who knocks before what was said. */
function tabTitle(room: string, unread: number, knocks: string): string {
  if (knocks !== '') return `${knocks} · ${room}`;
  return unread > 0 ? `(${unread}) ${room}` : room;
}
