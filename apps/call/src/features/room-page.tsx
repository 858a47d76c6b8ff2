import { lazy, Suspense, useEffect } from 'react';
import type { AppModel } from '../model/app-model.ts';
import type { Session } from '../model/session.ts';
import { Spinner } from '../ui/spinner.tsx';
import { LeftPage } from './left-page.tsx';
import { LobbyPage } from './lobby/lobby-page.tsx';
import { useStore } from './use-store.ts';

const loadCall = () => import('./call/call-page.tsx');
const CallPage = lazy(async () => {
  const { CallPage: component } = await loadCall();
  return { default: component };
});

/** One visit to a room: lobby, call, or having left. */
export function RoomPage(props: { readonly app: AppModel; readonly session: Session }) {
  const { app, session } = props;
  const state = useStore(session.state);
  useEffect(() => {
    // While the person looks into the mirror, the call's code comes in.
    void loadCall().catch(() => undefined);
  }, []);
  switch (state.status) {
    case 'lobby':
    case 'password':
    case 'joining':
    case 'waiting':
      return <LobbyPage app={app} session={session} />;
    case 'in-call':
      return (
        <Suspense
          fallback={
            <main className="whole-page">
              <Spinner />
            </main>
          }
        >
          <CallPage app={app} session={session} call={state.call} />
        </Suspense>
      );
    case 'left':
      return <LeftPage app={app} session={session} reason={state.reason} />;
  }
}
