import { ArrowLeft, Settings } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { AppModel } from '../../model/app-model.ts';
import type { JoinProblem } from '../../model/failures.ts';
import { NAME_MAX_CHARACTERS } from '../../model/names.ts';
import { roomTitle } from '../../model/route.ts';
import type { Session } from '../../model/session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PopupHost } from '../../ui/popup-host.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { DevicePickers } from '../settings/device-pickers.tsx';
import { useStore } from '../use-store.ts';
import { useTitle } from '../use-title.ts';
import { ConnectionCheck } from './connection-check.tsx';
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
  useTitle(title);
  const join = (event?: SubmitEvent): void => {
    event?.preventDefault();
    void session.join(name);
  };
  const joining = state.status === 'joining' ? state : undefined;
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
            <p>Anyone with this page’s link can join.</p>
          </div>
          {state.status === 'lobby' && state.problem !== undefined && (
            <JoinFailure problem={state.problem} retry={join} goHome={() => app.goHome()} />
          )}
          <form onSubmit={join}>
            <TextField
              label="Your name"
              value={name}
              maxLength={NAME_MAX_CHARACTERS}
              autoComplete="nickname"
              placeholder="How others will see you"
              enterKeyHint="go"
              disabled={joining !== undefined}
              onChange={(event) => setName(event.target.value)}
            />
            {joining === undefined ? (
              <Button type="submit" variant="primary" size="large" disabled={!session.canJoin}>
                Join
              </Button>
            ) : (
              <Joining cancel={joining.cancel} />
            )}
          </form>
          {session.canJoin && <ConnectionCheck check={session.check} />}
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

/** Joining takes a blink on most networks; a button that flickers would only confuse. */
const CANCEL_SHOWN_AFTER_MS = 400;

function Joining({ cancel }: { readonly cancel: () => void }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), CANCEL_SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="lobby-joining" role="status">
      <span>
        <Spinner />
        Joining…
      </span>
      {slow && (
        <Button size="small" onClick={cancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

function JoinFailure(props: {
  readonly problem: JoinProblem;
  readonly retry: () => void;
  readonly goHome: () => void;
}) {
  const { title, body, action } = props.problem;
  const actions = {
    retry: (
      <Button onClick={props.retry} size="small">
        Try again
      </Button>
    ),
    reload: (
      <Button onClick={() => location.reload()} size="small">
        Reload
      </Button>
    ),
    home: (
      <Button onClick={props.goHome} size="small">
        Home
      </Button>
    ),
    none: undefined,
  };
  return (
    <Notice tone="warning" title={title} urgent actions={actions[action]}>
      <p>{body}</p>
    </Notice>
  );
}
