import { lazy, Suspense } from 'react';
import { useStore } from './features/use-store.ts';
import { HomePage } from './features/home/home-page.tsx';
import type { AppModel } from './model/app-model.ts';
import { Button } from './ui/button.tsx';
import { Spinner } from './ui/spinner.tsx';
import { ToastRegion } from './ui/toast.tsx';
import './app.css';

const RoomPage = lazy(async () => {
  const { RoomPage: component } = await import('./features/room-page.tsx');
  return { default: component };
});

/** One page at a time, as the address bar says. */
export function App(props: { readonly app: AppModel; readonly prefetchRoom: () => void }) {
  const { app } = props;
  const toast = useStore(app.toasts);
  return (
    <>
      <CurrentPage {...props} />
      <ToastRegion toast={toast} onDone={(id) => app.toasts.dismiss(id)} />
    </>
  );
}

function CurrentPage({
  app,
  prefetchRoom,
}: {
  readonly app: AppModel;
  readonly prefetchRoom: () => void;
}) {
  const shown = useStore(app.page);
  switch (shown.page) {
    case 'home':
    case 'bad-link':
      return (
        <HomePage
          key={shown.page}
          app={app}
          badLink={shown.page === 'bad-link'}
          prefetchRoom={prefetchRoom}
        />
      );
    case 'loading':
      return <Opening />;
    case 'load-failed':
      return (
        <main className="whole-page">
          <h1>The call could not be loaded</h1>
          <p>Check your internet connection, then try again.</p>
          <div className="whole-page-actions">
            <Button variant="primary" onClick={() => app.reopen()}>
              Try again
            </Button>
            <Button onClick={() => app.goHome()}>Home</Button>
          </div>
        </main>
      );
    case 'room':
      return (
        <Suspense fallback={<Opening />}>
          <RoomPage key={shown.session.openedWith.key} app={app} session={shown.session} />
        </Suspense>
      );
  }
}

function Opening() {
  return (
    <main className="whole-page">
      <p role="status" className="opening">
        <Spinner /> Opening the call…
      </p>
    </main>
  );
}
