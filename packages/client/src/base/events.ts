/** Events by name, each with what its listeners are given. */
export interface TypedEvents<E> {
  /**
   * Listens until the returned function is called, or the signal aborts. Where an event describes
   * things that are there (peers, tracks), those present are replayed to the new listener at once.
   */
  on<K extends keyof E & string>(
    type: K,
    listener: (detail: E[K]) => void,
    options?: ListenOptions,
  ): () => void;
}

export interface ListenOptions {
  readonly signal?: AbortSignal | undefined;
  /** The listener is called once, then removed. */
  readonly once?: boolean;
}

/** What is replayed to a new listener, by event. */
export type Replays<E> = { readonly [K in keyof E]?: () => Iterable<E[K]> };

type Listeners<E> = { [K in keyof E]?: Set<(detail: E[K]) => void> };

/**
 * Typed listeners with the manners of an `EventTarget`: adding twice is adding once, an
 * `AbortSignal` removes, and a listener that throws is reported and keeps nobody else from hearing.
 */
export class Emitter<E> implements TypedEvents<E> {
  readonly #listeners: Listeners<E> = {};
  /** For subclasses whose events describe things that are there. */
  protected readonly replays: Replays<E> = {};

  on<K extends keyof E & string>(
    type: K,
    listener: (detail: E[K]) => void,
    options: ListenOptions = {},
  ): () => void {
    const { signal, once = false } = options;
    if (signal?.aborted === true) return () => undefined;
    const listeners = (this.#listeners[type] ??= new Set<(detail: E[K]) => void>());
    const heard = once
      ? (detail: E[K]): void => {
          off();
          listener(detail);
        }
      : listener;
    const off = (): void => {
      listeners.delete(heard);
      signal?.removeEventListener('abort', off);
    };
    listeners.add(heard);
    signal?.addEventListener('abort', off);
    for (const present of [...(this.replays[type]?.() ?? [])]) {
      if (listeners.has(heard)) heard(present);
    }
    return off;
  }

  /** For the owner of the object: tells the listeners. */
  emit<K extends keyof E & string>(type: K, detail: E[K]): void {
    // A copy, since a listener may remove itself or others while it is told.
    for (const listener of [...(this.#listeners[type] ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
