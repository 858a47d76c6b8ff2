import { useEffect, useRef, useState, type RefObject, type SubmitEvent } from 'react';
import type { AppModel } from '../../model/app-model.ts';
import type { JoinProblem } from '../../model/failures.ts';
import { NAME_MAX_CHARACTERS } from '../../model/names.ts';
import type { Session } from '../../model/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useStore } from '../use-store.ts';
import { NewRoomSettings } from './new-room-settings.tsx';
import { WaitingCard } from './waiting-card.tsx';

export interface JoinFormProps {
  readonly app: AppModel;
  readonly session: Session;
  readonly name: string;
  readonly onName: (name: string) => void;
}

/** From the lobby into the room: the name, what the room asks for, and how the asking goes. */
export function JoinForm({ app, session, name, onName }: JoinFormProps) {
  const state = useStore(session.state);
  const [password, setPassword] = useState('');
  const submit = useRef<HTMLButtonElement>(null);
  const busy = state.status === 'joining' || state.status === 'waiting';
  useFocusBack(busy, submit);
  const asked = state.status === 'password';
  const join = (event?: SubmitEvent): void => {
    event?.preventDefault();
    void session.join(name, asked ? password : undefined);
  };
  if (state.status === 'waiting') return <WaitingCard cancel={state.cancel} />;
  const problem = state.status === 'lobby' ? state.problem : undefined;
  const failure = problem !== undefined && (
    <JoinFailure problem={problem} retry={join} goHome={() => app.goHome()} />
  );
  // The link leads nowhere: nothing to fill in.
  if (problem?.action === 'home') return failure;
  return (
    <>
      {failure}
      <form onSubmit={join}>
        <TextField
          label="Your name"
          value={name}
          maxLength={NAME_MAX_CHARACTERS}
          autoComplete="nickname"
          placeholder="How others will see you"
          enterKeyHint="go"
          disabled={busy}
          onChange={(event) => onName(event.target.value)}
        />
        {asked && (
          <PasswordField
            label="Password of this call"
            value={password}
            hint="Whoever invited you knows it."
            error={state.wrong ? 'That is not the password. Check it and try again.' : undefined}
            enterKeyHint="go"
            takesFocus
            required
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
        {session.newRoom !== undefined && !busy && !asked && (
          <NewRoomSettings choice={session.newRoom} />
        )}
        {state.status === 'joining' ? (
          <Joining cancel={state.cancel} />
        ) : (
          <Button
            type="submit"
            variant="primary"
            size="large"
            ref={submit}
            disabled={!session.canJoin}
          >
            {joinLabel(session, problem)}
          </Button>
        )}
      </form>
    </>
  );
}

function joinLabel({ knocks }: Session, problem: JoinProblem | undefined): string {
  if (problem?.action === 'ask-again') return 'Ask again';
  return knocks ? 'Ask to join' : 'Join';
}

/** The button that was pressed went away while it was answered; it gets the focus back. */
function useFocusBack(busy: boolean, button: RefObject<HTMLButtonElement | null>): void {
  const wasBusy = useRef(false);
  useEffect(() => {
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (wasBusy.current && !busy && lost) button.current?.focus();
    wasBusy.current = busy;
  }, [busy, button]);
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
  const button = (label: string, run: () => void) => (
    <Button size="small" onClick={run}>
      {label}
    </Button>
  );
  const actions = {
    retry: button('Try again', props.retry),
    // The form's own button does it.
    'ask-again': undefined,
    reload: button('Reload', () => location.reload()),
    home: button('Home', props.goHome),
    none: undefined,
  };
  return (
    <Notice tone="warning" title={title} urgent actions={actions[action]}>
      <p>{body}</p>
    </Notice>
  );
}
