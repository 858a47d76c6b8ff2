import type { IdentityStore, Remembered } from 'peerline';
import { cleanName } from './names.ts';
import { Store, type ReadableStore } from './store.ts';

/** Who was verified in this browser, as far as anyone has looked. */
export type KnownPeopleState =
  | { readonly status: 'not-read' }
  /** This browser keeps nothing, as in some private windows. */
  | { readonly status: 'unavailable' }
  | { readonly status: 'read'; readonly people: readonly Remembered[] };

/** The people whose words were compared from this browser, for calls to know them by and for the settings. */
export class KnownPeople implements ReadableStore<KnownPeopleState> {
  readonly #store = new Store<KnownPeopleState>({ status: 'not-read' });
  readonly #open: () => Promise<IdentityStore>;
  #opened: Promise<IdentityStore | undefined> | undefined;

  /** @param open loads and opens what they are kept in; asked when first needed */
  constructor(open: () => Promise<IdentityStore>) {
    this.#open = open;
  }

  readonly get = (): KnownPeopleState => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** What a call keeps them in; undefined where nothing can be kept, and a call goes without. */
  identities(): Promise<IdentityStore | undefined> {
    this.#opened ??= this.#open().catch(() => {
      // A disk that is full now may not be later.
      this.#opened = undefined;
      return undefined;
    });
    return this.#opened;
  }

  async refresh(): Promise<void> {
    const identities = await this.identities();
    try {
      const people = await identities?.all();
      this.#store.set(
        people === undefined
          ? { status: 'unavailable' }
          : {
              status: 'read',
              people: people
                .map((one) => ({ ...one, label: cleanName(one.label) }))
                .toSorted((one, other) => at(other) - at(one)),
            },
      );
    } catch {
      this.#store.set({ status: 'unavailable' });
    }
  }

  async forget(id: string): Promise<void> {
    await this.#change((identities) => identities.remove(id));
  }

  async forgetAll(): Promise<void> {
    await this.#change((identities) => identities.clear());
  }

  async #change(act: (identities: IdentityStore) => Promise<void>): Promise<void> {
    const identities = await this.identities();
    // What cannot be changed is still there, and shown.
    if (identities !== undefined) await act(identities).catch(() => undefined);
    await this.refresh();
  }
}

/** When something was last heard of someone. */
function at(one: Remembered): number {
  return one.kind === 'verified' ? one.seenAtMs : one.deniedAtMs;
}
