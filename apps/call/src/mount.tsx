import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { RoomLink } from 'peerline';
import { App } from './app.tsx';
import { AppModel, type AddressBar } from './model/app-model.ts';
import { KnownPeople } from './model/known-people.ts';
import { PreferenceStore } from './model/preferences.ts';
import { RecentRooms } from './model/recent-rooms.ts';
import { RoomPasswords } from './model/room-passwords.ts';
import type { LinkOrigin, Session, SessionDependencies } from './model/session.ts';
import { browserStorage, tabStorage } from './model/storage.ts';
import { Toasts } from './model/toasts.ts';
import './styles/tokens.css';
import './styles/base.css';

/** What the app has for every room. */
export type SharedDependencies = Pick<
  SessionDependencies,
  'preferences' | 'recentRooms' | 'passwords' | 'toasts'
> & { readonly knownPeople: KnownPeople };

export interface MountOptions {
  readonly openRoom: (
    link: RoomLink,
    origin: LinkOrigin,
    shared: SharedDependencies,
  ) => Promise<Session>;
  readonly prefetchRoom: () => void;
}

function browserAddressBar(): AddressBar {
  return {
    fragment: () => location.hash,
    onChange(listener) {
      addEventListener('hashchange', listener);
      return () => removeEventListener('hashchange', listener);
    },
    go(fragment) {
      if (fragment !== '') {
        location.hash = fragment;
        return;
      }
      // Home has an address without the lone "#" that an empty hash would leave.
      history.pushState(null, '', location.pathname + location.search);
      dispatchEvent(new HashChangeEvent('hashchange'));
    },
    replace: (fragment) => history.replaceState(history.state, '', fragment),
  };
}

/** Brings the app up in the page, with rooms from wherever `openRoom` gets them. */
export function mountApp({ openRoom, prefetchRoom }: MountOptions): AppModel {
  const root = document.querySelector('#root');
  if (root === null) throw new Error('the page has no element #root');
  const storage = browserStorage();
  const shared: SharedDependencies = {
    preferences: new PreferenceStore(storage),
    recentRooms: new RecentRooms(storage),
    knownPeople: new KnownPeople(async () => {
      const { openIdentities } = await import('peerline/identities');
      return openIdentities();
    }),
    passwords: new RoomPasswords(tabStorage()),
    toasts: new Toasts(),
  };
  const app = new AppModel({
    ...shared,
    addressBar: browserAddressBar(),
    openRoom: (link, origin) => openRoom(link, origin, shared),
  });
  const applyTheme = (): void => {
    document.documentElement.dataset['theme'] = shared.preferences.get().theme;
  };
  applyTheme();
  shared.preferences.subscribe(applyTheme);
  app.start();
  createRoot(root).render(
    <StrictMode>
      <App app={app} prefetchRoom={prefetchRoom} />
    </StrictMode>,
  );
  return app;
}
