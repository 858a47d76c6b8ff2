import { Settings, ShieldCheck, Video, Zap } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, type SubmitEvent } from 'react';
import type { AppModel } from '../../model/app-model.ts';
import { readLink } from '../../model/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Logo } from '../../ui/logo.tsx';
import { useTitle } from '../use-title.ts';
import { HomePicture } from './home-picture.tsx';
import { RecentList } from './recent-list.tsx';
import './home.css';

const loadSettings = () => import('../settings/settings-dialog.tsx');
const SettingsDialog = lazy(async () => {
  const { SettingsDialog: component } = await loadSettings();
  return { default: component };
});

export interface HomePageProps {
  readonly app: AppModel;
  /** The person came by a link that is none; says so at once. */
  readonly badLink: boolean;
  /** Fetches a room's code ahead of need. */
  readonly prefetchRoom: () => void;
}

const BAD_LINK =
  'This is not a whole call link. It ends in a room name, a dot and a long key: copy all of it.';

export function HomePage({ app, badLink, prefetchRoom }: HomePageProps) {
  const [settings, setSettings] = useState(false);
  useTitle(undefined);
  useEffect(() => {
    // The next step is nearly always a room: have its code at hand before it is asked for.
    if (!('requestIdleCallback' in globalThis)) return undefined;
    const idle = requestIdleCallback(prefetchRoom);
    return () => cancelIdleCallback(idle);
  }, [prefetchRoom]);
  return (
    <div className="home">
      <header className="page-head">
        <Logo />
        <IconButton
          label="Settings"
          onPointerEnter={() => void loadSettings()}
          onClick={() => setSettings(true)}
        >
          <Settings size={20} aria-hidden="true" />
        </IconButton>
      </header>
      <main className="home-main">
        <div className="home-hero">
          <h1>See each other. Just share a link.</h1>
          <p>Calls that go straight from browser to browser. No account, nothing to install.</p>
          <div className="home-actions">
            <Button
              variant="primary"
              size="large"
              onPointerEnter={prefetchRoom}
              onFocus={prefetchRoom}
              onClick={() => app.goToNewRoom()}
            >
              <Video size={22} aria-hidden="true" />
              New call
            </Button>
            <div className="home-or" aria-hidden="true">
              or
            </div>
            <JoinForm app={app} badLink={badLink} prefetchRoom={prefetchRoom} />
          </div>
          <RecentList app={app} />
        </div>
        <HomePicture />
      </main>
      <footer className="home-foot">
        <span>
          <Zap size={16} aria-hidden="true" />
          Picture and sound travel peer to peer
        </span>
        <span>
          <ShieldCheck size={16} aria-hidden="true" />
          The link’s key never leaves your browser
        </span>
      </footer>
      {settings && (
        <Suspense>
          <SettingsDialog app={app} onClose={() => setSettings(false)} />
        </Suspense>
      )}
    </div>
  );
}

function JoinForm({ app, badLink, prefetchRoom }: HomePageProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState(badLink ? BAD_LINK : undefined);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const link = readLink(text);
    if (link !== undefined) app.goToRoom(link);
    else setError(text.trim() === '' ? 'Paste a call link first.' : BAD_LINK);
  };
  return (
    <form className="home-join" onSubmit={submit} noValidate>
      <TextField
        label="Call link"
        hideLabel
        placeholder="Paste a call link"
        value={text}
        error={error}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="go"
        onFocus={prefetchRoom}
        onChange={(event) => {
          setText(event.target.value);
          setError(undefined);
        }}
      />
      <Button type="submit">Join</Button>
    </form>
  );
}
