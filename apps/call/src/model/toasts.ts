import { Store, type ReadableStore } from './store.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'warning';
  /** What it is about, where it can become stale before its time. */
  readonly topic: 'chat' | 'mute-request' | undefined;
  /** What the person may do about it, with one press. */
  readonly action: ToastAction | undefined;
  readonly shownMs: number;
}

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** Long enough to read two lines at leisure. */
export const TOAST_SHOWN_MS = 5_000;

/** Long enough to read, to find the button, and to get there by keyboard. */
export const TOAST_WITH_ACTION_SHOWN_MS = 15_000;

/** Behind this many the oldest that wait are dropped: news that old is none any more. */
export const TOASTS_WAITING_MAX = 3;

/** One toast at a time, in turn. The clock that ends each belongs to who shows it (it may pause). */
export class Toasts implements ReadableStore<Toast | undefined> {
  readonly #shown = new Store<Toast | undefined>(undefined);
  #waiting: Toast[] = [];
  #lastId = 0;

  readonly get = (): Toast | undefined => this.#shown.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#shown.subscribe(listener);

  show(text: string, tone: Toast['tone'] = 'info', topic?: Toast['topic']): void {
    const toast = { text, tone, topic, action: undefined, shownMs: TOAST_SHOWN_MS };
    this.#lastId += 1;
    this.#waiting = [...this.#waiting, { ...toast, id: this.#lastId }].slice(-TOASTS_WAITING_MAX);
    if (this.#shown.get() === undefined) this.#next();
  }

  /** Asks something of the person: goes before all news, and in place of an older one on its topic. */
  ask(text: string, topic: NonNullable<Toast['topic']>, action: ToastAction): void {
    this.#waiting = this.#waiting.filter((toast) => toast.topic !== topic);
    const shown = this.#shown.get();
    if (shown !== undefined && shown.topic !== topic) this.#waiting.unshift(shown);
    this.#lastId += 1;
    const shownMs = TOAST_WITH_ACTION_SHOWN_MS;
    this.#shown.set({ id: this.#lastId, text, tone: 'info', topic, action, shownMs });
  }

  /** Drops everything on a topic: the person has seen to it. */
  dropTopic(topic: Toast['topic']): void {
    this.#waiting = this.#waiting.filter((toast) => toast.topic !== topic);
    if (this.#shown.get()?.topic === topic) this.#next();
  }

  /** Ends the toast with this id, where it is the one shown, and shows the next. */
  dismiss(id: number): void {
    if (this.#shown.get()?.id === id) this.#next();
  }

  #next(): void {
    this.#shown.set(this.#waiting.shift());
  }
}
