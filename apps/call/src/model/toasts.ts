import { Store, type ReadableStore } from './store.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'warning';
  /** What it is about, where it can become stale before its time. */
  readonly topic: 'chat' | undefined;
}

/** Long enough to read two lines at leisure. */
export const TOAST_SHOWN_MS = 5_000;

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
    this.#lastId += 1;
    const toast: Toast = { id: this.#lastId, text, tone, topic };
    if (this.#shown.get() === undefined) {
      this.#shown.set(toast);
      return;
    }
    this.#waiting = [...this.#waiting, toast].slice(-TOASTS_WAITING_MAX);
  }

  /** Drops everything on a topic: the person has seen to it. */
  dropTopic(topic: Toast['topic']): void {
    this.#waiting = this.#waiting.filter((toast) => toast.topic !== topic);
    const shown = this.#shown.get();
    if (shown?.topic === topic) this.#shown.set(this.#waiting.shift());
  }

  /** Ends the toast with this id, where it is the one shown, and shows the next. */
  dismiss(id: number): void {
    if (this.#shown.get()?.id !== id) return;
    this.#shown.set(this.#waiting.shift());
  }
}
