import { createRoomLink, type RoomLink } from 'peerline';
import type { KnownPeople } from './known-people.ts';
import type { PreferenceStore } from './preferences.ts';
import type { RecentRooms } from './recent-rooms.ts';
import { parseRoute, roomFragment, sameLink } from './route.ts';
import type { LinkOrigin, Session } from './session.ts';
import { Store } from './store.ts';
import type { Toasts } from './toasts.ts';

/** Which page is shown. The room's code comes in its own chunk, so there is a moment before it. */
export type Page =
  | { readonly page: 'home' }
  | { readonly page: 'bad-link' }
  | { readonly page: 'loading'; readonly link: RoomLink }
  | { readonly page: 'load-failed'; readonly link: RoomLink }
  | { readonly page: 'room'; readonly session: Session };

/** The part of `window` that routing needs. */
export interface AddressBar {
  readonly fragment: () => string;
  readonly onChange: (listener: () => void) => () => void;
  /** Goes to a fragment, as a link would. */
  readonly go: (fragment: string) => void;
  /** Puts another fragment in the place of this one, and tells nobody. */
  readonly replace: (fragment: string) => void;
}

export interface AppDependencies {
  readonly preferences: PreferenceStore;
  readonly recentRooms: RecentRooms;
  readonly knownPeople: KnownPeople;
  readonly toasts: Toasts;
  readonly addressBar: AddressBar;
  readonly openRoom: OpenRoom;
}

/** Loads what a room needs, and begins a visit to it. */
export type OpenRoom = (link: RoomLink, origin: LinkOrigin) => Promise<Session>;

/**
 * The app outside React: follows the address bar and owns the visit to a room. Rendering twice, as
 * React's strict mode does, can therefore never join twice.
 */
export class AppModel {
  readonly page = new Store<Page>({ page: 'home' });
  readonly preferences: PreferenceStore;
  readonly recentRooms: RecentRooms;
  readonly knownPeople: KnownPeople;
  readonly toasts: Toasts;
  readonly #addressBar: AddressBar;
  readonly #openRoom: OpenRoom;
  /** The last link that was made here: its room is new. */
  #made: RoomLink | undefined;
  #unwatch: () => void = () => undefined;

  constructor(dependencies: AppDependencies) {
    this.preferences = dependencies.preferences;
    this.recentRooms = dependencies.recentRooms;
    this.knownPeople = dependencies.knownPeople;
    this.toasts = dependencies.toasts;
    this.#addressBar = dependencies.addressBar;
    this.#openRoom = dependencies.openRoom;
  }

  /** Follows the address bar until the returned function is called. */
  start(): () => void {
    const stop = this.#addressBar.onChange(() => this.#follow());
    this.#follow();
    return () => {
      stop();
      this.#close();
    };
  }

  goHome(): void {
    this.#addressBar.go('');
  }

  goToRoom(link: RoomLink): void {
    this.#addressBar.go(`${link.name}.${link.key}`);
  }

  /** Goes to a room that nobody has been in yet. */
  goToNewRoom(): void {
    this.#made = createRoomLink();
    this.goToRoom(this.#made);
  }

  /** Tries again to load a room's code. */
  reopen(): void {
    this.#close();
    this.page.set({ page: 'home' });
    this.#follow();
  }

  #follow(): void {
    const route = parseRoute(this.#addressBar.fragment());
    const shown = this.page.get();
    if (route.page !== 'room') {
      this.#close();
      this.page.set(route);
      return;
    }
    const { link } = route;
    if (shown.page === 'room' && sameLink(shown.session.link, link)) return;
    if (shown.page === 'loading' && sameLink(shown.link, link)) return;
    this.#close();
    const loading: Page = { page: 'loading', link };
    this.page.set(loading);
    void this.#load(loading);
  }

  async #load(loading: Extract<Page, { page: 'loading' }>): Promise<void> {
    try {
      const { link } = loading;
      const made = this.#made !== undefined && sameLink(this.#made, link);
      const session = await this.#openRoom(link, made ? 'made-here' : 'given');
      if (this.page.get() !== loading) {
        session.dispose();
        return;
      }
      this.#unwatch = session.currentLink.subscribe(() =>
        this.#addressBar.replace(roomFragment(session.link)),
      );
      this.page.set({ page: 'room', session });
      session.start();
    } catch {
      if (this.page.get() === loading) this.page.set({ page: 'load-failed', link: loading.link });
    }
  }

  #close(): void {
    this.#unwatch();
    const shown = this.page.get();
    if (shown.page === 'room') shown.session.dispose();
  }
}
