import { describe, expect, it, vi } from 'vitest';
import { AppModel, type OpenRoom } from './app-model.ts';
import type { LinkOrigin, Session } from './session.ts';
import { FAKE_LINK } from './testing/fake-room.ts';
import { sessionRig, until } from './testing/fake-session.ts';
import { Toasts } from './toasts.ts';
import { keepAwake, type WakeLockHost } from './wake-lock.ts';

/** An address bar in which the test types. */
class FakeAddressBar {
  current = '';
  readonly #listeners = new Set<() => void>();

  readonly fragment = (): string => this.current;

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly go = (fragment: string): void => {
    this.current = fragment;
    for (const listener of this.#listeners) listener();
  };

  readonly replace = (fragment: string): void => {
    this.current = fragment;
  };
}

function rig(openRoom?: OpenRoom) {
  const { preferences, recentRooms, knownPeople, toasts } = sessionRig();
  const addressBar = new FakeAddressBar();
  const opened: Session[] = [];
  const app = new AppModel({
    preferences,
    recentRooms,
    knownPeople,
    toasts,
    addressBar,
    openRoom:
      openRoom ??
      (() => {
        const { session } = sessionRig();
        opened.push(session);
        return Promise.resolve(session);
      }),
  });
  return { app, addressBar, opened };
}

const inRoom = (app: AppModel) => until(app.page, ({ page }) => page === 'room');

describe('the app', () => {
  it('follows the address bar from home to a room and back', async () => {
    const { app, addressBar, opened } = rig();
    const stop = app.start();
    expect(app.page.get()).toEqual({ page: 'home' });
    app.goToRoom(FAKE_LINK);
    expect(addressBar.current).toBe(`${FAKE_LINK.name}.${FAKE_LINK.key}`);
    await inRoom(app);
    await opened[0]?.join('Kim');
    expect(opened[0]?.state.get().status).toBe('in-call');
    app.goHome();
    expect(app.page.get()).toEqual({ page: 'home' });
    expect(opened[0]?.state.get().status).toBe('left');
    stop();
  });

  it('stays in the call when the same link is opened again', async () => {
    const { app, addressBar, opened } = rig();
    app.start();
    app.goToRoom(FAKE_LINK);
    await inRoom(app);
    addressBar.go(`#${FAKE_LINK.name}.${FAKE_LINK.key}`);
    expect(opened).toHaveLength(1);
  });

  it('says that a link is none', () => {
    const { app, addressBar } = rig();
    addressBar.current = '#half-a-link';
    app.start();
    expect(app.page.get()).toEqual({ page: 'bad-link' });
  });

  it('drops a room whose code came in after the person had gone', async () => {
    let come: (session: Session) => void = () => undefined;
    const { app } = rig(() => new Promise((resolve) => (come = resolve)));
    app.start();
    app.goToRoom(FAKE_LINK);
    app.goHome();
    const { session, sdk } = sessionRig();
    come(session);
    await vi.waitFor(() => expect(sdk.media[0]?.closed).toBe(true));
    expect(app.page.get()).toEqual({ page: 'home' });
  });

  it('offers to try again where the code did not come', async () => {
    let tries = 0;
    const { app } = rig(() => {
      tries += 1;
      return tries === 1
        ? Promise.reject(new Error('offline'))
        : Promise.resolve(sessionRig().session);
    });
    app.start();
    app.goToRoom(FAKE_LINK);
    await until(app.page, ({ page }) => page === 'load-failed');
    app.reopen();
    await inRoom(app);
    expect(tries).toBe(2);
  });
});

describe('a link that changes', () => {
  it('stands in the address bar, and the call goes on', async () => {
    const { app, addressBar, opened } = rig();
    app.start();
    app.goToRoom(FAKE_LINK);
    await inRoom(app);
    const [session] = opened;
    const moved = { ...FAKE_LINK, key: 'DwAECAwQFBgcICQoLDA0OA' };
    session?.currentLink.set(moved);
    expect(addressBar.current).toBe(`#${moved.name}.${moved.key}`);
    addressBar.go(addressBar.current);
    expect(opened).toHaveLength(1);
    app.goHome();
    session?.currentLink.set(FAKE_LINK);
    expect(addressBar.current).toBe('');
  });

  it('is known to be new where it was made here', async () => {
    const origins: LinkOrigin[] = [];
    const { app } = rig((_, origin) => {
      origins.push(origin);
      return Promise.resolve(sessionRig().session);
    });
    app.start();
    app.goToNewRoom();
    await inRoom(app);
    app.goHome();
    app.goToRoom(FAKE_LINK);
    await inRoom(app);
    expect(origins).toEqual(['made-here', 'given']);
  });
});

describe('toasts', () => {
  it('come one at a time, in turn, and old news is dropped', () => {
    const toasts = new Toasts();
    for (const text of ['a', 'b', 'c', 'd', 'e']) toasts.show(text);
    const seen: (string | undefined)[] = [];
    for (let toast = toasts.get(); toast !== undefined; toast = toasts.get()) {
      seen.push(toast.text);
      toasts.dismiss(toast.id);
    }
    expect(seen).toEqual(['a', 'c', 'd', 'e']);
  });

  it('ask before they tell, once on each topic, and until that is seen to', () => {
    const toasts = new Toasts();
    const action = { label: 'Mute', run: () => undefined };
    toasts.show('a');
    toasts.ask('Ann asks', 'mute-request', action);
    toasts.ask('Ben asks', 'mute-request', action);
    expect(toasts.get()).toMatchObject({ text: 'Ben asks', action });
    toasts.dropTopic('mute-request');
    expect(toasts.get()?.text).toBe('a');
  });

  it('are not ended by the clock of one before', () => {
    const toasts = new Toasts();
    toasts.show('a');
    toasts.dismiss(7);
    expect(toasts.get()?.text).toBe('a');
  });
});

describe('keepAwake', () => {
  it('asks again when the page is back in view, and lets go at the end', async () => {
    const asked: { released: boolean }[] = [];
    let visible = true;
    let onVisible: () => void = () => undefined;
    const host: WakeLockHost = {
      request() {
        const lock = { released: false };
        asked.push(lock);
        return Promise.resolve({
          release() {
            lock.released = true;
            return Promise.resolve();
          },
        });
      },
      isVisible: () => visible,
      onVisible(listener) {
        onVisible = listener;
        return () => (onVisible = () => undefined);
      },
    };
    const stop = keepAwake(host);
    await Promise.resolve();
    visible = false;
    onVisible();
    visible = true;
    onVisible();
    await Promise.resolve();
    stop();
    onVisible();
    expect(asked.map(({ released }) => released)).toEqual([false, true]);
  });
});
