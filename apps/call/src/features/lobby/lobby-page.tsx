import { ArrowLeft, Settings } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import type { AppModel } from '../../model/app-model.ts';
import { roomTitle } from '../../model/route.ts';
import type { NewRoom, Session } from '../../model/session.ts';
import type { Store } from '../../model/store.ts';
import { IconButton } from '../../ui/button.tsx';
import { PopupHost } from '../../ui/popup-host.tsx';
import { DevicePickers } from '../settings/device-pickers.tsx';
import { useStore } from '../use-store.ts';
import { useTitle } from '../use-title.ts';
import { ConnectionCheck } from './connection-check.tsx';
import { JoinForm } from './join-form.tsx';
import { MediaNotices } from './media-notices.tsx';
import { Preview } from './preview.tsx';
import './lobby.css';

const SettingsDialog = lazy(async () => {
  const { SettingsDialog: component } = await import('../settings/settings-dialog.tsx');
  return { default: component };
});

export function LobbyPage(props: { readonly app: AppModel; readonly session: Session }) {
  const { app, session } = props;
  const state = useStore(session.state);
  const remembered = useStore(app.preferences).name;
  const [name, setName] = useState(remembered);
  const [settings, setSettings] = useState(false);
  const main = useRef<HTMLElement>(null);
  const title = roomTitle(session.link);
  const waiting = state.status === 'waiting';
  useTitle(waiting ? `Waiting · ${title}` : title);
  return (
    <div className="lobby">
      <header className="page-head">
        <IconButton label="Home" onClick={() => app.goHome()}>
          <ArrowLeft size={20} aria-hidden="true" />
        </IconButton>
        <IconButton label="Settings" onClick={() => setSettings(true)}>
          <Settings size={20} aria-hidden="true" />
        </IconButton>
      </header>
      <main className="lobby-main" ref={main}>
        <div className="lobby-left">
          <PopupHost host={main}>
            <Preview session={session} name={name} />
            <div className="lobby-notices">
              <MediaNotices session={session} />
            </div>
            <div className="lobby-pickers">
              <DevicePickers session={session} preferences={app.preferences} />
            </div>
          </PopupHost>
        </div>
        <div className="lobby-right">
          <div className="lobby-room">
            <h1>{title}</h1>
            <p>
              <WayIn session={session} />
            </p>
          </div>
          <JoinForm app={app} session={session} name={name} onName={setName} />
          {session.canJoin && !waiting && <ConnectionCheck check={session.check} />}
        </div>
      </main>
      {settings && (
        <Suspense>
          <SettingsDialog app={app} session={session} onClose={() => setSettings(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** How one gets in, as far as it is known before. */
function WayIn({ session }: { readonly session: Session }) {
  const state = useStore(session.state);
  const others = useStore(session.visit.others);
  if (session.newRoom !== undefined) return <NewRoomWayIn newRoom={session.newRoom} />;
  if (state.status === 'password') return 'A password opens this call.';
  if (session.knocks) return 'Someone in this call lets people in.';
  return others === undefined || others === 0
    ? 'See how you look and sound, then go in.'
    : `${others === 1 ? 'One person is' : `${others} people are`} in this call.`;
}

function NewRoomWayIn({ newRoom }: { readonly newRoom: Store<NewRoom> }) {
  const { access, password } = useStore(newRoom);
  if (access === 'knock') return 'You let people in, one by one.';
  return password === ''
    ? 'Anyone with this page’s link can join.'
    : 'Anyone with this page’s link and the password can join.';
}
