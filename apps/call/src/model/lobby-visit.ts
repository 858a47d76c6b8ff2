import type { CallVisit } from './sdk.ts';
import { Store } from './store.ts';

interface Current {
  /** It is of use only to whoever joins with the same. */
  readonly password: string | undefined;
  readonly visit: Promise<CallVisit | undefined>;
  readonly listening: AbortController;
}

/** While the person is in the lobby, a visit of the room: so that joining is a matter of one round trip. */
export class LobbyVisit {
  /** How many are in the call; undefined where that is not known. */
  readonly others = new Store<number | undefined>(undefined);
  #current: Current | undefined;

  /** @param open makes one with that password */
  start(password: string | undefined, open: () => Promise<CallVisit>): void {
    if (this.#current !== undefined) return;
    const listening = new AbortController();
    // What is wrong is told when the person joins.
    const visit = open().catch(() => undefined);
    this.#current = { password, listening, visit };
    void visit.then((opened) => {
      const follow = (): void => {
        const state = opened?.state;
        this.others.set(state?.status === 'ready' ? state.others : undefined);
      };
      if (listening.signal.aborted) return;
      opened?.on('state', follow, { signal: listening.signal });
      follow();
    });
  }

  /** @returns the visit, for whoever joins with that password; undefined where there is none */
  async take(password: string | undefined): Promise<CallVisit | undefined> {
    const current = this.#end();
    const visit = await current?.visit;
    if (current?.password === password) return visit;
    await visit?.leave();
    return undefined;
  }

  stop(): void {
    void this.#end()?.visit.then((visit) => visit?.leave());
  }

  #end(): Current | undefined {
    const current = this.#current;
    current?.listening.abort();
    this.#current = undefined;
    this.others.set(undefined);
    return current;
  }
}
