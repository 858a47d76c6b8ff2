import type { Knock, PeerId, RoomAccess, RoomAdmission, RoomLink, Source } from 'peerline';
import { cleanName, GUEST_NAME } from './names.ts';
import { Store, type ReadableStore } from './store.ts';

/** Someone at the door. */
export interface WaitingPerson {
  readonly id: string;
  readonly name: string;
}

/** Who decides about the door. */
export type Host = { readonly who: 'me' } | { readonly who: 'other'; readonly id: PeerId };

/** Who may join, who decides that, and who asks to. */
export interface AdmissionView {
  readonly access: RoomAccess;
  readonly hasPassword: boolean;
  /** How many the room takes, oneself included. */
  readonly capacity: number;
  readonly host: Host;
  /** In the order in which they came. Empty for all but the host. */
  readonly waiting: readonly WaitingPerson[];
}

export interface AdmissionHooks {
  /** Someone new asks to be let in. */
  knocked(): void;
  becameHost(): void;
  /** The room has another link from now on: someone was removed. */
  moved(link: RoomLink): void;
  askedToMute(by: PeerId, source: Source): void;
  /** The person set another password, or undefined for none. */
  passwordChanged(password: string | undefined): void;
  /** What the person asked for did not come about. */
  failed(text: string): void;
}

/** Sizes to choose from; a mesh of more than the last one is nothing to offer. */
const SIZES = [2, 3, 4, 6, 8, 12, 16, 24, 32] as const;

/** The door of a call: what the host decides, and what everyone may know of it. */
export class Admission implements ReadableStore<AdmissionView> {
  readonly #port: RoomAdmission;
  readonly #hooks: AdmissionHooks;
  readonly #store: Store<AdmissionView>;
  /** Answered here, while the answer is under way: nobody is to press twice. */
  readonly #answered = new Set<string>();
  readonly #ended = new AbortController();

  constructor(port: RoomAdmission, hooks: AdmissionHooks) {
    this.#port = port;
    this.#hooks = hooks;
    this.#store = new Store(this.#read());
    const { signal } = this.#ended;
    port.on('access', () => this.#refresh(), { signal });
    port.on('host', () => this.#hostChanged(), { signal });
    port.on('knock', (knock) => this.#knocked(knock), { signal });
    port.on('knockended', ({ id }) => this.#knockEnded(id), { signal });
    port.on('link', (link) => hooks.moved(link), { signal });
    port.on('muterequest', ({ from, source }) => hooks.askedToMute(from, source), { signal });
  }

  readonly get = (): AdmissionView => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  dispose(): void {
    this.#ended.abort();
  }

  admit(id: string): void {
    void this.#answer(id, (knock) => knock.admit());
  }

  decline(id: string): void {
    void this.#answer(id, (knock) => knock.decline());
  }

  /** Lets in everyone who is seen to wait now; who comes later is asked about anew. */
  admitAll(): void {
    for (const { id } of this.get().waiting) this.admit(id);
  }

  setAccess(access: RoomAccess): Promise<void> {
    return this.#change(() => this.#port.setAccess(access));
  }

  /** @param password undefined for none */
  setPassword(password: string | undefined): Promise<void> {
    return this.#change(async () => {
      await this.#port.setPassword(password);
      this.#hooks.passwordChanged(password);
    });
  }

  setCapacity(capacity: number): Promise<void> {
    return this.#change(() => this.#port.setCapacity(capacity));
  }

  /** Puts someone out for good: the room gets another link, which that person does not learn. */
  async remove(peer: PeerId): Promise<void> {
    try {
      await this.#port.remove(peer);
    } catch {
      this.#hooks.failed('Removing did not work. Try again.');
    }
  }

  async askToMute(peer: PeerId): Promise<void> {
    try {
      await this.#port.requestMute(peer);
    } catch {
      this.#hooks.failed('They could not be asked just now. Try again.');
    }
  }

  /** Sizes to choose from, the present one among them. */
  sizes(): readonly number[] {
    const { capacity, capacityMax } = this.#port;
    const offered = new Set([...SIZES.filter((size) => size < capacityMax), capacityMax, capacity]);
    return [...offered].toSorted((a, b) => a - b);
  }

  async #answer(id: string, send: (knock: Knock) => Promise<void>): Promise<void> {
    const knock = this.#port.waiting.find((one) => one.id === id);
    if (knock === undefined || this.#answered.has(id)) return;
    this.#answered.add(id);
    this.#refresh();
    try {
      await send(knock);
    } catch {
      this.#answered.delete(id);
      this.#refresh();
      this.#hooks.failed('The answer did not get through. Try again.');
    }
  }

  async #change(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch {
      this.#hooks.failed('That could not be changed. Try again.');
    }
    this.#refresh();
  }

  #knocked(knock: Knock): void {
    // The same person may come again.
    this.#answered.delete(knock.id);
    this.#refresh();
    this.#hooks.knocked();
  }

  #knockEnded(id: string): void {
    this.#answered.delete(id);
    this.#refresh();
  }

  #hostChanged(): void {
    const before = this.get().host.who;
    this.#refresh();
    if (before !== 'me' && this.get().host.who === 'me') this.#hooks.becameHost();
  }

  #refresh(): void {
    this.#store.set(this.#read());
  }

  #read(): AdmissionView {
    const { access, hasPassword, capacity, waiting } = this.#port;
    return {
      access,
      hasPassword,
      capacity,
      host: this.#host(),
      waiting: waiting
        .filter(({ id }) => !this.#answered.has(id))
        .map(({ id, name }) => ({ id, name: cleanName(name) || GUEST_NAME })),
    };
  }

  #host(): Host {
    const { host, isHost } = this.#port;
    if (isHost) return { who: 'me' };
    return { who: 'other', id: host };
  }
}
